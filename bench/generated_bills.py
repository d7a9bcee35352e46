"""Generated measures for measurements: as many, as long and as unevenly worded as those of a whole General Assembly.

Most words are invented and follow Zipf's law.
"""

import random
from datetime import date, timedelta

from django.utils import timezone

from legislation.models import (
    Bill,
    BillTracking,
    Committee,
    Hearing,
    HearingDocument,
    Legislator,
    OrganizationPosition,
    Sponsorship,
    Subject,
)
from legislation.services.search_index import fill_search
from partners.models import Area, County, Organization

# Words of nearly every synopsis, then what people search for, each in about one bill of fourteen, as in the real ones.
EVERYWHERE = ["act", "amend", "provide", "state"]
TOPICS = [
    "department",
    "human",
    "services",
    "school",
    "education",
    "tax",
    "property",
    "income",
    "health",
    "care",
    "child",
    "welfare",
    "foster",
    "wage",
    "wages",
    "worker",
    "employment",
    "housing",
    "medicaid",
    "disability",
    "aging",
    "mental",
    "community",
    "provider",
    "contract",
    "payment",
    "grant",
    "appropriation",
    "pension",
    "police",
    "court",
    "criminal",
    "vehicle",
    "insurance",
    "election",
    "license",
]
SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "ke",
    "li",
    "mo",
    "nu",
    "pa",
    "re",
    "si",
    "to",
    "vu",
    "wa",
    "xe",
    "yi",
    "zo",
    "bra",
    "cle",
    "dri",
    "flo",
    "gru",
    "pla",
    "ster",
    "tion",
    "ment",
]
KINDS = (("HB", "bill", "lower", 55), ("SB", "bill", "upper", 33), ("HR", "resolution", "lower", 6))
KINDS += (("SR", "resolution", "upper", 5), ("AM", "appointment", "upper", 1))
STAGES = {
    "re_referred": 40,
    "in_committee": 20,
    "public_act": 9,
    "adopted": 9,
    "introduced": 8,
    "passed_committee": 5,
    "crossed": 4,
    "second_reading": 3,
    "tabled": 2,
}


def wording(chance: random.Random) -> tuple[list[str], list[float]]:
    """Words, and how often each stands in a text."""
    invented = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(6000)]
    zipf = [1 / (place + 3) for place in range(len(invented))]
    weights = [
        *(0.02 for _ in EVERYWHERE),
        *(0.0012 for _ in TOPICS),
        *(0.87 * each / sum(zipf) for each in zipf),
    ]
    return [*EVERYWHERE, *TOPICS, *invented], weights


def generate(measures: int) -> None:
    """Legislators, committees, bills with sponsors, positions and hearings, the same ones each time."""
    chance = random.Random(104)
    words, weights = wording(chance)
    legislators = _legislators(chance)
    committees = Committee.objects.bulk_create(
        Committee(ocd_id=f"ocd-organization/{n}", chamber="lower", name=f"Panel {n}", slug=f"house-panel-{n}")
        for n in range(80)
    )
    bills = Bill.objects.bulk_create(
        (_bill(number, chance, words, weights, committees) for number in range(measures)), batch_size=2000
    )
    Sponsorship.objects.bulk_create(_sponsorships(bills, legislators, chance), batch_size=5000)
    _positions(bills, chance)
    _hearings(bills, committees, chance)
    Subject.objects.create(name="Child welfare", slug="child-welfare", words='"child welfare" or foster')
    fill_search()


def _legislators(chance: random.Random) -> list[Legislator]:
    def name() -> str:
        return "".join(chance.choices(SYLLABLES, k=3)).capitalize()

    return Legislator.objects.bulk_create(
        Legislator(
            ocd_id=f"ocd-person/{n}",
            name=f"Pat {name()}",
            family_name=f"Sample{n}",
            slug=f"pat-sample-{n}",
            party=chance.choice(["Democratic", "Republican"]),
            chamber="lower" if n < 118 else "upper",
            district=n + 1 if n < 118 else n - 117,
            is_current=True,
        )
        for n in range(177)
    )


