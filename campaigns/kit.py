"""What the media kit hands out: facts counted live, and the mark as a drawing."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from campaigns.models import ActionTaken
from partners.models import Area, Organization, SubSector
from surveys.results import SMALLEST

# The same lines as in templates/components/mark.html, in the colors of light paper.
_MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" width="960" height="960">'
    '<path fill="#0f4c46" d="M4 21 24 5l20 16v4.5L24 9.6 4 25.5z"/>'
    '<path fill="#0f4c46" d="M9 25h5v19H9zM34 25h5v19h-5zM4 44h40v2H4z"/>'
    '<path fill="#f2b632" d="M14 29h20v6H14z"/></svg>\n'
)


@dataclass(frozen=True)
class Fact:
    """A number about the coalition, what it says, and how it is counted."""

    value: str
    label: str
    source: str


def mark_drawing() -> str:
    """The mark as an SVG file."""
    return _MARK


def facts_of_the_coalition(now: datetime) -> list[Fact]:
    """Numbers that reporters may print today, each with what was counted."""
    active = Organization.objects.active()
    partners = active.count()
    areas = active.filter(area__isnull=False).values("area").distinct().count()
    fields = SubSector.objects.filter(organizations__in=active).distinct().count()
    facts = [
        Fact(_number(partners), _("partner organizations"), _("Active members of the coalition today")),
        Fact(
            _("%(covered)s of %(all)s") % {"covered": areas, "all": Area.objects.count()},
            _("areas of Illinois with a partner"),
            _("Areas of the Local Area Councils, by the partner's own address"),
        ),
        Fact(
            _number(fields),
            _("fields of human services"),
            _("Sub-sectors that at least one partner works in"),
        ),
    ]
    people = ActionTaken.objects.filter(acted_at__gte=_year_ago(now)).values("person").distinct().count()
    if people >= SMALLEST:
        facts.append(
            Fact(
                _number(people),
                _("people took action in the last 12 months"),
                _("Confirmed answers to our calls to action; each person counts once"),
            )
        )
    return facts


def _year_ago(now: datetime) -> datetime:
    local = timezone.localtime(now)
    day = 28 if (local.month, local.day) == (2, 29) else local.day
    return local.replace(year=local.year - 1, day=day)


def _number(value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)
