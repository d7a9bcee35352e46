"""What an alert says: one written message for each variant of its test and each language it is complete in."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.messages.blocks import WORDED, Ask, Kind, Part, button_part, drawn
from campaigns.messages.rich_text import has_words, literal
from campaigns.models import ActionAlert, AlertBlock, CallToAction
from mailing.identity import SenderIdentity, sender_identity
from mailing.models import MailingContent
from mailing.services import Written

ENGLISH, SPANISH = MailingContent.Language.ENGLISH.value, MailingContent.Language.SPANISH.value
A, B = MailingContent.Variant.A.value, MailingContent.Variant.B.value
# The engine fills these for each recipient.
_ENGINE = ("unsubscribe_url", "preferences_url", "view_url", "why_url")


@dataclass(frozen=True)
class AlertContents:
    """An alert before it is compiled. `personal_links` are those that tell the page who comes."""

    contents: list[Written]
    personal_links: tuple[str, ...]

    def get(self, variant: str, language: str) -> Written:
        """The message somebody of this group and language gets: English where there is no other."""
        by_kind = {(one.variant, one.language): one for one in self.contents}
        for wanted in ((variant, language), (variant, ENGLISH)):
            if wanted in by_kind:
                return by_kind[wanted]
        return by_kind[A, ENGLISH]


def build_contents(alert: ActionAlert) -> AlertContents:
    """The alert's messages, with merge fields and the mail engine's own slots still open."""
    blocks, url, sender = list(alert.blocks.all()), action_address(alert), sender_identity()
    contents = [
        _written(alert, blocks, sender, variant=variant, language=language)
        for variant in variants(alert)
        for language in languages(alert, blocks)
    ]
    return AlertContents(contents=contents, personal_links=(url,))


def action_address(alert: ActionAlert) -> str:
    """Where the alert's button leads; the source code counts what the alert brought."""
    return f"{settings.SITE_URL}{alert.call_to_action.get_absolute_url()}?source=alert-{alert.pk}"


def variants(alert: ActionAlert) -> list[str]:
    """The variants of the alert's test; without one, the only one there is."""
    return [A, B] if alert.test else [A]


def languages(alert: ActionAlert, blocks: Sequence[AlertBlock]) -> list[str]:
    """English, and Spanish once everything that is said is there in Spanish too."""
    return [ENGLISH] if missing_spanish(alert, blocks) else [ENGLISH, SPANISH]


def missing_spanish(alert: ActionAlert, blocks: Sequence[AlertBlock]) -> list[str]:
    """What keeps the alert from being written in Spanish, in words for staff; an empty list means nothing."""
    missing = []
    if not alert.subject_es.strip():
        missing.append(_("the subject"))
    if alert.test == ActionAlert.Test.SUBJECT and not alert.test_subject_es.strip():
        missing.append(_("the subject of variant B"))
    for number, block in enumerate(blocks, start=1):
        if block.kind in WORDED and has_words(block.text) and not has_words(block.text_es):
            missing.append(_("block %(n)d, %(kind)s") % {"n": number, "kind": block.get_kind_display()})
    return missing


def has_spanish(alert: ActionAlert, blocks: Sequence[AlertBlock]) -> bool:
    """Whether anybody has begun to write the alert in Spanish."""
    started = [alert.subject_es, alert.preheader_es, alert.test_subject_es]
    return any(map(str.strip, started)) or any(
        has_words(block.text_es) or block.label_es.strip() for block in blocks
    )


def subject_of(alert: ActionAlert, *, variant: str, language: str) -> str:
    """The subject line of one variant in one language, merge fields still open."""
    pairs = [(alert.subject, alert.subject_es)]
    if variant == B and alert.test == ActionAlert.Test.SUBJECT:
        pairs.insert(0, (alert.test_subject, alert.test_subject_es))
    subjects = [spanish if language == SPANISH else english for english, spanish in pairs]
    return next((line for line in (" ".join(subject.split()) for subject in subjects) if line), "")


def preheader_of(alert: ActionAlert, language: str) -> str:
    """The line after the subject. None is better than one in the wrong language."""
    return " ".join((alert.preheader_es if language == SPANISH else alert.preheader).split())


def blocks_of(alert: ActionAlert, blocks: Sequence[AlertBlock], variant: str) -> list[AlertBlock]:
    """The blocks one variant shows. Without a test of contents, that is what variant A shows."""
    shown = variant if alert.test == ActionAlert.Test.CONTENT else A
    return [block for block in blocks if block.shown in {"", shown}]


def write(
    *,
    subject: str,
    preheader: str,
    parts: Sequence[Part],
    reason: str,
    sender: SenderIdentity | None = None,
    variant: str = A,
    language: str = ENGLISH,
    statement: str = "",
) -> Written:
    """A message of drawn parts in the coalition's frame; `statement` is what readers put their name to.

    The frame's own words come in the language that is active: call it inside of `translation.override`.
    """
    context = {
        "subject": subject,
        "preheader": preheader,
        "parts": parts,
        "reason": reason,
        "statement": statement,
        "statement_heading": _("What you put your name to:"),
        # Calls to action are written in English; a screen reader should know where it changes.
        "statement_lang": "" if language == ENGLISH else ENGLISH,
        "sender": sender or sender_identity(),
    }
    context |= {name: f"{{{{ {name} }}}}" for name in _ENGINE}
    return Written(
        subject=subject,
        text=render_to_string("campaigns/email/alert.txt", context).strip() + "\n",
        html=render_to_string("campaigns/email/alert.html", context),
        variant=variant,
        language=language,
    )


def _written(
    alert: ActionAlert, blocks: Sequence[AlertBlock], sender: SenderIdentity, *, variant: str, language: str
) -> Written:
    with translation.override(language):
        return write(
            subject=subject_of(alert, variant=variant, language=language),
            preheader=preheader_of(alert, language),
            parts=_parts(alert, blocks_of(alert, blocks, variant), language),
            reason=_reason(alert, sender),
            sender=sender,
            variant=variant,
            language=language,
            statement=literal(alert.call_to_action.statement),
        )


def _parts(alert: ActionAlert, blocks: Sequence[AlertBlock], language: str) -> list[Part]:
    """The blocks drawn. The first button says the deadline; a message without a button gets one at its end."""
    call = alert.call_to_action
    ask = Ask(url=action_address(alert), label=call.act_label, deadline=_deadline(call))
    parts = []
    for block in blocks:
        if part := drawn(block, language=language, ask=ask):
            parts.append(part)
            if block.kind == Kind.BUTTON:
                ask = Ask(ask.url, ask.label)
    return parts if any(block.kind == Kind.BUTTON for block in blocks) else [*parts, button_part(ask)]


def _deadline(call: CallToAction) -> str:
    """By when to act; nothing for the call that takes stories at any time."""
    if call.is_standing:
        return ""
    pattern = pgettext("date format: Thursday, March 5, 2026, 2:00 p.m.", "l, F j, Y, g:i a")
    moment = date_format(timezone.localtime(call.closes_at), pattern)
    return _("Please act by %(moment)s (Chicago time).") % {"moment": moment}


def _reason(alert: ActionAlert, sender: SenderIdentity) -> str:
    name = {"name": sender.name}
    if alert.include_subscribers:
        return (
            _(
                "You get this because you belong to a partner organization of %(name)s, "
                "or because you asked us for action alerts."
            )
            % name
        )
    return _("You get this because you belong to a partner organization of %(name)s.") % name