def _bill(
    n: int, chance: random.Random, words: list[str], weights: list[float], committees: list[Committee]
) -> Bill:
    prefix, kind, chamber, _share = chance.choices(KINDS, [share for *_, share in KINDS])[0]
    prefix = "HB" if n + 1 == 1075 else prefix
    stage = chance.choices(list(STAGES), list(STAGES.values()))[0]
    day = date(2025, 1, 10) + timedelta(days=chance.randint(0, 500))
    return Bill(
        session=104,
        identifier=f"{prefix}{n + 1}",
        prefix=prefix,
        number=n + 1,
        ocd_id=f"ocd-bill/{n}",
        kind=kind,
        chamber=chamber,
        current_chamber=chamber,
        title=" ".join(chance.choices(words, weights, k=4)).upper(),
        synopsis=" ".join(chance.choices(words, weights, k=chance.choice([20, 40, 60, 90, 250]))),
        stage=stage,
        furthest_stage=stage,
        committee=chance.choice(committees) if stage in {"in_committee", "passed_committee"} else None,
        last_action="Referred to Rules Committee",
        last_action_on=day,
        public_act=f"104-{n:04}" if stage == "public_act" else "",
        first_seen_at=timezone.now() - timedelta(days=400),
        changed_at=timezone.now() - timedelta(days=chance.randint(0, 300)),
    )


def _sponsorships(
    bills: list[Bill], legislators: list[Legislator], chance: random.Random
) -> list[Sponsorship]:
    found = []
    for bill in bills:
        for place, person in enumerate(chance.sample(legislators, chance.choice([1, 1, 2, 4, 12]))):
            found.append(
                Sponsorship(
                    bill=bill,
                    legislator=person,
                    name=person.name,
                    chamber=person.chamber,
                    role="cosponsor" if place else "chief",
                    position=place,
                )
            )
    return found


def _positions(bills: list[Bill], chance: random.Random) -> None:
    """Our position on 300 bills, and five partners' on each of these."""
    tracked = chance.sample(bills, min(300, len(bills)))
    BillTracking.objects.bulk_create(
        BillTracking(
            bill=bill,
            position=chance.choice(["support", "oppose", "neutral"]),
            priority=chance.choice(["lead", "support", "monitor"]),
        )
        for bill in tracked
    )
    area = Area.objects.create(name="Sample area", slug="sample-area")
    county = County.objects.create(name="Sample county", fips="17999", area=area)
    facts = {"area": area, "county": county, "status": "active", "joined_on": date(2020, 1, 1)}
    partners = Organization.objects.bulk_create(
        Organization(name=f"Sample partner {n}", slug=f"sample-partner-{n}", **facts) for n in range(100)
    )
    said = {
        "position": "support",
        "state": "on_record",
        "proposed_at": timezone.now(),
        "decided_at": timezone.now(),
    }
    OrganizationPosition.objects.bulk_create(
        OrganizationPosition(bill=bill, organization=partner, **said)
        for bill in tracked
        for partner in chance.sample(partners, 5)
    )


def _hearings(bills: list[Bill], committees: list[Committee], chance: random.Random) -> None:
    """A hearing on 60 bills every day for four months, half of them to come."""
    now = timezone.now()
    hearings = Hearing.objects.bulk_create(
        Hearing(
            key=f"{n}",
            session=104,
            chamber="lower",
            committee=chance.choice(committees),
            committee_name="Panel",
            starts_at=now + timedelta(days=n - 60, hours=1),
            changed_at=now,
        )
        for n in range(120)
    )
    HearingDocument.objects.bulk_create(
        HearingDocument(hearing=hearing, bill=bill, identifier=bill.identifier)
        for hearing in hearings
        for bill in chance.sample(bills, min(60, len(bills)))
    )
