"""The desk's review of recorded slips, other names on an organization's page, and the upload from a hearing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from legislation.models import SlipMatch
from partners.models import OrganizationAlias
from tests.factories.legislation import HearingFactory
from tests.factories.partners import OrganizationFactory, StaffFactory, SubSectorFactory, UserFactory, member
from tests.factories.slips import RecordedSlipFactory, SlipMatchFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/legislation/slipmatch/"


@pytest.fixture
def desk(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(StaffFactory())
    return client


@pytest.fixture
def waiting():
    """Two slips whose words may mean one partner, the second also another."""
    partner = OrganizationFactory(name="Calloway House")
    facts = {"text": "Calloway Foundation", "state": "doubtful", "score": 88, "reason": "part"}
    match = SlipMatchFactory(organization=partner, slip__firm="Calloway Foundation", **facts)
    SlipMatchFactory(organization=partner, **(facts | {"text": "CALLOWAY foundation"}))
    SlipMatchFactory(slip=match.slip, organization=OrganizationFactory(name="Calloway Trust"), **facts)
    return match


def answer(desk, match, words):
    return desk.post(f"{LIST}{match.pk}/decide/?tab=review", {"answer": words}, follow=True).content.decode()


def test_slips_with_the_same_words_are_one_decision(desk, waiting):
    page = desk.get(LIST)
    (group,) = page.context["words"]
    assert (group.text, group.slips) == ("Calloway Foundation", 2)
    assert [one.slips for one in group.likely] == [2, 1]
    words = page.content.decode()
    assert "Part of its name." in words
    assert waiting.slip.name in words
    assert "Another partner…" in words


def test_the_empty_review_says_so(desk):
    assert "Nothing waits." in desk.get(LIST).content.decode()
    assert "Nothing has been decided yet." in desk.get(f"{LIST}?tab=decided").content.decode()
    assert "Upload a list of slips" in desk.get(f"{LIST}?tab=sure").content.decode()


def test_it_is_this_partner_and_the_name_is_remembered(desk, waiting):
    said = answer(desk, waiting, "confirm")
    assert "The slips count for Calloway House." in said
    assert "is remembered as another name of it" in said
    assert "Nothing waits." in said
    decided = desk.get(f"{LIST}?tab=decided").content.decode()
    assert "confirmed by staff" in decided
    assert "not this partner, said staff" in decided
    assert "already" in answer(desk, waiting, "confirm")


@pytest.mark.parametrize(("words", "left"), [("reject", 1), ("nobody", 0)])
def test_not_this_one_and_nobody(desk, waiting, words, left):
    answer(desk, waiting, words)
    assert SlipMatch.objects.filter(state="doubtful").count() == left


def test_undo(desk, waiting):
    answer(desk, waiting, "nobody")
    SlipMatch.objects.update(text="Calloway Foundation")
    assert "taken back" in answer(desk, waiting, "undo")


def test_another_partner(desk, waiting):
    other = OrganizationFactory(name="Marrow Creek Center")
    address = f"{LIST}{waiting.pk}/other/"
    assert "Choose the partner." in desk.post(address, {"organization": ""}).content.decode()
    assert "Choose the partner." not in desk.get(address).content.decode()
    gone = OrganizationFactory(name="Gone House", status="left")
    assert desk.post(address, {"organization": gone.pk}).status_code == 200
    page = desk.post(address, {"organization": other.pk}, follow=True).content.decode()
    assert "The slips count for Marrow Creek Center." in page
    assert SlipMatch.objects.filter(organization=other, state="confirmed").count() == 2


def test_words_are_shown_as_words(desk):
    SlipMatchFactory(text="<script>alert(1)</script> \u202e مرحبا 😀", state="doubtful")
    page = desk.get(LIST).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    "query", ["?q=%00&p=x&tab=zzz", "?q=" + "x" * 5000, "?p=999999999999", "?tab=decided&q=’"]
)
def test_odd_addresses(desk, waiting, query):
    assert desk.get(LIST + query).status_code == 200


def test_unknown_rows_and_answers(desk, waiting):
    assert desk.post(f"{LIST}999999/decide/", {"answer": "confirm"}).status_code in {302, 404}
    answer(desk, waiting, "everything")
    desk.get(f"{LIST}{waiting.pk}/decide/?answer=confirm")
    assert SlipMatch.objects.filter(state="doubtful").count() == 3


def test_partners_and_staff_without_the_right_decide_nothing(client, waiting, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    for user in (member(waiting.organization), UserFactory(is_staff=True)):
        client.force_login(user)
        assert client.get(LIST).status_code in {302, 403}
        client.post(f"{LIST}{waiting.pk}/decide/", {"answer": "confirm"})
        client.post(f"{LIST}{waiting.pk}/other/", {"organization": waiting.organization_id})
    assert SlipMatch.objects.filter(state="doubtful").count() == 3


def test_it_takes_the_same_queries_for_any_number(desk):
    def look(number):
        for _row in range(number):
            SlipMatchFactory(state="doubtful", reason="part", text=f"Words {SlipMatch.objects.count()}")
        desk.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            assert len(desk.get(LIST).context["words"]) == SlipMatch.objects.count()
        return len(queries)

    # The sidebar's own reads are among them; they change with the desk.
    assert look(1) == look(19)


class TestOtherNames:
    def form(self, organization, *names):
        """What the organization's page posts, with new other names."""
        rows = {
            f"aliases-{number}-{key}": value
            for number, name in enumerate(names)
            for key, value in {"name": name, "id": "", "organization": organization.pk}.items()
        }
        management = {
            "TOTAL_FORMS": len(names),
            "INITIAL_FORMS": 0,
            "MIN_NUM_FORMS": 0,
            "MAX_NUM_FORMS": 1000,
        }
        return (
            {
                "name": organization.name,
                "slug": organization.slug,
                "city": organization.city,
                "zip_code": organization.zip_code,
                "county": organization.county_id,
                "area": organization.area_id,
                "sub_sectors": [one.pk for one in organization.sub_sectors.all()],
                "joined_on": "2024-07-01",
                "is_listed": "on",
            }
            | {f"aliases-{key}": value for key, value in management.items()}
            | {f"memberships-{key}": 0 for key in management}
            | rows
        )

    def post(self, desk, organization, *names):
        address = f"/admin/partners/organization/{organization.pk}/change/"
        return desk.post(address, self.form(organization, *names))

    @pytest.fixture
    def partner(self):
        return OrganizationFactory(name="Calloway House", sub_sectors=[SubSectorFactory()])

    def test_staff_add_one(self, desk, partner):
        response = self.post(desk, partner, "The Calloway  Project, Inc.")
        assert response.status_code == 302, response.context["errors"]
        alias = OrganizationAlias.objects.get()
        assert (alias.name, alias.key) == ("The Calloway Project, Inc.", "calloway project")
        assert alias.added_by.is_staff

    @pytest.mark.parametrize(
        ("names", "words"),
        [
            (["Moss Counseling"], "This is recorded as a name of Moss House already."),
            (["the Moss House, Inc."], "This is the name of Moss House."),
            (["Calloway House NFP"], "This is its own name already."),
            (["…"], "no letters or digits"),
            (["Porch Light", "PORCH LIGHT"], "stands here twice"),
        ],
    )
    def test_one_name_means_one_partner(self, desk, partner, names, words):
        other = OrganizationFactory(name="Moss House")
        OrganizationAlias.objects.create(organization=other, name="Moss Counseling", key="moss counseling")
        page = self.post(desk, partner, *names)
        assert words in page.content.decode()
        assert OrganizationAlias.objects.count() == 1


def test_a_hearing_leads_to_the_upload_of_its_list(desk):
    hearing = HearingFactory()
    RecordedSlipFactory(hearing=hearing)
    page = desk.get(f"/admin/legislation/hearing/{hearing.pk}/change/").content.decode()
    assert "Upload the list of slips" in page
    form = desk.get(f"/admin/legislation/hearing/{hearing.pk}/upload-slips/", follow=True).context["form"]
    assert form["source"].value() == "ilga-slips"


def test_the_start_page_says_how_many_wait(desk, waiting):
    assert "Recorded slips to match" in desk.get("/admin/").content.decode()
