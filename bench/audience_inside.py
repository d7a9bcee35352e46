"""One step of the measurement of audiences, run with the settings of a database of its own (see `audience`)."""

import json
import sys
from time import perf_counter
from typing import Any

import django

# What a usual alert fills in, and everything there is.
USUAL = ("first_name", "organization", "representative", "_why")
# All areas, all roles, and not those who have acted: a million of the seeded people, each of them once.
ROLES = ("primary_contact", "advocate", "viewer")


def seed() -> dict[str, float]:
    """The people."""
    from bench.seeded_people import seed as write

    write()
    return {}


def _rules() -> dict[str, Any]:
    from bench.seeded_people import SINCE
    from campaigns.models import CallToAction
    from partners.models import Area

    call = CallToAction.objects.filter(is_standing=False).order_by("pk").values_list("pk", flat=True)[0]
    areas = list(Area.objects.values_list("slug", flat=True))
    return {
        "all": [
            {"any": [{"field": "area", "is": areas}, {"field": "sub_sector", "is": ["behavioral-health"]}]},
            {"field": "role", "is": list(ROLES)},
            {"field": "member_since", "before": "1999-12-31", "since": SINCE},
            {"not": {"field": "acted", "is": [str(call)]}},
        ]
    }


def fill(slots: tuple[str, ...] | None = USUAL) -> dict[str, float]:
    """Rules to rows: one mailing's deliveries and batches, committed."""
    from django.utils import timezone

    from bench import alert
    from campaigns.audience import Audience
    from mailing.models import Topic
    from mailing.services import Written, compile_mailing, fill_mailing

    mailing = compile_mailing(
        topic=Topic.objects.get(slug="action-alerts"),
        name="Audience",
        contents=[Written(alert.SUBJECT, alert.text(), alert.html())],
        send_at=timezone.now(),
    )
    began = perf_counter()
    audience = Audience(_rules())
    select = audience.select(slots) if slots else audience.select()
    filled = fill_mailing(mailing=mailing, select=select)
    return {"seconds": perf_counter() - began, "rows": filled.added, **filled.tally}


def fill_everything() -> dict[str, float]:
    """The same with every merge field there is."""
    return fill(None)


def count() -> dict[str, float]:
    """What staff see while they build an audience."""
    from campaigns.audience import Audience

    began = perf_counter()
    size = Audience(_rules()).size()
    counted = perf_counter()
    Audience(_rules()).sample()
    return {"seconds": counted - began, "people": size.people, "sample": perf_counter() - counted}


def main() -> None:
    """`python -m bench.audience_inside STEP`; prints what it found."""
    django.setup()
    steps = {"seed": seed, "fill": fill, "fill_everything": fill_everything, "count": count}
    print(json.dumps(steps[sys.argv[1]]()))


if __name__ == "__main__":
    main()
