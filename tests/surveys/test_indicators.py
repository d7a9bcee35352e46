"""T4, counted by hand; and who should hear from us, with the reasons."""

from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from partners.fiscal_year import CHICAGO, FiscalYear
from portal.outreach import outreach_list
from surveys.indicators import VALUE_DEFINITION, training_value, training_value_by_quarter
from surveys.models import Answer, OutreachTouch, Survey
from surveys.services.outreach import record_touch
from tests.factories.campaigns import ActionTakenFactory
from tests.factories.partners import CoalitionFactory, MembershipFactory, OrganizationFactory, StaffFactory
from tests.factories.surveys import QuestionFactory, ResponseFactory, SurveyFactory, SurveyInvitationFactory

pytestmark = pytest.mark.django_db
OCTOBER = datetime(2025, 10, 7, 16, tzinfo=CHICAGO)
JANUARY = datetime(2026, 1, 5, 9, tzinfo=CHICAGO)
YEAR = FiscalYear(2026)


def ask(survey, question, values, *, occasion, sent_at, silent=0, quoting=""):
    """Somebody invited for each value, who answered it; None passes the question over."""
    for value in values:
        invitation = SurveyInvitationFactory(
            survey=survey, occasion=occasion, sent_at=sent_at, due_on=date(2027, 1, 1), answered=True
        )
        response = ResponseFactory(
            survey=survey, person=invitation.person, occasion=occasion, quoting=quoting
        )
        if value is not None:
            Answer.objects.create(response=response, question=question, value=value)
    SurveyInvitationFactory.create_batch(
        silent, survey=survey, occasion=occasion, sent_at=sent_at, due_on=date(2027, 1, 1)
    )


class TestT4:
    @pytest.fixture
    def survey(self):
        return SurveyFactory(purpose="training")

    @pytest.fixture
    def value(self, survey):
        return QuestionFactory(
            survey=survey, kind="choice", choices="Very\nYes\nNo", measures="value", counting="Very\nYes"
        )

    @pytest.fixture
    def used(self, survey):
        return QuestionFactory(survey=survey, kind="scale", measures="used")

    def test_shares_of_those_who_answered_and_rates_of_those_invited(self, survey, value, used):
        ask(survey, value, ["Very"] * 6 + ["Yes"] * 3 + ["No"] * 3 + [None] * 2, occasion="training:1:end",
            sent_at=OCTOBER, silent=6)  # fmt: skip
        ask(survey, used, [5] * 4 + [4] * 4 + [3] * 2, occasion="training:1:90d", sent_at=JANUARY, silent=10)
        # Neither a survey without these occasions nor another year's training.
        ask(survey, value, ["No"] * 20, occasion="something", sent_at=OCTOBER)
        ask(survey, value, ["No"] * 20, occasion="training:0:end", sent_at=OCTOBER - timedelta(days=365))
        found = training_value(YEAR.period)
        assert (found.valuable.part, found.valuable.whole, found.valuable.percent) == (9, 12, 75.0)
        assert (found.used.part, found.used.whole, found.used.percent) == (8, 10, 80.0)
        assert (found.answered_at_the_end.part, found.answered_at_the_end.whole) == (14, 20)
        assert found.answered_at_90_days.percent == 50.0

    def test_each_quarter_counts_what_was_asked_in_it(self, survey, value, used):
        ask(survey, value, ["Very"] * 12, occasion="training:1:end", sent_at=OCTOBER)
        ask(survey, used, [1] * 12, occasion="training:1:90d", sent_at=JANUARY)
        quarters = training_value_by_quarter(YEAR)
        assert [quarter.valuable.whole for quarter in quarters] == [0, 12, 0, 0]
        assert [quarter.used.whole for quarter in quarters] == [0, 0, 12, 0]

    def test_fewer_than_ten_make_no_share(self, survey, value):
        ask(survey, value, ["Very"] * 9, occasion="training:1:end", sent_at=OCTOBER)
        assert training_value(YEAR.period).valuable.percent is None

    def test_quotes_need_words_and_consent(self, survey, value):
        words = QuestionFactory(survey=survey, kind="long")
        for quoting in ("named", "nameless", "no", ""):
            ask(survey, words, ["Thank you"], occasion="training:1:end", sent_at=OCTOBER, quoting=quoting)
        assert training_value(YEAR.period).quotes == 2

    def test_the_definition_stands_beside_it(self):
        assert "“valuable” or better" in str(VALUE_DEFINITION)

    def test_it_costs_the_same_for_one_training_and_for_twenty(
        self, survey, value, django_assert_num_queries
    ):
        for number in range(20):
            ask(survey, value, ["Very"], occasion=f"training:{number}:end", sent_at=OCTOBER)
        with django_assert_num_queries(7):
            training_value(YEAR.period)


