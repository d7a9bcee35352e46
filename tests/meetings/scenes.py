"""Organizations of which it is known whether they are underrepresented, and who came to what."""

from datetime import UTC, datetime, timedelta

from meetings.models import Attendance
from partners.models import Organization, ProfileAnswer
from tests.factories.meetings import AttendanceFactory
from tests.factories.partners import CountyFactory, MembershipFactory, OrganizationFactory, SubSectorFactory

# Within the second quarter of FY27.
NOW = datetime(2026, 11, 10, 18, tzinfo=UTC)


def partner(area, *, small=False, race=("white",), ability="no_disability", said=True, at=None, **facts):
    """A partner of an area that has told everything; `race` None or `said` False leaves the leader out."""
    facts = {"budget_band": "1m_5m" if small else "5m_20m"} | facts
    organization = OrganizationFactory(
        county=CountyFactory(area=area), sub_sectors=[SubSectorFactory()], **facts
    )
    if said:
        answer(organization, "leader_race", race, at)
        answer(organization, "leader_ability", None if ability is None else [ability], at)
    return organization


def answer(organization: Organization, marker: str, values, at=None) -> ProfileAnswer:
    """An answer of ten days ago; None is "prefer not to say"."""
    return ProfileAnswer.objects.create(
        organization=organization,
        marker=marker,
        values=list(values or []),
        declined=values is None,
        answered_at=at or NOW - timedelta(days=10),
    )


def came(event, *organizations, status="attended", **facts) -> list[Attendance]:
    """One person of each organization at an event."""
    return [
        AttendanceFactory(event=event, organization=organization, status=status, **facts)
        for organization in organizations
    ]


def contact(organization, email="", **person):
    """The primary contact of a partner."""
    facts = {f"person__{name}": value for name, value in person.items()}
    if email:
        facts["person__email"] = email
    return MembershipFactory(organization=organization, **facts).person
