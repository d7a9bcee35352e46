"""The page about fees, who teaches, sponsors; pay by group; indicator F4; the staff desk around them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.template import Context, Template
from django.utils import timezone
from PIL import Image

from legislation.places.of_partners import ZipPlace
from partners.errors import NotAllowed
from partners.fiscal_year import FiscalYear
from partners.models import ProfileAnswer
from tests.factories.fees import (
    FacilitationFactory,
    FacilitatorFactory,
    FundFactory,
    SponsorFactory,
    SponsorshipFactory,
    invoiced,
)
from tests.factories.partners import (
    CoalitionFactory,
    OrganizationFactory,
    StaffFactory,
    SubSectorFactory,
    UserFactory,
)
from tests.factories.trainings import CourseFactory, EnrollmentFactory, FeeTierFactory, SessionFactory
from trainings import breakdowns
from trainings.models import (
    Facilitation,
    Facilitator,
    FacilitatorAvailability,
    FacilitatorDemographics,
    Invoice,
    ScholarshipAward,
    ScholarshipRequest,
    TrainingSponsor,
    TrainingSponsorship,
)
from trainings.pay_equity import pay_equity, pay_shown_to_all
from trainings.scholarship_indicators import Scholarships, scholarships
from trainings.services.facilitators import mark_facilitation_paid, take_back_payment

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()


@pytest.fixture
def desk(client):
    client.force_login(StaffFactory())
    return client


# --- Public pages -------------------------------------------------------------------------------------------------


def test_the_fee_page_tells_it_from_the_data(client):
    course = CourseFactory(title="Reframing")
    FeeTierFactory(course=course, name="Small budgets", amount=15)
    FeeTierFactory(course=course, name="Not offered", amount=99, is_offered=False)
    CourseFactory(title="Open to all")
    CourseFactory(title="A secret draft", state="draft", published_at=None)
    FundFactory(name="Porch fund", funder="Sample Foundation")
    FundFactory(name="Quiet fund", is_public=False)
    FundFactory(name="Empty fund", amount=10, committed=10)
    page = client.get("/trainings/fees/").content.decode()
    for words in ("Reframing", "Small budgets", "$15", "Open to all", "Porch fund", "Sample Foundation"):
        assert words in page
    for words in ("Not offered", "secret draft", "Quiet fund", "Empty fund"):
        assert words not in page
    assert "as soon as at least ten people" in page


def test_the_fee_page_without_any_data(client):
    page = client.get("/trainings/fees/").content.decode()
    assert "No training costs anything" in page
    assert "given out at the moment" in page


@pytest.mark.parametrize("number", [1, 20])
def test_lists_ask_the_database_as_often_for_one_as_for_twenty(
    number, client, django_assert_num_queries, settings
):
    for _number in range(number):
        FeeTierFactory(course=CourseFactory())
        FundFactory()
        FacilitationFactory()
        SponsorshipFactory()
    client.get("/trainings/fees/?warm")
    with django_assert_num_queries(7):
        client.get("/trainings/fees/?again")
    with django_assert_num_queries(2):
        client.get("/trainings/facilitators/?again")


def test_only_who_agreed_is_shown(client):
    FacilitatorFactory(name="Ada Shown", bio="<p>Mine</p><script>bad()</script>")
    FacilitatorFactory(name="Bo Hidden", is_public=False)
    page = client.get("/trainings/facilitators/").content.decode()
    assert "Ada Shown" in page
    assert "Bo Hidden" not in page
    assert "bad()" not in page


def test_an_empty_page_of_facilitators_says_what_to_do(client):
    assert "Nobody is introduced here yet" in client.get("/trainings/facilitators/").content.decode()


def test_sessions_and_courses_name_who_teaches_and_who_pays(client):
    session = SessionFactory()
    FacilitationFactory(session=session, facilitator=FacilitatorFactory(name="Ada Shown"), role="guest")
    FacilitationFactory(session=session, facilitator=FacilitatorFactory(name="Bo Hidden", is_public=False))
    other = SessionFactory()
    SponsorshipFactory(sponsor=SponsorFactory(name="For the session"), session=session, words="Thanks to")
    SponsorshipFactory(sponsor=SponsorFactory(name="For the course"), course=session.course)
    SponsorshipFactory(sponsor=SponsorFactory(name="For all"))
    SponsorshipFactory(sponsor=SponsorFactory(name="For another"), session=other)
    SponsorshipFactory(sponsor=SponsorFactory(name="Not named", is_public=False))
    today = timezone.localdate()
    SponsorshipFactory(
        sponsor=SponsorFactory(name="Long ago"),
        starts_on=today - timedelta(days=90),
        ends_on=today - timedelta(days=1),
    )
    page = client.get(session.get_absolute_url()).content.decode()
    for words in ("Ada Shown", "Thanks to", "For the session", "For the course", "For all", "Sponsored by"):
        assert words in page
    for words in ("Bo Hidden", "For another", "Not named", "Long ago"):
        assert words not in page
    course = client.get(session.course.get_absolute_url()).content.decode()
    assert "Ada Shown" in course
    assert "For the course" in course
    assert "For the session" not in course


def test_a_sponsors_name_is_only_words():
    SponsorshipFactory(sponsor=SponsorFactory(name="<b>Big</b>", summary="“Ours” אבג 🌊"))
    shown = Template("{% load training_people %}{% session_sponsors session %}").render(
        Context({"session": SessionFactory()})
    )
    assert "&lt;b&gt;Big" in shown
    assert "<b>" not in shown


# --- Pay ----------------------------------------------------------------------------------------------------------


def taught(number: int, *, races: tuple[str, ...] = (), fee: int = 600, **demographics) -> None:
    for _number in range(number):
        row = FacilitationFactory(
            fee=fee,
            session=SessionFactory(state="held", starts_at=NOW - timedelta(days=30)),
        )
        if races or demographics:
            FacilitatorDemographics.objects.create(
                facilitator=row.facilitator, races=list(races), answered_at=NOW, **demographics
            )


def test_pay_for_an_hour_by_group():
    taught(12, races=("black",), fee=600)
    taught(10, races=("white",), fee=480)
    taught(10)
    found = pay_equity(NOW)
    groups = {str(pay.label): pay for pay in found.races}
    assert (found.total.people, found.total.per_hour) == (32, Decimal("93.75"))
    assert (groups["Black or African American"].people, groups["Black or African American"].per_hour) == (
        12,
        100,
    )
    assert groups["White"].per_hour == 80
    assert found.answered_races == 22
    assert not found.has_withheld


def test_small_groups_are_withheld_with_what_would_give_them_away():
    taught(12, races=("black",))
    taught(20, races=("white",))
    taught(3, races=("asian",))
    found = pay_equity(NOW)
    withheld = {str(pay.label) for pay in found.races if pay.is_withheld}
    assert withheld == {"Asian", "Black or African American"}
    assert all(not pay.people and not pay.fees for pay in found.races if pay.is_withheld)


def test_a_small_rest_is_not_worked_out_either():
    taught(15, races=("black",))
    taught(2)
    assert {pay.is_withheld for pay in pay_equity(NOW).races if str(pay.label).startswith("Black")} == {True}


def test_who_prefers_not_to_say_counts_as_answered():
    taught(1, declined=True)
    found = pay_equity(NOW)
    assert (found.answered_races, found.answered_abilities) == (1, 1)


def test_the_public_number_needs_ten_people():
    taught(9)
    assert pay_shown_to_all(NOW).is_withheld
    taught(1)
    assert pay_shown_to_all(NOW).per_hour == 100


def test_only_the_last_twelve_months_of_held_sessions_count():
    FacilitationFactory(session=SessionFactory(state="held", starts_at=NOW - timedelta(days=400)))
    FacilitationFactory(
        session=SessionFactory(state="cancelled", starts_at=NOW - timedelta(days=4), cancelled_at=NOW)
    )
    FacilitationFactory(session=SessionFactory(starts_at=NOW + timedelta(days=4)))
    assert pay_equity(NOW).total.people == 0
    assert pay_equity(NOW).total.per_hour is None


def test_a_payment_is_noted_once_and_can_be_taken_back():
    row, staff = FacilitationFactory(), StaffFactory()
    mark_facilitation_paid(facilitation=row, by=staff, now=NOW)
    with pytest.raises(NotAllowed):
        mark_facilitation_paid(facilitation=row, by=staff, now=NOW)
    take_back_payment(facilitation=row, by=staff)
    with pytest.raises(NotAllowed):
        take_back_payment(facilitation=row, by=staff)
    with pytest.raises(NotAllowed):
        mark_facilitation_paid(facilitation=FacilitationFactory(fee=0), by=staff, now=NOW)
    assert row.history.count() == 3


# --- F4 -----------------------------------------------------------------------------------------------------------


def given(
    amount: int, *, awarded: datetime, used: datetime | None = None, organization=None, person=None
) -> None:
    """An award as history left it."""
    more = {"person": person} if person else {}
    row = EnrollmentFactory(price=amount, organization=organization, **more)
    request = ScholarshipRequest.objects.create(
        enrollment=row,
        asker=row.person,
        asked_amount=amount,
        asked_at=awarded,
        state="approved",
        decided_at=awarded,
    )
    ScholarshipAward.objects.create(
        request=request,
        fund=FundFactory(funded_on=awarded.date(), amount=1000),
        amount=amount,
        awarded_at=awarded,
        state="used" if used else "offered",
        used_at=used,
    )


def test_f4_by_hand():
    first_quarter, third_quarter = datetime(2025, 8, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    partner = OrganizationFactory(budget_band="under_500k")
    partner.sub_sectors.set([SubSectorFactory(name="Housing"), SubSectorFactory(name="Youth")])
    given(40, awarded=first_quarter, used=third_quarter, organization=partner)
    given(25, awarded=first_quarter)
    given(10, awarded=datetime(2025, 6, 30, tzinfo=UTC), used=first_quarter, organization=partner)
    given(99, awarded=datetime(2026, 4, 1, tzinfo=UTC))
    found = scholarships(FiscalYear(2026), NOW)
    total = found.total
    assert (total.funded, total.offered, total.used, total.seats) == (2000, 65, 50, 2)
    assert (total.people, total.organizations, total.offers) == (2, 1, 2)
    quarters = [(part.funded, part.offered, part.used, part.seats) for part in found.quarters]
    assert quarters == [(2000, 65, 10, 1), (0, 0, 0, 0), (0, 0, 40, 1), (0, 0, 0, 0)]
    parts = {str(label): {str(row.label): row for row in rows} for label, rows in found.breakdowns}
    assert parts["Sub-sector"]["Housing"].used == parts["Sub-sector"]["Youth"].used == 50
    assert parts["Sub-sector"]["no organization"].offered == 25
    assert parts["Annual budget"]["Under $500,000"].seats == 2
    assert parts["County"][partner.county.name].offered == 40
    assert parts["Local Area Council"][partner.area.name].offers == 1


def test_f4_by_the_districts_of_the_organization(monkeypatch):
    peoria = ZipPlace((92, 91), (46,))
    monkeypatch.setattr(breakdowns, "zip_places", lambda codes: {"61602": peoria} if set(codes) else {})
    here, nowhere = OrganizationFactory(zip_code="61602-1234"), OrganizationFactory(zip_code="99999")
    for partner, amount in ((here, 40), (here, 20), (nowhere, 5)):
        given(amount, awarded=datetime(2025, 8, 1, tzinfo=UTC), organization=partner)
    found = dict(scholarships(FiscalYear(2026), NOW).breakdowns)
    parts = {str(label): {str(row.label): row.offered for row in rows} for label, rows in found.items()}
    assert parts["House district, estimated"] == {"House 92": 60, "no district known": 5}
    assert parts["Senate district, estimated"] == {"Senate 46": 60, "no district known": 5}
    public = [str(label) for label, _rows in scholarships(FiscalYear(2026), NOW, is_public=True).breakdowns]
    assert public == ["Local Area Council", "Senate district, estimated", "Sub-sector", "Annual budget"]


def led(number: int, values: list[str], *, amount: int = 10, used: bool = True) -> None:
    """That many organizations whose leader said so, each with one scholarship."""
    awarded = datetime(2025, 8, 1, tzinfo=UTC)
    for _number in range(number):
        organization = OrganizationFactory()
        ProfileAnswer.objects.create(
            organization=organization,
            marker="leader_race",
            values=values,
            declined=not values,
            answered_at=awarded,
        )
        given(amount, awarded=awarded, used=awarded if used else None, organization=organization)


def race_lines() -> dict[str, Scholarships]:
    race, _ability = scholarships(FiscalYear(2026), NOW).leaders
    return {str(row.label): row for row in race.rows}


def test_f4_by_who_leads_the_organizations():
    led(12, ["white"])
    led(11, ["black", "asian"], amount=20)
    led(10, [])
    given(99, awarded=datetime(2025, 8, 1, tzinfo=UTC), organization=OrganizationFactory())
    lines = race_lines()
    white, black = lines["White"], lines["Black or African American"]
    assert (white.offered, white.used, white.offers, white.seats, white.people) == (120, 120, 12, 12, 12)
    assert (black.offered, black.organizations) == (220, 11)
    assert lines["Asian"].offered == 220
    race, ability = scholarships(FiscalYear(2026), NOW).leaders
    assert (race.answered, race.organizations, race.coverage_percent) == (33, 34, 97.1)
    assert ability.rows == []


def test_f4_withholds_few_leaders_also_from_staff_and_what_would_give_them_away():
    led(30, ["white"])
    led(14, ["black"])
    led(3, ["asian"])
    lines = race_lines()
    assert {name for name, row in lines.items() if row.is_withheld} == {"Black or African American", "Asian"}
    assert (lines["Asian"].offered, lines["Black or African American"].offered) == (0, 0)


def test_f4_withholds_leaders_whose_people_used_few_seats():
    led(30, ["white"])
    led(12, ["black"])
    led(12, ["asian"], used=False)
    led(4, ["asian"])
    # Sixteen awards, but four seats: they would be what is missing of the others.
    assert {name for name, row in race_lines().items() if row.is_withheld} >= {"Asian"}


def test_f4_tells_nothing_of_leaders_where_fewer_than_ten_answered():
    led(9, ["white"])
    race, _ability = scholarships(FiscalYear(2026), NOW).leaders
    assert (race.rows, race.answered) == ([], 9)


def test_f4_as_file_and_on_paper(desk):
    led(12, ["white"])
    led(11, ["black"], amount=20)
    file = desk.get("/admin/trainings/scholarshipfund/f4.csv?year=2026")
    text = b"".join(file.streaming_content).decode()
    assert "leader's race or ethnicity,White,,120.00,120.00,12,12,12,12" in text
    assert "leader's race or ethnicity,coverage: 23 of 23 organizations answered" in text
    paper = desk.get("/admin/trainings/scholarshipfund/f4/print/?year=2026").content.decode()
    assert "Coverage 100%: 23 of 23 organizations answered." in paper
    assert "Print this page" in paper


def test_f4_in_public_withholds_small_lines():
    big, small, middle = (OrganizationFactory() for _number in range(3))
    for partner, number in ((big, 30), (small, 3), (middle, 12)):
        for _number in range(number):
            given(10, awarded=datetime(2025, 8, 1, tzinfo=UTC), organization=partner)
    rows = scholarships(FiscalYear(2026), NOW, is_public=True).breakdowns[0][1]
    withheld = {str(row.label) for row in rows if row.is_withheld}
    assert withheld == {small.area.name, middle.area.name}
    assert all(not row.offered for row in rows if row.is_withheld)


def test_f4_asks_the_database_as_often_for_one_as_for_twenty(django_assert_num_queries):
    for number in (1, 19):
        for _number in range(number):
            given(10, awarded=NOW - timedelta(days=9), organization=OrganizationFactory())
        # Five, and one that finds no plan of districts.
        with django_assert_num_queries(6):
            scholarships(FiscalYear(2026), NOW)


# --- The desk -----------------------------------------------------------------------------------------------------


def picture() -> SimpleUploadedFile:
    target = BytesIO()
    Image.new("RGB", (900, 900), "navy").save(target, "PNG")
    return SimpleUploadedFile("../../evil.png", target.getvalue())


@pytest.mark.parametrize(
    "page",
    [
        "invoice/",
        "paymentevent/",
        "scholarshipfund/",
        "scholarshipfund/add/",
        "scholarshipfund/f4/",
        "scholarshipfund/f4/print/",
        "scholarshipfund/f4.csv",
        "scholarshipfund/f4.xlsx",
        "scholarshiprequest/",
        "facilitator/",
        "facilitator/add/",
        "facilitation/",
        "facilitation/add/",
        "facilitatordemographics/",
        "facilitatordemographics/add/",
        "facilitatordemographics/pay/",
        "facilitatordemographics/pay.csv",
        "trainingsponsor/",
        "trainingsponsor/add/",
    ],
)
def test_every_page_of_the_desk_opens(desk, page):
    invoiced(40)
    FacilitationFactory()
    SponsorshipFactory()
    given(40, awarded=timezone.now() - timedelta(days=1))
    assert desk.get(f"/admin/trainings/{page}").status_code == 200


def test_pay_by_group_needs_its_own_right(client):
    user = UserFactory(is_staff=True)
    rights = Permission.objects.filter(content_type__app_label="trainings").exclude(
        content_type__model="facilitatordemographics"
    )
    user.user_permissions.set(rights)
    client.force_login(user)
    for page in ("", "pay/", "pay.csv"):
        assert client.get(f"/admin/trainings/facilitatordemographics/{page}").status_code == 403


def test_a_facilitators_portrait_is_made_anew(desk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    data = {
        "name": "Ada",
        "slug": "ada",
        "headline": "",
        "bio": "<p>Hi</p><script>x</script>",
        "website": "",
        "portrait": picture(),
        "is_public": "on",
        "availability-TOTAL_FORMS": "0",
        "availability-INITIAL_FORMS": "0",
    }
    desk.post("/admin/trainings/facilitator/add/", data)
    ada = Facilitator.objects.get()
    assert ada.portrait.name.endswith(".webp")
    assert ada.bio == "<p>Hi</p>"
    assert desk.get(ada.portrait.url).status_code == 200
    data |= {"slug": "bo", "portrait": SimpleUploadedFile("x.png", b"<svg/>")}
    refused = desk.post("/admin/trainings/facilitator/add/", data)
    assert "PNG, JPEG or WebP" in refused.content.decode()


def test_declined_and_answered_at_once_is_refused(desk):
    data = {
        "facilitator": FacilitatorFactory().pk,
        "races": ["black"],
        "declined": "on",
        "answered_at_0": "2026-03-01",
        "answered_at_1": "10:00",
    }
    refused = desk.post("/admin/trainings/facilitatordemographics/add/", data)
    assert "not both" in refused.content.decode()
    del data["declined"]
    assert desk.post("/admin/trainings/facilitatordemographics/add/", data).status_code == 302
    assert FacilitatorDemographics.objects.get().races == ["black"]


def test_a_fund_does_not_fall_below_what_was_awarded(desk):
    fund = FundFactory(amount=100, committed=60)
    page = f"/admin/trainings/scholarshipfund/{fund.pk}/change/"
    data = {"name": fund.name, "funder": "x", "for_whom": "x", "amount": "59.99", "funded_on": "2026-01-01"}
    assert "awarded already" in desk.post(page, data).content.decode()
    assert desk.post(page, data | {"amount": "60"}).status_code == 302


def test_an_invoice_is_moved_by_buttons_alone(desk):
    invoice = invoiced(40)
    page = f"/admin/trainings/invoice/{invoice.pk}/change/"
    shown = desk.get(page).content.decode()
    assert "$40.00" in shown
    desk.post(page, {"state": "paid", "total": "1"})
    assert Invoice.objects.get().state == "open"
    links = [part.split('"')[0] for part in shown.split('href="') if "/paid" in part[:80]]
    assert links
    assert desk.post(links[0], {"how": "transfer", "note": "x"}).status_code == 302
    assert Invoice.objects.get().state == "paid"


@pytest.mark.parametrize(
    ("make", "changes", "name"),
    [
        (SponsorshipFactory, {"amount": -1}, "sponsorship_is_not_negative"),
        (SponsorshipFactory, {"ends_on": "2000-01-01"}, "sponsorship_ends_after_start"),
        (FacilitationFactory, {"fee": -1}, "facilitation_not_negative"),
    ],
)
def test_the_database_refuses(make, changes, name):
    row = make()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        type(row).objects.update(**changes)


def test_the_database_refuses_more():
    session, person = SessionFactory(), FacilitatorFactory()
    today = timezone.localdate()
    with pytest.raises(IntegrityError, match="sponsorship_of_one_thing"), transaction.atomic():
        SponsorshipFactory(session=session, course=session.course)
    FacilitationFactory(session=session, facilitator=person)
    with pytest.raises(IntegrityError, match="facilitation_once_per_session"), transaction.atomic():
        Facilitation.objects.create(session=session, facilitator=person)
    with pytest.raises(IntegrityError, match="facilitator_declined_says_nothing"), transaction.atomic():
        FacilitatorDemographics.objects.create(
            facilitator=person, declined=True, races=["asian"], answered_at=NOW
        )
    with pytest.raises(IntegrityError, match="availability_ends_after_start"), transaction.atomic():
        FacilitatorAvailability.objects.create(
            facilitator=person, starts_on=today, ends_on=today - timedelta(days=1)
        )
    assert not TrainingSponsorship.objects.exists()
    assert TrainingSponsor.objects.count() <= 1
