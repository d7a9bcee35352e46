"""Requests to join: four wait for staff, one of them looks like a partner we have; one was declined."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from partners.models import Area, County, JoinApplication, Organization, SubSector, User
from partners.references import random_code
from portal.demo.cities import city_named
from portal.reference.places import AREAS

CONSENT = "We agree that Illinois Partners keeps these answers and decides on our request."


@dataclass(frozen=True)
class Request:
    """One request, and how many hours ago it was sent. `declined` is staff's reason."""

    name: str
    domain: str
    city: str
    sub_sectors: tuple[str, ...]
    budget_band: str
    summary: str
    contact: tuple[str, str, str]
    hours_ago: int
    colleague: tuple[str, str] | None = None
    like: str = ""  # The partner that the applicant says is somebody else.
    demographics: dict[str, dict[str, Any]] | None = None
    declined: str = ""


REQUESTS: tuple[Request, ...] = (
    Request(
        name="Prairie Lantern Behavioral Health, Inc.",
        domain="prairielantern.example",
        city="Decatur",
        sub_sectors=("behavioral-health",),
        budget_band="5m_20m",
        summary="Crisis response and counseling in Macon County.",
        contact=("Thomas", "Reyes", "Grants manager"),
        hours_ago=5,
        like="Prairie Lantern Behavioral Health",
    ),
    Request(
        name="Kishwaukee Kitchen Table",
        domain="kishwaukeekitchentable.example",
        city="DeKalb",
        sub_sectors=("food", "community-development"),
        budget_band="under_500k",
        summary=(
            "A community kitchen and pantry in DeKalb. Students and neighbors cook together, four days a "
            "week."
        ),
        contact=("Hannah", "Osei", "Director"),
        hours_ago=27,
        colleague=("Marcus", "Bell"),
        demographics={
            "leader_race": {"values": ["black"], "self_description": "", "declined": False},
            "employed": {"number": 6, "declined": False},
        },
    ),
    Request(
        name="Shawnee Hills Recovery Homes",
        domain="shawneehillsrecovery.example",
        city="Harrisburg",
        sub_sectors=("substance-use", "housing"),
        budget_band="500k_1m",
        summary="Three recovery homes in Saline County with peer support, run by people who have been there.",
        contact=("Gary", "Stevens", "Executive director"),
        hours_ago=50,
    ),
    Request(
        name="Puentes Family Network",
        domain="puentesfamilynetwork.example",
        city="Aurora",
        sub_sectors=("family-support", "immigrant-refugee", "early-childhood"),
        budget_band="1m_5m",
        summary="Connects Spanish-speaking families in Aurora with schools, clinics and each other.",
        contact=("Leticia", "Vargas", "Founder and director"),
        hours_ago=148,
        colleague=("Jorge", "Molina"),
        demographics={
            "leader_race": {"values": ["latino"], "self_description": "", "declined": False},
            "leader_ability": {"values": [], "declined": True},
            "populations": {"values": ["families", "immigrants"], "self_description": "", "declined": False},
        },
    ),
    Request(
        name="Blue Finch Staffing",
        domain="bluefinchstaffing.example",
        city="Naperville",
        sub_sectors=("employment",),
        budget_band="over_20m",
        summary="Temporary staffing for offices and warehouses.",
        contact=("Brandon", "Wade", "Account executive"),
        hours_ago=19 * 24,
        declined=(
            "Thank you for your interest. Partners of the coalition are community-based human service "
            "organizations; a commercial staffing company cannot be one. You are welcome to subscribe to "
            "our updates and to take part in calls to action that are open to everyone."
        ),
    ),
)


def write_requests(*, staff: User, seed: int, now: datetime) -> None:
    """All requests, with the answers as the join pages keep them."""
    rng = Random(f"{seed}:joins")
    counties = County.objects.in_bulk(field_name="name")
    areas = Area.objects.in_bulk(field_name="slug")
    sub_sectors = SubSector.objects.in_bulk(field_name="slug")
    for number, request in enumerate(REQUESTS):
        city = city_named(request.city)
        area = next(area.slug for area in AREAS if city.county in area.counties)
        phone = f"({city.area_code}) 555-01{20 + number}"
        submitted_at = now - timedelta(hours=request.hours_ago)
        application = JoinApplication.objects.create(
            reference="J-" + random_code(6, rng),
            organization_answers={
                "name": request.name,
                "ein": "",
                "website": f"https://www.{request.domain}",
                "street": f"{rng.randrange(100, 900)} Main St.",
                "city": city.name,
                "zip_code": city.zip_code,
                "county": counties[city.county].pk,
                "phone": phone,
            },
            people_answers=_people(request, phone),
            service_answers={
                "sub_sectors": [sub_sectors[slug].pk for slug in request.sub_sectors],
                "area": areas[area].pk,
                "budget_band": request.budget_band,
                "summary": request.summary,
            },
            demographic_answers=request.demographics or {},
            consent_text=CONSENT,
            submitted_at=submitted_at,
            state=JoinApplication.State.DECLINED if request.declined else JoinApplication.State.SUBMITTED,
            decided_at=submitted_at + timedelta(hours=30) if request.declined else None,
            decided_by=staff if request.declined else None,
            decline_reason=request.declined,
        )
        application.different_from.set(Organization.objects.filter(name=request.like))
        JoinApplication.objects.filter(pk=application.pk).update(
            started_at=submitted_at - timedelta(minutes=18)
        )


def _people(request: Request, phone: str) -> dict[str, str]:
    first_name, last_name, title = request.contact
    second_first, second_last = request.colleague or ("", "")
    return {
        "first_name": first_name,
        "last_name": last_name,
        "title": title,
        "email": f"{first_name}.{last_name}@{request.domain}".lower(),
        "phone": phone,
        "second_first_name": second_first,
        "second_last_name": second_last,
        "second_email": f"{second_first}.{second_last}@{request.domain}".lower() if request.colleague else "",
    }
