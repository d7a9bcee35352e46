"""Merge fields as staff write them: `{{ first_name|Friend }}`, the words after the bar for those who lack it."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from campaigns.merge_fields import MERGE_FIELDS
from campaigns.models import ActionAlert, AlertBlock

_MERGE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


@dataclass
class UsedField:
    """A merge field an alert uses, and the different words people without it would read ("" for none)."""

    name: str
    fallbacks: list[str] = field(default_factory=list)

    @property
    def written(self) -> str:
        """As it stands in the editor, with its first fallback."""
        return written(self.name, self.fallbacks[0] if self.fallbacks else "")


def written(name: str, fallback: str = "") -> str:
    """A merge field as it is typed."""
    return f"{{{{ {name}|{fallback} }}}}" if fallback else f"{{{{ {name} }}}}"


def merge_field_problems(text: str) -> list[str]:
    """What is wrong with the merge fields of a subject or a text, in words for staff."""
    problems = []
    for inside in _MERGE.findall(text):
        name, _bar, fallback = _plain(inside).partition("|")
        if name.strip() not in MERGE_FIELDS or "<" in inside:
            shown = strip_tags(name).strip() or _("nothing")
            problems.append(
                _("“%(name)s” is not a merge field. There are: %(known)s.")
                % {"name": shown, "known": ", ".join(MERGE_FIELDS)}
            )
        elif "{" in fallback or "}" in fallback:
            problems.append(
                _("The words after the bar of {{ %(name)s }} may not hold braces.") % {"name": name}
            )
    rest = _MERGE.sub("", text)
    if "{{" in rest or "}}" in rest:
        problems.append(_("A merge field needs two braces on both sides, such as {{ first_name|Friend }}."))
    return problems


def read_in_general(text: str) -> str:
    """A line as somebody would read it of whom we know nothing: a name for lists, where nobody in particular reads."""
    return _MERGE.sub(lambda found: _plain(found[1]).partition("|")[2].strip() or "…", text)


def used_fields(alert: ActionAlert, blocks: Sequence[AlertBlock]) -> list[UsedField]:
    """The merge fields of everything the alert says, in the order they are met."""
    found: dict[str, UsedField] = {}
    for text in texts_of(alert, blocks):
        for inside in _MERGE.findall(text):
            name, _bar, fallback = (part.strip() for part in _plain(inside).partition("|"))
            if name in MERGE_FIELDS:
                used = found.setdefault(name, UsedField(name))
                if fallback not in used.fallbacks:
                    used.fallbacks.append(fallback)
    return list(found.values())


def texts_of(alert: ActionAlert, blocks: Sequence[AlertBlock]) -> Iterator[str]:
    """Everything in an alert that may hold merge fields."""
    yield from (alert.subject, alert.subject_es, alert.preheader, alert.preheader_es)
    if alert.test == ActionAlert.Test.SUBJECT:
        yield from (alert.test_subject, alert.test_subject_es)
    for block in blocks:
        yield from (block.text, block.text_es, block.label, block.label_es)


def _plain(inside: str) -> str:
    """What stands between the braces, without the hard blanks and entities an editor makes."""
    return html.unescape(inside).replace("\xa0", " ").strip()