class TestOutreach:
    @pytest.fixture
    def survey(self):
        CoalitionFactory()
        return SurveyFactory(purpose=Survey.Purpose.PARTNERS)

    @pytest.fixture
    def partner(self):
        """Makes a partner without any reason but those that a test adds."""

        def make(name):
            organization = OrganizationFactory(name=name)
            MembershipFactory(organization=organization)
            ActionTakenFactory(organization=organization)
            return organization

        return make

    def answer(self, survey, organization, question, value):
        SurveyInvitationFactory(survey=survey, organization=organization, occasion="2026", answered=True)
        response = ResponseFactory(survey=survey, organization=organization, occasion="2026")
        Answer.objects.create(response=response, question=question, value=value)

    def names(self):
        return [candidate.organization.name for candidate in outreach_list(timezone.now())]

    def test_the_most_pressing_first_with_every_reason(self, survey, partner):
        relation = QuestionFactory(survey=survey, kind="scale", text="How well?", measures="relation")
        contact = QuestionFactory(
            survey=survey, kind="choice", choices="Call us\nNo", measures="contact", counting="Call us"
        )
        self.answer(survey, partner("Fine"), relation, 5)
        self.answer(survey, partner("Unhappy"), relation, 1)
        self.answer(survey, partner("Caller"), contact, "Call us")
        silent = partner("Silent")
        SurveyInvitationFactory(survey=survey, organization=silent, occasion="2026")
        nobody = OrganizationFactory(name="Nobody")
        ActionTakenFactory(organization=nobody)
        found = {each.organization.name: [str(reason.words) for reason in each.reasons]
                 for each in outreach_list(timezone.now())}  # fmt: skip
        assert list(found) == ["Caller", "Nobody", "Unhappy", "Silent"]
        assert found["Unhappy"] == ["answered “1” to “How well?”"]
        assert found["Nobody"] == ["has no primary contact"]

    def test_anonymous_answers_and_former_partners_give_no_reason(self, survey, partner):
        Survey.objects.update(is_anonymous=True)
        survey.refresh_from_db()
        SurveyInvitationFactory(survey=survey, organization=partner("Silent"))
        OrganizationFactory(name="Former", status="left")
        assert self.names() == []

    def test_a_new_contact_and_no_action_are_reasons(self, survey):
        organization = OrganizationFactory(name="Changed", joined_on=date(2020, 1, 1))
        MembershipFactory(organization=organization, started_on=timezone.localdate() - timedelta(days=30))
        (found,) = outreach_list(timezone.now())
        assert found.weight == 3

    def test_a_contact_sends_a_partner_down_for_two_months(self, survey):
        first, second = OrganizationFactory(name="A"), OrganizationFactory(name="B")
        assert self.names() == ["A", "B"]
        now, staff = timezone.now(), StaffFactory()
        record_touch(organization=first, outcome="talked", note="", by=staff, now=now - timedelta(days=59))
        assert self.names() == ["B", "A"]
        OutreachTouch.objects.update(touched_at=now - timedelta(days=61))
        assert self.names() == ["A", "B"]
        assert second.outreach_touches.count() == 0

    def test_the_desk_notes_contacts(self, client, survey, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        organization, staff = OrganizationFactory(name="Birch House"), StaffFactory()
        client.force_login(staff)
        page = "/admin/surveys/outreachtouch/priority/"
        assert "Birch House" in client.get(page).content.decode()
        assert client.post(f"{page}{organization.pk}/", {"outcome": "nonsense"}).status_code == 200
        note = "שלום <script>alert(1)</script>"
        client.post(f"{page}{organization.pk}/", {"outcome": "talked", "note": note})
        touch = OutreachTouch.objects.get()
        assert (touch.touched_by, touch.note) == (staff, note)
        assert "<script>alert" not in client.get(f"{page}{organization.pk}/").content.decode()
        assert client.get(f"{page}999999/").status_code == 404

    def test_reasons_tell_answers_so_the_list_takes_the_right_to_read_them(self, client, survey, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        clerk = StaffFactory(is_superuser=False)
        clerk.user_permissions.set(Permission.objects.filter(codename="view_outreachtouch"))
        client.force_login(clerk)
        assert client.get("/admin/surveys/outreachtouch/priority/").status_code == 403
        clerk.user_permissions.add(Permission.objects.get(codename="view_response"))
        assert client.get("/admin/surveys/outreachtouch/priority/").status_code == 200

    def test_the_list_costs_the_same_for_one_partner_and_for_twenty(
        self, survey, partner, django_assert_num_queries
    ):
        for count in (1, 19):
            for number in range(count):
                SurveyInvitationFactory(survey=survey, organization=partner(f"Silent {count} {number}"))
            with django_assert_num_queries(8):
                outreach_list(timezone.now())
