"""The story of one hearing: posted, a call drafted and published, 60 partners pledge, the list comes, 13 are missing."""

from pathlib import Path

import pytest
from django.utils import timezone

from campaigns.models import ActionTaken
from campaigns.open_windows import open_windows
from campaigns.services.actions import take_action
from campaigns.services.calls import publish_call
from campaigns.services.slip_calls import draft_slip_call
from campaigns.services.slip_reminders import remind_missing
from campaigns.services.slips import pledge_slips
from campaigns.slip_board import board_of
from legislation.models import Hearing
from legislation.services.imports import import_records
from legislation.sources.base import ReadOptions
from legislation.sources.ilga_hearings import Hearings
from legislation.sources.ilga_slips import Slips
from legislation.sources.openstates_people import OpenStatesPeople
from tests.campaigns.slip_scene import mailed
from tests.factories.legislation import BillFactory, BillTrackingFactory, chicago
from tests.factories.partners import CoalitionFactory, MembershipFactory, OrganizationFactory, StaffFactory
from tests.realdata import HEARINGS, LEGISLATORS, realdata

pytestmark = pytest.mark.django_db
HEADING = "Legislation|Name|Firm|Representation|Position|Committee|ScheduledDateTime"
COMMITTEE = "Elementary & Secondary Education: Licensing, Administration & Oversight"
FIRST = ("Amber", "Birch", "Cedar", "Dogwood", "Elm", "Fern", "Ginkgo", "Hazel", "Iris", "Juniper")
SECOND = ("Ridge Tutors", "Bridge Families", "Lake Mentors", "Mill Housing", "Gate Recovery", "Field Nursing")


def the_list(folder: Path, names):
    """The General Assembly's export, with the names as people write them."""
    lines = [HEADING]
    for number, name in enumerate(names):
        firm = name.upper() if number % 3 == 0 else f"{name}, Inc." if number % 3 == 1 else name
        lines.append(f"HB4167|Witness {number}|{firm}|{firm}|Proponent|{COMMITTEE}|2018-03-07 08:00")
    lines.append(f"HB4167|Somebody Else|Self|Self|Opponent|{COMMITTEE}|2018-03-07 08:00")
    file = folder / "HB4167.txt"
    file.write_text("\n".join(lines), encoding="utf-8")
    import_records(Slips().read(ReadOptions(location=str(file), session=100)), source="ilga-slips")


@realdata
def test_47_of_60_pledged_are_on_record_these_13_are_not(tmp_path, time_machine):
    time_machine.move_to(chicago(2018, 3, 1, 15), tick=False)
    CoalitionFactory()
    staff = StaffFactory()
    import_records(OpenStatesPeople().read(ReadOptions(location=str(LEGISLATORS))), source="people")
    bill = BillFactory(session=100, identifier="HB4167", number=4167)
    BillTrackingFactory(bill=bill, plain_title="Teachers for every class")
    import_records(Hearings().read(ReadOptions(location=str(HEARINGS))), source="ilga-hearings")
    hearing = Hearing.objects.get(key="lower:15597")

    (window,) = open_windows(timezone.now())
    assert (window.hearing, window.bill) == (hearing, bill)
    draft, _is_new = draft_slip_call(hearing=hearing, bill=bill, by=staff, now=timezone.now())
    call = publish_call(call_to_action=draft, by=staff)
    names = [f"{first} {second}" for first in FIRST for second in SECOND]
    people = [MembershipFactory(organization=OrganizationFactory(name=name)) for name in names]
    for place in people:
        pledge_slips(call_to_action=call, person=place.person, organization=place.organization)
    document = hearing.documents.get(bill=bill)
    details = {"positions": {str(document.pk): "proponent"}, "testimony": "record", "posting_on": ""}
    for place in people[:40]:
        take_action(
            call_to_action=call,
            person=place.person,
            details=details | {"organization": place.organization_id},
            verified="login",
        )

    def board():
        found = board_of(Hearing.objects.get(pk=hearing.pk), timezone.now())
        return next(one for one in found.documents if one.document == document)

    assert board().sentence == "60 partners pledged or reported a slip. The official list is not in yet."
    time_machine.move_to(chicago(2018, 3, 6, 9), tick=False)
    the_list(tmp_path, names[:47])
    the_list(tmp_path, names[:47])
    found = board()
    assert found.sentence == "47 of 60 that pledged or reported are on record, these 13 are not."
    assert sorted(row.organization.name for row in found.missing) == sorted(names[47:])
    assert (len(found.pledged), len(found.reported), ActionTaken.objects.count()) == (60, 40, 40)
    assert found.listed == {"proponent": 47, "opponent": 1}

    assert remind_missing(hearing=hearing, now=timezone.now()) == 13
    assert mailed("Still time") == sorted(place.person.email for place in people[47:])
    the_list(tmp_path, names[:52])
    assert board().sentence == "52 of 60 that pledged or reported are on record, these 8 are not."
