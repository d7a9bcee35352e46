"""The mails about what people follow. Nothing is written here.

Many people hear the same news: a message is rendered once and then made out to each reader, whose own part of it is
only the link that stops such mail.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.template import Context, Engine
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import gettext as _

from legislation.news import News
from legislation.slip_windows import day_words
from legislation.tokens import stop_token
from mailing.composing.message import sender_domain
from mailing.identity import SenderIdentity
from mailing.services import Draft, Precedence
from partners.models import User

# Stands in a rendered message where the reader's token goes.
_PLACE = "TOKEN-OF-THE-READER"


@dataclass(frozen=True)
class Rendered:
    """A message without a reader."""

    subject: str
    text: str
    html: str
    reply_to: str
    expires_at: datetime | None

    def to(self, user: User) -> Draft:
        """Made out to one person, with the headers that bulk mail owes its readers (RFC 2369 and 8058)."""
        token = stop_token(user.pk)
        return Draft(
            to=user.email,
            subject=self.subject,
            text=self.text.replace(_PLACE, token),
            html=self.html.replace(_PLACE, token),
            reply_to=self.reply_to,
            precedence=Precedence.NOTICE,
            expires_at=self.expires_at,
            headers={
                "List-Id": f"<following.{sender_domain()}>",
                "List-Unsubscribe": f"<{_stop_url(token)}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )


def immediate_notice(news: News, *, sender: SenderIdentity) -> Rendered:
    """Important news, as soon as we see it."""
    return _render("legislation/email/notice", news, news.subject, sender)


def digest(news: News, *, now: datetime, weekly: bool, sender: SenderIdentity) -> Rendered:
    """The rest, once a day or once a week."""
    subject = (
        _("Your week in Springfield: %(day)s") if weekly else _("What you follow in Springfield: %(day)s")
    )
    number = len(news.hearings) + len(news.bills)
    subject %= {"day": day_words(now)}
    return _render("legislation/email/digest", news, subject, sender, weekly=weekly, number=number)


def _stop_url(token: str) -> str:
    """Where the mail about what a person follows is stopped, without signing in."""
    return settings.SITE_URL + reverse("legislation:stop_following_mail", args=[token])


def _render(template: str, news: News, subject: str, sender: SenderIdentity, **more: object) -> Rendered:
    """Both parts from `<template>.html` and `<template>.txt`; only the HTML part is escaped."""
    context = {
        "news": news,
        "sender": sender,
        "subject_line": subject,
        "site": settings.SITE_URL,
        "preferences_url": settings.SITE_URL + reverse("my_legislation:following"),
        "unsubscribe_url": _stop_url(_PLACE),
    } | more
    plain = Engine.get_default().get_template(f"{template}.txt").render(Context(context, autoescape=False))
    return Rendered(
        subject=" ".join(subject.split())[:200],
        text=re.sub(r"\n{3,}", "\n\n", plain).strip() + "\n",
        html=get_template(f"{template}.html").render(context),
        reply_to=sender.reply_to,
        expires_at=news.expires_at,
    )
