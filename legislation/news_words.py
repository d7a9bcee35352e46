"""What happened to a bill, in sentences for people who follow it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from legislation.models import BillEvent
from legislation.models.bill import Stage

_Kind = BillEvent.Kind
# Names up to this number are told, more are counted.
NAMES_TOLD = 4


def news_lines(events: Iterable[BillEvent]) -> list[str]:
    """The changes of one bill in the order they were seen; sponsors who came and went in one line each."""
    lines: list[str] = []
    joined: list[str] = []
    left: list[str] = []
    for event in sorted(events, key=lambda event: (event.kind != _Kind.STAGE, event.observed_at, event.pk)):
        if event.kind == _Kind.SPONSOR_ADDED:
            joined.append(event.after)
        elif event.kind == _Kind.SPONSOR_REMOVED:
            left.append(event.before or event.after)
        elif not _is_about_sponsors(event):
            lines.append(news_words(event))
    if joined:
        lines.append(_joined(joined))
    if left:
        lines.append(_left(left))
    return list(dict.fromkeys(lines))


def news_words(event: BillEvent) -> str:
    """One change in words, such as `Now in committee (was introduced).`"""
    before, after = event.before, event.after
    match event.kind:
        case _Kind.STAGE:
            return _stage_words(before, after)
        case _Kind.ACTION:
            return " ".join(after.split())
        case _Kind.ACTION_REMOVED:
            return _("No longer printed: %(line)s") % {"line": before}
        case _Kind.SPONSOR_ADDED:
            return _joined([after])
        case _Kind.SPONSOR_REMOVED:
            return _left([before or after])
        case _Kind.SPONSOR_ROLE:
            return _("Sponsors: %(now)s (was %(was)s).") % {"now": after, "was": before}
        case _Kind.TITLE:
            return _("The title is now “%(title)s”.") % {"title": after}
        case _Kind.ROLL_CALL:
            return _("Vote: %(vote)s") % {"vote": after}
        case _Kind.ROLL_CALL_CORRECTED:
            return _("A vote was corrected: %(vote)s") % {"vote": after}
        case _Kind.DOCUMENT:
            return _("New text: %(name)s") % {"name": after}
        case _Kind.REPLACED:
            return _("An amendment replaces the whole text: %(name)s") % {"name": after}
        case _Kind.SYNOPSIS:
            return _("The General Assembly changed its summary of the bill.")
        case _Kind.ADDED:
            return _("It is new in our records.")
    return f"{event.get_kind_display()}: {after or before}".strip(": ")


def stage_words(event: BillEvent) -> str:
    """The stage that was reached, for a subject line."""
    return str(dict(Stage.choices).get(event.after, event.after))


def _is_about_sponsors(event: BillEvent) -> bool:
    """Whether a line of the history only says what the changes of sponsors say."""
    words = event.after.lower()
    return (
        event.kind == _Kind.ACTION
        and "sponsor" in words
        and words.startswith(("added", "removed", "remove "))
    )


def _stage_words(before: str, after: str) -> str:
    labels = {str(value): str(label) for value, label in Stage.choices}
    facts = {"now": labels.get(after, after), "was": labels.get(before, before)}
    return _("Now %(now)s (was %(was)s).") % facts if before else _("Now %(now)s.") % facts


def _joined(names: list[str]) -> str:
    if len(names) > NAMES_TOLD:
        return ngettext("%(n)d sponsor joined.", "%(n)d sponsors joined.", len(names)) % {"n": len(names)}
    return _("Joined as sponsor: %(names)s.") % {"names": ", ".join(names)}


def _left(names: list[str]) -> str:
    if len(names) > NAMES_TOLD:
        return ngettext("%(n)d sponsor left.", "%(n)d sponsors left.", len(names)) % {"n": len(names)}
    return _("No longer sponsor: %(names)s.") % {"names": ", ".join(names)}
