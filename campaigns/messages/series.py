"""What one message of a series says, in the frame that alerts have."""

import re

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.messages.blocks import Ask, button_part, text_part
from campaigns.messages.contents import ENGLISH, SPANISH, write
from campaigns.messages.merge import merge_field_problems
from campaigns.messages.rich_text import has_words
from campaigns.models import Series, SeriesStep
from mailing import services as mailing_services
from mailing.identity import sender_identity
from mailing.services import RenderedMessage, Written
from partners.models import Person

# What a series knows of everybody it writes to; subscribers have no organization.
FIELDS = frozenset({"first_name", "last_name", "organization"})
_FIELD = re.compile(r"\{\{(?:\s|&nbsp;)*([a-z_]+)")


def step_contents(step: SeriesStep) -> list[Written]:
    """The message in English, and in Spanish once its subject and text are there in Spanish."""
    languages = [ENGLISH, SPANISH] if step.subject_es.strip() and has_words(step.body_es) else [ENGLISH]
    return [_written(step, language) for language in languages]


def step_problems(step: SeriesStep) -> list[str]:
    """What keeps a message of a series from going out, in words for staff."""
    problems = []
    if not has_words(step.body):
        problems.append(_("The message has no text."))
    for text in (step.subject, step.subject_es, step.body, step.body_es):
        problems += merge_field_problems(text)
        if unknown := sorted(set(_FIELD.findall(text)) - FIELDS):
            problems.append(
                _("A series knows of its readers only %(known)s, not %(unknown)s.")
                % {"known": ", ".join(sorted(FIELDS)), "unknown": ", ".join(unknown)}
            )
    if step.button_label.strip() and not step.button_path.strip():
        problems.append(_("The button needs the page it opens."))
    return list(dict.fromkeys(problems))


def preview_step(step: SeriesStep, *, slots: dict[str, str], language: str = ENGLISH) -> RenderedMessage:
    """The message as somebody with these merge fields gets it. Raises `CompileError`."""
    contents = {written.language: written for written in step_contents(step)}
    written = contents.get(language, contents[ENGLISH])
    return mailing_services.render_preview(
        subject=written.subject, text=written.text, html=written.html, slots=slots
    )


def why_words(series: Series, organization: str = "") -> str:
    """Why somebody gets the series, in the active language, as the page "Why did I get this" says it."""
    if series.trigger == Series.Trigger.SUBSCRIBED:
        return _("You asked us for “%(topic)s”. This message follows such a sign-up.") % {
            "topic": series.topic
        }
    if organization:
        return _("You became a member of %(organization)s. This message follows everybody's joining.") % {
            "organization": organization
        }
    return _("You became a member of a partner organization. This message follows everybody's joining.")


def sample_slots(person: Person | None) -> dict[str, str]:
    """Merge fields for a preview: somebody's own first and last name, or nothing known at all."""
    return {"first_name": person.first_name, "last_name": person.last_name} if person else {}


def _written(step: SeriesStep, language: str) -> Written:
    spanish = language == SPANISH
    with translation.override(language):
        parts = [text_part(step.body_es if spanish else step.body)]
        label = (step.button_label_es if spanish else "").strip() or step.button_label.strip()
        if label:
            parts.append(button_part(Ask(url=f"{settings.SITE_URL}{step.button_path}", label=label)))
        return write(
            subject=" ".join((step.subject_es if spanish else step.subject).split()),
            preheader="",
            parts=parts,
            reason=_reason(step.series),
            language=language,
        )


def _reason(series: Series) -> str:
    if series.trigger == Series.Trigger.SUBSCRIBED:
        return _("You get this because you signed up for “%(topic)s”.") % {"topic": series.topic}
    return _("You get this because you joined a partner organization of %(name)s.") % {
        "name": sender_identity().name
    }
