"""What an alert says, in HTML and in text from one source, and what would be wrong with it."""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from campaigns.models import ActionAlert, CallToAction
from campaigns.plain_text import links_in, plain_text
from mailing.identity import sender_identity

# What staff may write between double braces in an alert.
MERGE_FIELDS = ("first_name", "last_name", "organization")
_ITEM = re.compile(r"<li>\s*<p>((?:(?!</?p>|<ul>|<ol>).)*)</p>\s*</li>", re.DOTALL)
_MERGE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


@dataclass(frozen=True)
class AlertContent:
    """An alert before it is compiled. `personal_links` are those that tell the page who comes."""

    subject: str
    text: str
    html: str
    personal_links: tuple[str, ...]


def action_address(alert: ActionAlert) -> str:
    """Where the alert's button leads; the source code counts what the alert brought."""
    return f"{settings.SITE_URL}{alert.call_to_action.get_absolute_url()}?source=alert-{alert.pk}"


def build_content(alert: ActionAlert) -> AlertContent:
    """The alert's parts, with merge fields and the mail engine's own slots still open."""
    call, url = alert.call_to_action, action_address(alert)
    context = {
        "subject": alert.subject,
        "preheader": alert.preheader,
        "body": tight_lists(alert.body),
        "body_text": plain_text(alert.body),
        "call": call,
        "ask": _literal(call.ask),
        "statement": _literal(call.statement),
        "url": url,
        "label": call.act_label,
        "with_subscribers": alert.include_subscribers,
        "sender": sender_identity(),
        # The engine fills these per recipient.
        "unsubscribe_url": "{{ unsubscribe_url }}",
        "preferences_url": "{{ preferences_url }}",
        "view_url": "{{ view_url }}",
    }
    return AlertContent(
        subject=" ".join(alert.subject.split()),
        text=render_to_string("campaigns/email/alert.txt", context).strip() + "\n",
        html=render_to_string("campaigns/email/alert.html", context),
        personal_links=(url,),
    )


def merge_field_problems(text: str) -> list[str]:
    """What is wrong with the merge fields of a subject or a text, in words for staff."""
    problems = []
    for inside in _MERGE.findall(text):
        # The editor may turn the blanks inside of the braces into hard ones.
        name = inside.replace("&nbsp;", " ").strip()
        if name not in MERGE_FIELDS:
            shown = strip_tags(name).strip() or _("nothing")
            problems.append(
                _(
                    "“%(name)s” is not a merge field. "
                    "Write {{ first_name }}, {{ last_name }} or {{ organization }}."
                )
                % {"name": shown}
            )
    if _MERGE.sub("", text).count("{{") or _MERGE.sub("", text).count("}}"):
        problems.append(_("A merge field needs two braces on both sides, such as {{ first_name }}."))
    return problems


def link_problems(html: str) -> list[str]:
    """Links of rich text that would lead nowhere from a mail program."""
    problems = []
    for link in links_in(html):
        try:
            parts = urlsplit(link)
        except ValueError:
            parts = urlsplit("")
        whole = (parts.scheme in {"http", "https"} and parts.hostname) or (
            parts.scheme in {"mailto", "tel"} and parts.path
        )
        if not whole:
            problems.append(
                _("The link to “%(link)s” needs its whole address, beginning with https://.") % {"link": link}
            )
    return problems


def problems_before_sending(
    alert: ActionAlert, *, send_at: datetime, reached: int | None = None
) -> list[str]:
    """Everything that stands against sending the alert at `send_at`; an empty list means go."""
    call, problems = alert.call_to_action, []
    if call.status != CallToAction.Status.PUBLISHED:
        problems.append(_("The call to action is not published."))
    elif send_at < call.opens_at:
        problems.append(_("The call to action opens only after the alert would go out."))
    if send_at >= call.closes_at:
        problems.append(_("The call to action closes before the alert would go out."))
    if not plain_text(alert.body).strip():
        problems.append(_("The alert has no text."))
    if not alert.subject.strip():
        problems.append(_("The alert has no subject."))
    problems += merge_field_problems(alert.subject) + merge_field_problems(alert.preheader)
    problems += merge_field_problems(alert.body) + link_problems(alert.body)
    if reached is not None and reached <= 0:
        problems.append(_("The audience is empty: nobody would get the alert."))
    return problems


def tight_lists(html: str) -> str:
    """List items without a paragraph of their own, which the editor adds and mail programs space far apart."""
    return _ITEM.sub(r"<li>\1</li>", html)


def _literal(text: str) -> str:
    """Words of a call to action, in which double braces mean nothing."""
    return text.replace("{{", "{ {").replace("}}", "} }")
