"""A call for witness slips in a frame: what somebody pledges there, to file it on the official site."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from campaigns.kinds.base import DetailsForm
from campaigns.models import CallToAction
from campaigns.slip_asks import asks_of
from legislation.slip_windows import SlipWindow, slip_window

# Before the window opens people may say that they will file; afterwards nobody can.
PLEDGED_WHILE = frozenset({"not_posted", "open", "closing"})


class FramePledgeForm(DetailsForm):
    """“I will file it”, of a stranger, who can only speak for themself."""

    def details(self) -> dict[str, Any]:
        return {"pledge": True}


def is_pledge(details: Mapping[str, Any]) -> bool:
    """Whether an answer that waits says “I will file it”, and not yet “I filed it”."""
    return details.get("pledge") is True


def window_of(call: CallToAction) -> SlipWindow | None:
    """The window of the call's hearing at this moment; none where the hearing is gone."""
    return slip_window(call.hearing, timezone.now()) if call.hearing else None


def can_be_pledged(call: CallToAction) -> bool:
    """Whether the documents of the call stand on a notice whose slips can be filed now or soon."""
    window = window_of(call)
    return window is not None and window.state in PLEDGED_WHILE and bool(asks_of(call))


def why_not(call: CallToAction) -> str:
    """Why nobody can pledge, in words for people."""
    window = window_of(call)
    if window is None:
        return _("The hearing of this call is not known any more. Staff are on it.")
    if window.state not in PLEDGED_WHILE:
        return window.rule
    return _("The documents of this call are no longer on the hearing's notice.")


def frame_context(call: CallToAction) -> dict[str, Any]:
    """The hearing, its window, and what to file."""
    return {"hearing": call.hearing, "window": window_of(call), "asks": asks_of(call)}


def summary(call: CallToAction) -> list[tuple[str, str]]:
    """What a stranger is about to pledge, as label and value."""
    positions = [(ask.document.label, str(capfirst(ask.get_position_display()))) for ask in asks_of(call)]
    return [(_("What you say"), _("I will file it")), *positions, (_("On whose behalf"), _("Myself"))]
