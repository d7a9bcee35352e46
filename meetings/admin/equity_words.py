"""A panel in a cell of a table, put into words here: a page has a hundred of them."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.equity import Panel


@dataclass(frozen=True)
class ShownCell:
    """The share among those who came, how far that is from the partners', and of how much it is a share."""

    share: str
    gap: str
    is_below: bool
    of: str
    people: str
    partners: str


def shown(panel: Panel) -> ShownCell:
    """One panel in words."""
    attending = panel.attending
    organizations = ngettext("%(n)d organization", "%(n)d organizations", attending.organizations)
    of = organizations % {"n": attending.organizations}
    if attending.coverage is not None:
        of = _("%(organizations)s, coverage %(percent)s") % {
            "organizations": of,
            "percent": percent(attending.coverage),
        }
    people = ngettext("%(n)d person", "%(n)d people", panel.people) % {"n": panel.people}
    visits = ngettext("%(n)d visit", "%(n)d visits", panel.visits) % {"n": panel.visits}
    return ShownCell(
        share=percent(attending.share) if panel.visits else "",
        gap=gap_words(panel.gap),
        is_below=(panel.gap or 0) < 0,
        of=of,
        people=f"{people}, {visits}",
        partners=percent(panel.partners.share),
    )


def gap_words(gap: float | None) -> str:
    """A difference in percentage points."""
    if gap is None:
        return ""
    if not gap:
        return _("the same as partners")
    points = number_format(abs(gap), decimal_pos=1).removesuffix(".0")
    if gap < 0:
        return _("%(points)s points below partners") % {"points": points}
    return _("%(points)s points above partners") % {"points": points}


def percent(share: float | None) -> str:
    """A share as pages show it."""
    return "–" if share is None else f"{number_format(share, decimal_pos=1).removesuffix('.0')}%"
