"""What a fact sheet says, as one JSON value: exactly what its page and its PDF print.

Two digests tell versions apart: one of everything printed, one without the day and the number of the version. When
the second still fits what our data say today, the sheet is up to date.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from legislation.models import BillTracking, Sponsorship
from mailing.composing.compile import clean_body
from partners.models import Coalition
from partners.services.identity import get_coalition
from research.embedding import findings_as_text
from research.fact_sheets.blocks import blocks_of
from research.models import FactSheet, Finding

Content = dict[str, Any]
# The way a sheet is laid out. Raise it, and all sheets are due to be made anew.
EDITION = 1
# What differs between two versions that say the same.
_OF_THE_VERSION = frozenset({"as_of", "version"})


def written_content(sheet: FactSheet, day: date, findings: Mapping[str, Finding] | None = None) -> Content:
    """The content of a sheet that staff wrote: on a bill, a priority or anything else.

    `findings` are those that its text quotes, where they were read before.
    """
    content = bare_content(sheet, get_coalition(), day)
    content |= {
        "kicker": _kicker(sheet),
        "summary": clean_body(sheet.summary),
        "facts": _bill_facts(sheet),
        "blocks": blocks_of(findings_as_text(sheet.body, findings)),
        "ask": ask_of(sheet.ask),
    }
    return content


def bare_content(sheet: FactSheet, coalition: Coalition, day: date) -> Content:
    """A sheet's head and foot, and every other part empty. The version's number comes when it is made."""
    return {
        "edition": EDITION,
        "kind": sheet.kind,
        "kicker": "",
        "title": clean_body(sheet.title),
        "place": "",
        "summary": "",
        "facts": [],
        "figures": [],
        "map": None,
        "fields": None,
        "served": None,
        "partners": None,
        "legislators": None,
        "findings": None,
        "blocks": [],
        "ask": None,
        "notes": [],
        "sender": coalition.name,
        "sender_address": coalition.postal_address,
        "address": settings.SITE_URL + reverse("research:fact_sheet", args=[sheet.slug]),
        "as_of": day_words(day),
        "version": "",
    }


def day_words(day: date) -> str:
    """The day of the data as a sheet prints it."""
    return date_format(day, "F j, Y")


def ask_of(text: str) -> dict[str, str] | None:
    """The ask with its heading; nothing where there is none."""
    words = " ".join(clean_body(text).split())
    return {"title": _("What we ask of you"), "text": words} if words else None


def _kicker(sheet: FactSheet) -> str:
    if sheet.kind == FactSheet.Kind.BILL and sheet.bill:
        return _("Fact sheet on %(bill)s") % {"bill": sheet.bill.label}
    if sheet.kind == FactSheet.Kind.PRIORITY and sheet.reference:
        return _("Our priority: %(priority)s") % {"priority": clean_body(sheet.reference)}
    return _("Fact sheet")


def _bill_facts(sheet: FactSheet) -> list[list[str]]:
    """A bill's number, stage, chief sponsors, and our position where it is public."""
    bill = sheet.bill
    if sheet.kind != FactSheet.Kind.BILL or bill is None:
        return []
    chiefs = bill.sponsorships.filter(role=Sponsorship.Role.CHIEF, removed_on__isnull=True)
    names = list(chiefs.order_by("position").values_list("name", flat=True))
    facts = [
        [_("Bill"), bill.label],
        [_("General Assembly"), str(bill.assembly)],
        [_("Where it stands"), bill.stage_label],
    ]
    if names:
        facts.append([_("Chief sponsors"), ", ".join(names[:3])])
    tracking = BillTracking.objects.filter(bill=bill, is_public=True).first()
    if tracking:
        facts.append([_("Our position"), capfirst(str(tracking.get_position_display()))])
    return facts


def searched_text(content: Mapping[str, Any]) -> str:
    """The words of a version by which its sheet is found."""
    lines = ["".join(run["text"] for run in block["runs"]) for block in content["blocks"]]
    return "\n".join([*lines, content["ask"]["text"]] if content["ask"] else lines)


# --- Digests and differences ---------------------------------------------------------------------------------------


def content_digest(content: Mapping[str, Any]) -> str:
    """Of everything that is printed."""
    return _digest(content)


def source_digest(content: Mapping[str, Any]) -> str:
    """Of what our data said: the same on another day as long as nothing changed."""
    return _digest({key: value for key, value in content.items() if key not in _OF_THE_VERSION})


def _digest(value: object) -> str:
    words = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()


def what_changed(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> str:
    """Which parts differ from the version before, in words."""
    if before is None:
        return _("First version.")
    names = {
        "title": _("title"),
        "summary": _("summary"),
        "facts": _("facts about the bill"),
        "figures": _("figures"),
        "map": _("map"),
        "fields": _("fields of work"),
        "served": _("populations served"),
        "partners": _("partners"),
        "legislators": _("legislators"),
        "findings": _("findings"),
        "blocks": _("text"),
        "ask": _("the ask"),
        "notes": _("notes"),
    }
    parts = [words for key, words in names.items() if before.get(key) != after.get(key)]
    if not parts:
        return _("Layout only.")
    return _("Changed: %(parts)s.") % {"parts": ", ".join(parts)}
