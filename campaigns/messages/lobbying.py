"""A suggestion for the accountant's class of an alert, with its reason. Staff decide.

Source: 26 CFR 56.4911-2 (what lobbying is) and 56.4911-5 (messages to an organization's own members).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from campaigns.models import ActionAlert, AlertBlock, CallToAction
from legislation.models import Legislator

_BILL = re.compile(
    r"\b(?:HB|SB|HR|SR|HJR|SJR|HJRCA|SJRCA)\s?-?\d{1,5}\b"
    r"|\b(?:House|Senate)\s+(?:Bill|Resolution|Joint\s+Resolution)\s+\d{1,5}\b",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"\b(?:Senator|Representative|Sen\.|Rep\.|Speaker|Governor)\s+[A-Z][\w.'’-]+(?:\s+[A-Z][\w.'’-]+)*"
)
_MERGED = re.compile(r"\{\{\s*(?:&nbsp;)?\s*(representative|senator)\b")


@dataclass(frozen=True)
class Suggestion:
    """What an alert looks like to the tax law, and why in one sentence."""

    lobbying: ActionAlert.Lobbying
    words: str

    @property
    def label(self) -> str:
        return str(self.lobbying.label)


def suggest_lobbying(alert: ActionAlert, blocks: Sequence[AlertBlock], *, public: bool) -> Suggestion:
    """The class an alert seems to have; `public` says whether it goes to others than partners' people."""
    named = _named(_everything_said(alert, blocks))
    if not named:
        return Suggestion(
            ActionAlert.Lobbying.NONE,
            _("It names no bill and no legislator, so it does not read as lobbying."),
        )
    if alert.call_to_action.kind == CallToAction.Kind.PLEDGE:
        return Suggestion(
            ActionAlert.Lobbying.NONE,
            _("It names %(what)s, but asks for a pledge of the reader's own and not to sway a lawmaker.")
            % {"what": named},
        )
    if public:
        return Suggestion(
            ActionAlert.Lobbying.GRASSROOTS,
            _(
                "It names %(what)s, asks people to act, and also goes to the public: "
                "that is a call to the public to lobby (26 CFR 56.4911-2)."
            )
            % {"what": named},
        )
    return Suggestion(
        ActionAlert.Lobbying.DIRECT,
        _(
            "It names %(what)s and asks people to act, but goes to people of partner organizations only: "
            "a message to members that asks them to lobby counts as direct lobbying (26 CFR 56.4911-5)."
        )
        % {"what": named},
    )


def _everything_said(alert: ActionAlert, blocks: Sequence[AlertBlock]) -> str:
    call = alert.call_to_action
    parts = [alert.subject, alert.preheader, alert.test_subject, call.title, call.ask, call.statement]
    parts += [call.why, *(block.text for block in blocks), *(block.label for block in blocks)]
    return "\n".join(strip_tags(part.replace("</p>", "</p>\n")) for part in parts)


def _named(text: str) -> str:
    """The bill or legislator a text names, as it is written there; empty when it names none."""
    if bill := _BILL.search(text):
        return bill[0]
    if _MERGED.search(text):
        return _("each reader's own legislator")
    if person := _TITLED.search(text):
        return person[0]
    names = Legislator.objects.filter(is_current=True).values_list("name", flat=True)
    return next((name for name in names if name and re.search(rf"\b{re.escape(name)}\b", text)), "")
