"""An alert as one person will get it, for the desk's preview and for tests by mail."""

from dataclasses import dataclass

from campaigns.audience import Audience
from campaigns.merge_fields import MERGE_FIELDS
from campaigns.messages.contents import ENGLISH, A, build_contents, preheader_of
from campaigns.models import ActionAlert
from mailing import services as mailing_services
from mailing.services import RenderedMessage
from partners.models import Person

_DARK_RULES = "@media (prefers-color-scheme: dark)"
_SCHEMES = "color-scheme: light dark"


@dataclass(frozen=True)
class Preview:
    """One rendered message. `light_html` and `dark_html` keep their scheme whatever the computer prefers."""

    message: RenderedMessage
    preheader: str
    variant: str
    language: str

    @property
    def light_html(self) -> str:
        return self._forced("@media not all", "color-scheme: light")

    @property
    def dark_html(self) -> str:
        return self._forced("@media all", "color-scheme: dark")

    @property
    def kilobytes(self) -> float:
        """Size of the HTML part, which mail programs measure, in KB of 1,000 bytes."""
        return len(self.message.html.encode()) / 1000

    def _forced(self, rules: str, scheme: str) -> str:
        return self.message.html.replace(_DARK_RULES, rules).replace(_SCHEMES, scheme)


def preview_alert(
    alert: ActionAlert, *, person: Person | None, variant: str = A, language: str = ENGLISH
) -> Preview:
    """The alert as `person` gets it; with nobody given, as a subscriber does of whom we know only the address.

    An alert that was approved is shown as it was compiled then, whatever its call to action says today. Raises
    `CompileError` where a merge field cannot be filled, and `BadRules` where the audience makes no sense.
    """
    slots, known = Audience.of(alert).slots(person) if person else {}, list(MERGE_FIELDS)
    if alert.mailing is not None:
        message = mailing_services.render_sent_preview(
            mailing=alert.mailing, slots=slots, variant=variant, language=language
        )
    else:
        written = build_contents(alert).get(variant, language)
        variant, language = written.variant, written.language
        message = mailing_services.render_preview(
            subject=written.subject, text=written.text, html=written.html, slots=slots, known=known
        )
    line = mailing_services.render_preview(
        subject=preheader_of(alert, language), text="", html="", slots=slots
    ).subject
    return Preview(message, line, variant, language)
