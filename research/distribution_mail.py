"""An announcement of a report as the mail engine takes it: what it says, and the SELECT of who gets it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from mailing.identity import sender_identity
from mailing.services import RecipientSelect, RenderedMessage, Written, render_preview, render_sent_preview
from partners.html import clean_html
from partners.plain_text import plain_text
from research.models import Announcement, DistributionStep, Report

Readers = Announcement.Readers
# Merge fields that staff may write; empty where we do not know the person.
MERGE_FIELDS = ("first_name", "organization")
# The mail engine fills these for each recipient.
_ENGINE = ("unsubscribe_url", "preferences_url", "view_url", "why_url")
_REASONS: dict[str, str | Promise] = {
    Readers.SUBSCRIBERS: gettext_lazy("You get this because you subscribed to “{topic}”."),
    Readers.CONTACTS: gettext_lazy(
        "You get this because you are the primary contact of {organization}, a partner of the coalition."
    ),
}

_SUBSCRIBERS = """
SELECT person.id, NULL::bigint, word.email::text, ''::text,
       jsonb_strip_nulls(jsonb_build_object('first_name', nullif(person.first_name, ''), '_why', %s::text))
FROM mailing_subscription AS word
LEFT JOIN partners_person AS person ON lower(person.email) = word.email
WHERE word.topic_id = %s AND word.state = 'subscribed'
"""
# Who is primary contact of several partners gets one message, for the one they have been with longest.
_CONTACTS = """
SELECT DISTINCT ON (person.id) person.id, organization.id, person.email::text, ''::text,
       jsonb_strip_nulls(jsonb_build_object('first_name', nullif(person.first_name, ''),
           'organization', organization.name, '_why', replace(%s::text, '{organization}', organization.name)))
FROM partners_membership AS membership
JOIN partners_organization AS organization
  ON organization.id = membership.organization_id AND organization.status = 'active'
JOIN partners_person AS person ON person.id = membership.person_id
WHERE membership.role = 'primary_contact' AND membership.ended_on IS NULL
ORDER BY person.id, membership.started_on, membership.id
"""


@dataclass(frozen=True)
class Preview:
    """The message as somebody of whom we know these values gets it. Both schemes can be looked at on any computer."""

    message: RenderedMessage

    @property
    def light_html(self) -> str:
        return self._forced("@media not all", "color-scheme: light")

    @property
    def dark_html(self) -> str:
        return self._forced("@media all", "color-scheme: dark")

    def _forced(self, rules: str, scheme: str) -> str:
        html = self.message.html.replace("@media (prefers-color-scheme: dark)", rules)
        return html.replace("color-scheme: light dark", scheme)


def report_address(report: Report, source_code: str = "") -> str:
    """The report's page as links of ours name it; the source code says by which step somebody came."""
    query = f"?{urlencode({'from': source_code})}" if source_code else ""
    return f"{settings.SITE_URL}{report.get_absolute_url()}{query}"


def written(announcement: Announcement) -> Written:
    """The message, with merge fields and the mail engine's own slots still open."""
    step: DistributionStep = announcement.step
    report = step.report
    body = clean_html(announcement.body)
    context = {
        "subject": announcement.subject,
        "report": report,
        "embargo_until": report.embargo_until if report.is_embargoed else None,
        "body_html": body,
        "body_text": plain_text(body),
        "url": report_address(report, step.source_code),
        "reason": _reason(announcement).replace(
            "{organization}", "{{ organization|" + _("a partner") + " }}"
        ),
        "sender": sender_identity(),
    }
    context |= {name: f"{{{{ {name} }}}}" for name in _ENGINE}
    return Written(
        subject=announcement.subject,
        text=render_to_string("research/email/announcement.txt", context).strip() + "\n",
        html=render_to_string("research/email/announcement.html", context),
    )


def preview(announcement: Announcement, *, first_name: str = "", organization: str = "") -> Preview:
    """The message as one reader gets it, once it has gone out as it went out.

    Raises `CompileError` for a merge field that nobody fills.
    """
    slots = {"first_name": first_name, "organization": organization}
    if announcement.mailing is not None:
        return Preview(render_sent_preview(mailing=announcement.mailing, slots=slots))
    message = written(announcement)
    return Preview(
        render_preview(
            subject=message.subject,
            text=message.text,
            html=message.html,
            slots={name: value for name, value in slots.items() if value},
            known=MERGE_FIELDS,
        )
    )


def readers_select(announcement: Announcement) -> RecipientSelect:
    """Everybody the announcement is for. The mail engine itself leaves out who wants no mail."""
    if announcement.readers == Readers.CONTACTS:
        return RecipientSelect(_CONTACTS, (_reason(announcement),))
    return RecipientSelect(_SUBSCRIBERS, (_reason(announcement), announcement.topic_id))


def readers_count(announcement: Announcement) -> int:
    """How many people that is at this moment, before those are left out who want no mail."""
    select = readers_select(announcement)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({select.sql}) AS readers", list(select.params))  # noqa: S608 - our own SELECT
        return int(cursor.fetchone()[0])


def _reason(announcement: Announcement) -> str:
    with override("en"):
        words = str(_REASONS[announcement.readers])
        return words.replace("{topic}", announcement.topic.name)
