"""Recorded slips find their partners: at the import, again when names change, and as staff decide."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from legislation.models import RecordedSlip, SlipMatch
from legislation.records import SlipRecord
from legislation.services.imports.slips import SlipImporter
from legislation.services.slip_decisions import (
    confirm_match,
    name_partner,
    reject_all,
    reject_match,
    undo_decision,
)
from legislation.services.slip_matching import rematch_slips
from legislation.slip_matches import partner_counts, recorded_partners, waiting_words
from legislation.tasks import rematch_slips as nightly
from partners.errors import NotAllowed
from partners.models import OrganizationAlias
from tests.factories.legislation import BillFactory, HearingDocumentFactory, HearingFactory, chicago
from tests.factories.partners import OrganizationFactory, StaffFactory
from tests.legislation.feeding import feed

pytestmark = pytest.mark.django_db
THURSDAY = chicago(2026, 3, 5, 14)


def slip(firm: str, representation: str = "", **fields: object) -> SlipRecord:
    facts = {
        "session": 104,
        "identifier": "HB9001",
        "amendment": "",
        "committee": "Human Services",
        "scheduled_at": THURSDAY,
        "name": "Ann Sample",
        "firm": firm,
        "representation": representation,
        "position": "proponent",
    }
    return SlipRecord(**(facts | fields))


@pytest.fixture(autouse=True)
def bill():
    return BillFactory(identifier="HB9001")


@pytest.fixture
def staff():
    return StaffFactory()


@pytest.fixture
def calloway():
    return OrganizationFactory(name="Calloway House", city="Chicago")


@pytest.fixture
def doubtful(calloway):
    """Two slips with the same words, which may mean Calloway House."""
    feed(SlipImporter, slip("Calloway Foundation"), slip("CALLOWAY FOUNDATION", name="Bo Sample"))
    return SlipMatch.objects.filter(organization=calloway).order_by("pk")[0]


def states() -> list[tuple[str, str]]:
    return sorted(SlipMatch.objects.values_list("organization__name", "state"))


class TestImport:
    def test_new_slips_find_their_partners(self, calloway):
        moss = OrganizationFactory(name="Moss and Fern Counseling", status="lapsed")
        OrganizationFactory(name="Left Lane House", status="left")
        feed(
            SlipImporter,
            slip("CALLOWAY HOUSE, INC.", "Moss & Fern Counseling"),
            slip("Left Lane House", "Self"),
        )
        assert states() == [(calloway.name, "sure"), (moss.name, "sure")]
        match = SlipMatch.objects.get(organization=calloway)
        assert (match.text, match.score, match.reason) == ("CALLOWAY HOUSE", 100, "name")

    def test_the_same_list_again_changes_nothing(self, doubtful):
        before = list(SlipMatch.objects.order_by("pk").values())
        feed(SlipImporter, slip("Calloway Foundation"), at=THURSDAY + timedelta(days=9))
        assert list(SlipMatch.objects.order_by("pk").values()) == before
        assert rematch_slips() == 0

    def test_a_changed_position_keeps_its_partners(self, calloway):
        feed(SlipImporter, slip("Calloway House"))
        feed(SlipImporter, slip("Calloway House", position="opponent"))
        assert states() == [(calloway.name, "sure")]


class TestReadAgain:
    def test_a_new_partner_is_found_on_old_slips(self):
        feed(SlipImporter, slip("Calloway House"))
        assert states() == []
        OrganizationFactory(name="Calloway House")
        nightly()
        assert states() == [("Calloway House", "sure")]

    def test_a_renamed_partner_leaves_the_slips_of_its_old_name(self, calloway):
        feed(SlipImporter, slip("Calloway House"))
        calloway.name = "Marrow Creek Ability Center"
        calloway.save()
        rematch_slips()
        assert states() == []

    def test_a_partner_that_left_stays_on_record(self, calloway):
        feed(SlipImporter, slip("Calloway House"))
        calloway.status = "left"
        calloway.save()
        assert rematch_slips() == 0
        assert states() == [(calloway.name, "sure")]

    def test_what_staff_decided_stays(self, calloway, doubtful, staff):
        reject_match(match=doubtful, by=staff)
        OrganizationAlias.objects.create(
            organization=calloway, name="Calloway Foundation", key="calloway foundation"
        )
        rematch_slips()
        assert states() == [(calloway.name, "rejected")] * 2


class TestDecisions:
    def test_it_is_this_partner(self, calloway, doubtful, staff):
        assert doubtful.state == "doubtful"
        assert waiting_words() == 1
        assert confirm_match(match=doubtful, by=staff) == "Calloway Foundation"
        assert states() == [(calloway.name, "confirmed")] * 2
        doubtful.refresh_from_db()
        assert doubtful.decided_by == staff
        assert doubtful.decided_at
        alias = OrganizationAlias.objects.get()
        assert (alias.organization, alias.key, alias.added_by) == (calloway, "calloway foundation", staff)
        feed(SlipImporter, slip("The Calloway Fdn.", name="Cy Sample"))
        assert SlipMatch.objects.get(slip__name="Cy Sample").state == "sure"

    def test_other_slips_with_nearly_the_same_words_follow(self, calloway, doubtful, staff):
        feed(SlipImporter, slip("Calloway Fdn", name="Cy Sample"))
        confirm_match(match=doubtful, by=staff)
        assert states() == [(calloway.name, "confirmed")] * 2 + [(calloway.name, "sure")]

    def test_a_second_press_is_refused_in_words(self, doubtful, staff):
        confirm_match(match=doubtful, by=staff)
        for step in (confirm_match, reject_match, reject_all):
            with pytest.raises(NotAllowed, match="already"):
                step(match=doubtful, by=staff)
        assert OrganizationAlias.objects.count() == 1

    def test_not_this_one_holds_for_later_lists(self, calloway, doubtful, staff):
        assert reject_match(match=doubtful, by=staff) == 2
        feed(SlipImporter, slip("calloway foundation", name="Cy Sample"))
        assert states() == [(calloway.name, "rejected")] * 3
        assert SlipMatch.objects.get(slip__name="Cy Sample").decided_by == staff
        assert waiting_words() == 0

    def test_one_of_two_rules_the_other_out(self, staff):
        for city in ("Elgin", "Peoria"):
            OrganizationFactory(name="Bridge House", city=city)
        feed(SlipImporter, slip("Bridge House"))
        chosen = SlipMatch.objects.get(organization__city="Peoria")
        assert confirm_match(match=chosen, by=staff) == ""  # The name itself, which both bear.
        assert dict(SlipMatch.objects.values_list("organization__city", "state")) == {
            "Elgin": "rejected",
            "Peoria": "confirmed",
        }

    def test_nobody_of_ours(self, staff):
        for city in ("Elgin", "Peoria"):
            OrganizationFactory(name="Bridge House", city=city)
        feed(SlipImporter, slip("Bridge House"))
        assert reject_all(match=SlipMatch.objects.all()[0], by=staff) == 2
        assert {state for _name, state in states()} == {"rejected"}

    def test_another_partner(self, calloway, doubtful, staff):
        other = OrganizationFactory(name="Marrow Creek Ability Center")
        assert name_partner(match=doubtful, organization=other, by=staff) == "Calloway Foundation"
        assert states() == [(calloway.name, "rejected")] * 2 + [(other.name, "confirmed")] * 2
        feed(SlipImporter, slip("Calloway Foundation", name="Cy Sample"))
        assert list(
            SlipMatch.objects.filter(slip__name="Cy Sample").values_list("organization__name", "state")
        ) == [(other.name, "sure")]

    def test_a_partner_that_left_is_refused(self, doubtful, staff):
        gone = OrganizationFactory(name="Gone House", status="left")
        with pytest.raises(NotAllowed, match="no longer a partner"):
            name_partner(match=doubtful, organization=gone, by=staff)

    def test_undo_takes_the_alias_along(self, calloway, doubtful, staff):
        confirm_match(match=doubtful, by=staff)
        feed(SlipImporter, slip("Calloway Fdn", name="Cy Sample"))
        doubtful.refresh_from_db()
        assert undo_decision(match=doubtful) == 2
        assert not OrganizationAlias.objects.exists()
        assert states() == [(calloway.name, "doubtful")] * 3
        with pytest.raises(NotAllowed):
            undo_decision(match=doubtful)

    def test_undo_of_another_partner(self, calloway, doubtful, staff):
        name_partner(match=doubtful, organization=OrganizationFactory(name="Marrow Creek Center"), by=staff)
        doubtful.refresh_from_db()
        undo_decision(match=doubtful)
        assert states() == [(calloway.name, "doubtful")] * 2

    def test_words_that_fit_many_are_not_remembered(self, staff):
        OrganizationFactory(name="Center for Families")
        feed(SlipImporter, slip("Family Center"))
        assert confirm_match(match=SlipMatch.objects.get(), by=staff) == ""
        assert not OrganizationAlias.objects.exists()
        feed(SlipImporter, slip("Family Center", name="Bo Sample"))
        assert sorted(state for _name, state in states()) == ["confirmed", "doubtful"]

    def test_an_employer_is_decided_once_and_learns_nothing(self, calloway, staff):
        feed(SlipImporter, slip("Calloway House", "Self"))
        match = SlipMatch.objects.get()
        assert (match.state, match.text) == ("doubtful", "Calloway House / Self")
        assert confirm_match(match=match, by=staff) == ""
        feed(SlipImporter, slip("Calloway House", "Self", name="Bo Sample"))
        assert states() == [(calloway.name, "confirmed")] * 2

    def test_words_that_are_another_partners_name_are_not_learned(self, calloway, doubtful, staff):
        OrganizationFactory(name="The Calloway Foundation", status="left")
        assert confirm_match(match=doubtful, by=staff) == ""

    def test_a_decision_without_its_time_cannot_be_stored(self, doubtful):
        with pytest.raises(IntegrityError), transaction.atomic():
            SlipMatch.objects.filter(pk=doubtful.pk).update(state="confirmed")


class TestReads:
    @pytest.fixture
    def hearing(self, bill):
        hearing = HearingFactory(starts_at=THURSDAY, committee_name="Human Services")
        for amendment in ("", "House Amendment 1"):
            HearingDocumentFactory(hearing=hearing, bill=bill, amendment=amendment)
        return hearing

    def test_bill_and_amendment_stay_apart(self, hearing, bill, calloway):
        feed(
            SlipImporter,
            slip("Calloway House"),
            slip("Calloway House", name="Bo Sample"),
            slip("Calloway House", amendment="House Amendment 1", position="opponent"),
            slip("Calloway Foundation", name="Cy Sample"),
        )
        documents = {document.amendment: document.pk for document in hearing.documents.all()}
        assert recorded_partners(hearing=hearing) == {
            calloway.pk: {(documents[""], "proponent"), (documents["House Amendment 1"], "opponent")}
        }
        assert partner_counts(hearing=hearing) == {
            (bill.pk, "", "proponent"): 1,
            (bill.pk, "House Amendment 1", "opponent"): 1,
        }

    def test_confirmed_counts_and_doubtful_does_not(self, hearing, doubtful, staff):
        assert recorded_partners(hearing=hearing) == {}
        confirm_match(match=doubtful, by=staff)
        assert len(recorded_partners(hearing=hearing)) == 1

    def test_slips_of_the_day_before_it_moved_do_not_count(self, hearing, calloway):
        feed(SlipImporter, slip("Calloway House"))
        hearing.starts_at += timedelta(days=7)
        hearing.save()
        assert recorded_partners(hearing=hearing) == {}
        assert RecordedSlip.objects.get().hearing == hearing

    def test_the_public_page_says_how_many_are_ours(self, client, hearing, calloway):
        feed(SlipImporter, slip("Calloway House"), slip("Retired", name="Bo Sample"))
        assert "1 of our partners" in client.get(hearing.get_absolute_url()).content.decode()
