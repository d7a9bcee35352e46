"""What a finding may be, how it is published, corrected and retracted."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partners.errors import NotAllowed
from research.models import Finding, FindingCorrection, SourceCheck
from research.services.finding import correct_finding, publish_finding, retract_finding
from tests.factories.partners import CountyFactory, StaffFactory, SubSectorFactory
from tests.factories.research_finding import FindingFactory, ServiceConnectionFactory, SourceCheckFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("finding_place_has_county", {"place": "county"}),
        ("finding_place_has_district", {"place": "district", "chamber": "lower"}),
        ("finding_place_has_district", {"place": "district", "district": 3}),
        ("finding_place_has_district", {"place": "state", "chamber": "upper", "district": 3}),
        ("finding_house_district_exists", {"place": "district", "chamber": "lower", "district": 119}),
        ("finding_senate_district_exists", {"place": "district", "chamber": "upper", "district": 60}),
        ("finding_public_has_time", {"published_at": None}),
        ("finding_retraction_has_reason", {"state": "retracted", "retracted_at": NOW}),
        ("finding_retraction_has_reason", {"retraction": "It was wrong."}),
    ],
)
def test_the_database_refuses_half_a_finding(name, values):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        FindingFactory(**values)


def test_the_database_refuses_a_county_of_another_place():
    with pytest.raises(IntegrityError, match="finding_county_of_place"), transaction.atomic():
        FindingFactory(place="state", county=CountyFactory())


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("findingcorrection_changes", {"changes": {}, "reason": "Why"}),
        ("findingcorrection_has_reason", {"changes": {"value": ["1", "2"]}, "reason": ""}),
    ],
)
def test_the_database_refuses_a_correction_that_says_nothing(name, values):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        FindingCorrection.objects.create(finding=FindingFactory(), corrected_at=NOW, **values)


def test_the_database_refuses_a_failure_without_its_begin():
    with pytest.raises(IntegrityError, match="sourcecheck_failure_has_begin"), transaction.atomic():
        SourceCheckFactory(failed_days=2)


def test_the_database_refuses_a_connection_twice_and_one_to_itself():
    one = ServiceConnectionFactory()
    with pytest.raises(IntegrityError, match="serviceconnection_once"), transaction.atomic():
        ServiceConnectionFactory(source=one.source, target=one.target)
    service = SubSectorFactory()
    with pytest.raises(IntegrityError, match="serviceconnection_two_services"), transaction.atomic():
        ServiceConnectionFactory(source=service, target=service)


@pytest.mark.parametrize("slug", ["compare", "csv", "json"])
def test_addresses_of_the_library_are_no_short_names(slug):
    with pytest.raises(ValidationError):
        FindingFactory.build(slug=slug).clean_fields()


# --- Its life -------------------------------------------------------------------------------------------------------


def test_a_draft_is_published_once_and_complete():
    draft = FindingFactory(state="draft", published_at=None, method=" ")
    with pytest.raises(NotAllowed, match="method"):
        publish_finding(finding=draft, by=None, now=NOW)
    draft.method = "Asked all agencies."
    draft.save()
    assert publish_finding(finding=draft, by=None, now=NOW).published_at == NOW
    with pytest.raises(NotAllowed, match="already"):
        publish_finding(finding=draft, by=None, now=NOW)


def test_a_correction_keeps_what_was_said_before():
    finding = FindingFactory(value="1,400", number=1400)
    by = StaffFactory()
    correction = correct_finding(
        finding=finding,
        by=by,
        now=NOW,
        reason="The agency counted one site twice.",
        value="1,350",
        number=Decimal(1350),
        year=finding.year,
    )
    finding.refresh_from_db()
    assert (finding.value, finding.number) == ("1,350", 1350)
    assert correction.changes == {"value": ["1,400", "1,350"], "number": ["1,400", "1,350"]}
    assert (correction.corrected_by, correction.corrected_at) == (by, NOW)
    assert finding.history.first().history_user == by
    assert [line["before"] for line in correction.lines] == ["1,400", "1,400"]


@pytest.mark.parametrize(
    ("reason", "said", "words"),
    [
        (" ", {"value": "2"}, "why"),
        ("A reason", {"value": "1,500"}, "different"),
        ("A reason", {}, "different"),
    ],
)
def test_a_correction_needs_a_reason_and_a_difference(reason, said, words):
    finding = FindingFactory(value="1,500")
    with pytest.raises(NotAllowed, match=words):
        correct_finding(finding=finding, by=None, now=NOW, reason=reason, **said)
    assert not finding.corrections.exists()


def test_of_two_corrections_in_one_moment_the_second_is_refused():
    staff = StaffFactory()
    finding = FindingFactory(value="1,500")
    opened = finding.updated_at
    correct_finding(finding=finding, by=staff, now=NOW, reason="Counted again.", seen=opened, value="1,350")
    with pytest.raises(NotAllowed, match=f"changed by {staff.get_full_name()} since"):
        correct_finding(finding=finding, by=None, now=NOW, reason="Typing", seen=opened, value="1,530")
    finding.refresh_from_db()
    assert (finding.value, finding.corrections.count()) == ("1,350", 1)


def test_a_correction_cannot_write_what_the_form_would_refuse():
    finding = FindingFactory()
    with pytest.raises(ValidationError):
        correct_finding(finding=finding, by=None, now=NOW, reason="Typing", year=20244)
    with pytest.raises(ValueError, match="state"):
        correct_finding(finding=finding, by=None, now=NOW, reason="Trick", state="draft")


def test_only_what_is_published_is_corrected_or_retracted():
    draft = FindingFactory(state="draft", published_at=None)
    with pytest.raises(NotAllowed):
        correct_finding(finding=draft, by=None, now=NOW, reason="Why", value="2")
    with pytest.raises(NotAllowed):
        retract_finding(finding=draft, by=None, now=NOW, reason="Why")
    finding = FindingFactory()
    with pytest.raises(NotAllowed, match="why"):
        retract_finding(finding=finding, by=None, now=NOW, reason="  ")
    retract_finding(finding=finding, by=None, now=NOW, reason="The source withdrew it.")
    with pytest.raises(NotAllowed, match="stays retracted"):
        publish_finding(finding=finding, by=None, now=NOW)
    assert not Finding.objects.published().filter(pk=finding.pk).exists()


# --- Who sees which, and where ---------------------------------------------------------------------------------------


def test_local_findings_of_a_district_are_its_own_and_those_it_nests_with():
    house = FindingFactory(place="district", chamber="lower", district=25)
    senate = FindingFactory(place="district", chamber="upper", district=13)
    FindingFactory(place="county", county=CountyFactory())
    FindingFactory(place="district", chamber="lower", district=27)
    FindingFactory(place="district", chamber="upper", district=25)
    FindingFactory()
    assert set(Finding.objects.local_to(chamber="lower", district=25)) == {house, senate}
    assert set(Finding.objects.local_to(chamber="upper", district=13)) == {house, senate}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Illinois"),
        ({"place": "nation"}, "United States"),
        ({"place": "district", "chamber": "lower", "district": 25}, "House district 25"),
        ({"place": "state", "place_note": "State agencies"}, "State agencies, Illinois"),
    ],
)
def test_a_place_in_words(values, words):
    assert FindingFactory.build(**values).place_words == words


def test_a_source_is_dead_after_failing_on_two_days():
    long_ago = NOW - timedelta(days=7)
    once = SourceCheckFactory(outcome="gone", failed_days=1, first_failed_at=long_ago)
    twice = SourceCheckFactory(outcome="gone", failed_days=2, first_failed_at=long_ago)
    other = SourceCheckFactory(
        outcome="gone", failed_days=2, first_failed_at=long_ago, url="https://old.example/"
    )
    assert (once.is_dead, twice.is_dead) == (False, True)
    assert list(SourceCheck.objects.dead()) == [twice], other
