"""Anonymous answers: after a run of them, nothing in the whole database joins a person and an answer."""

import random
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from partners.errors import NotAllowed
from surveys.models import Answer, Response, Survey, SurveyInvitation
from surveys.services.answers import answer_invitation, answer_openly, record_response
from surveys.services.ballot_box import shake
from surveys.services.invitations import invite, remind
from surveys.shown_results import occasions_to_show, public_summary, staff_results
from surveys.texts import text_answers
from surveys.tokens import invitation_token
from tests.factories.partners import (
    CoalitionFactory,
    MembershipFactory,
    OrganizationFactory,
    PersonFactory,
    StaffFactory,
    member,
)
from tests.factories.surveys import QuestionFactory, ResponseFactory, SurveyFactory, SurveyInvitationFactory

NOW = timezone.now()
PEOPLE = 24


@pytest.fixture
def survey(db):
    CoalitionFactory()
    survey = SurveyFactory(is_anonymous=True, asks_to_quote=True)
    QuestionFactory(survey=survey, kind="long", text="Why?", order=2)
    QuestionFactory(survey=survey, kind="scale", text="How?", order=1)
    return survey


def rows(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


@pytest.mark.django_db(transaction=True)
class TestTheWholeDatabase:
    @pytest.fixture
    def words(self, client, survey):
        """What each person wrote, in the order in which they did: over a mailed link, each in a transaction of its own."""
        memberships = MembershipFactory.create_batch(PEOPLE)
        people = [(each.person, each.organization) for each in memberships]
        assert invite(survey=survey, people=people, occasion="may", now=NOW - timedelta(days=6)) == PEOPLE
        why = survey.questions.get(text="Why?")
        invitations = list(SurveyInvitation.objects.all())
        random.Random(7).shuffle(invitations)
        words = {}
        for number, invitation in enumerate(invitations):
            words[invitation.person] = f"quail{number:02d}heron"
            typed = {"page": 0, f"q{why.pk}": words[invitation.person], "quoting": "nameless"}
            assert client.post(f"/surveys/answer/{invitation_token(invitation)}/", typed).status_code == 302
            if number == PEOPLE // 2:
                remind(now=NOW)
        return words

    def test_words_stand_in_one_place_only(self, words):
        tables = [name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        found = {
            table
            for table in tables
            for (line,) in rows(f'SELECT t::text FROM "{table}" t')
            if "quail" in line and "heron" in line
        }
        assert found == {"surveys_answer"}

    def test_no_column_of_an_answer_tells_who_or_when(self, words):
        told = rows(
            "SELECT DISTINCT survey_id, is_anonymous, occasion, quoting, person_id, organization_id, responded_at "
            "FROM surveys_response"
        )
        assert len(told) == 1
        assert told[0][4:] == (None, None, None)
        columns = {
            (table, name)
            for table, name in rows(
                "SELECT table_name, column_name FROM information_schema.columns "
                "WHERE table_name IN ('surveys_response', 'surveys_answer')"
            )
        }
        assert columns == {
            *[("surveys_response", name) for name in (
                "id", "survey_id", "is_anonymous", "occasion", "person_id", "organization_id",
                "responded_at", "quoting",
            )],
            *[("surveys_answer", name) for name in (
                "id", "response_id", "question_id", "value", "file", "is_quoted",
            )],
        }  # fmt: skip
        # Keys are drawn by lot; nothing counts them up.
        assert all(key.version == 4 for key in [*Response.objects.values_list("pk", flat=True)])
        assert all(key.version == 4 for key in [*Answer.objects.values_list("pk", flat=True)])
        assert not rows("SELECT 1 FROM pg_sequences WHERE sequencename ~ '^surveys_(response|answer)_'")

    def test_nobody_else_points_at_an_answer(self, words):
        keys = {str(key) for key in Response.objects.values_list("pk", flat=True)}
        keys |= {str(key) for key in Answer.objects.values_list("pk", flat=True)}
        for (table,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            if table not in {"surveys_response", "surveys_answer"}:
                for (line,) in rows(f'SELECT t::text FROM "{table}" t'):
                    assert not any(key in line for key in keys), table

    def test_neither_the_place_nor_the_transaction_of_a_row_tells_its_turn(self, words):
        turns = list(words.values())
        assert rows("SELECT count(DISTINCT xmin::text) FROM surveys_answer") == [(1,)]
        assert rows("SELECT count(DISTINCT xmin::text) FROM surveys_response") == [(1,)]
        for order in ("ctid", "id", "response_id"):
            stored = [
                value for (value,) in rows(f"SELECT value #>> '{{}}' FROM surveys_answer ORDER BY {order}")
            ]
            assert sorted(stored) == sorted(turns)
            assert stored not in (turns, turns[::-1])
        by_place = rows(
            "SELECT a.value #>> '{}' FROM surveys_response r JOIN surveys_answer a ON a.response_id = r.id "
            "ORDER BY r.ctid"
        )
        assert [value for (value,) in by_place] not in (turns, turns[::-1])

    def test_invitations_keep_that_somebody_answered_and_not_when(self, words):
        assert SurveyInvitation.objects.filter(answered=True).count() == PEOPLE
        times = rows(
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_name = 'surveys_surveyinvitation' AND data_type ~ 'time|date'"
        )
        assert {name for (name,) in times} == {"sent_at", "due_on", "reminded_at"}

    def test_unfinished_answers_are_kept_nowhere(self, client, survey, words):
        assert rows("SELECT count(*) FROM django_session") == [(0,)]
        assert not client.session.keys()


class TestThePromise:
    def test_it_cannot_be_changed_once_somebody_was_invited_or_answered(self, survey):
        SurveyInvitationFactory(survey=survey)
        with pytest.raises(IntegrityError, match="keeps_the_promise"), transaction.atomic():
            Survey.objects.filter(pk=survey.pk).update(is_anonymous=False)
        named = SurveyFactory()
        ResponseFactory(survey=named)
        with pytest.raises(IntegrityError, match="keeps_the_promise"), transaction.atomic():
            Survey.objects.filter(pk=named.pk).update(is_anonymous=True)
        Survey.objects.filter(pk=SurveyFactory().pk).update(is_anonymous=True)

    def test_a_name_cannot_get_into_the_box(self, survey):
        with pytest.raises(IntegrityError, match="names_nobody"), transaction.atomic():
            ResponseFactory(survey=survey, is_anonymous=True)
        with pytest.raises(IntegrityError, match="names_nobody"), transaction.atomic():
            Response.objects.create(survey=survey, is_anonymous=True, quoting="named")
        with pytest.raises(IntegrityError, match="keeps_the_promise"), transaction.atomic():
            ResponseFactory(survey=survey)
        with pytest.raises(IntegrityError, match="says_who_and_when"), transaction.atomic():
            Response.objects.create(survey=SurveyFactory())

    def test_it_cannot_be_answered_where_names_are_kept(self, survey):
        person = PersonFactory()
        with pytest.raises(NotAllowed, match="anonymous"):
            record_response(survey=survey, person=person, organization=None, answers={}, now=NOW)
        invitation = SurveyInvitationFactory(survey=survey)
        with pytest.raises(NotAllowed, match="quoted by name"):
            answer_invitation(invitation=invitation, answers={}, quoting="named", now=NOW)
        assert not Response.objects.exists()

    def test_once_each_also_at_its_own_address(self, survey):
        Survey.objects.filter(pk=survey.pk).update(is_open=True)
        survey.refresh_from_db()
        common = {
            "survey": survey,
            "person": PersonFactory(),
            "organization": None,
            "answers": {},
            "now": NOW,
        }
        answer_openly(**common)
        with pytest.raises(NotAllowed, match="already"):
            answer_openly(**common)
        assert Response.objects.get().person is None

    def test_only_boxes_are_shaken(self, db):
        with pytest.raises(ValueError, match="box"):
            shake(survey=SurveyFactory())

    def test_the_form_does_not_offer_to_be_named(self, client, survey):
        page = client.get(f"/surveys/answer/{invitation_token(SurveyInvitationFactory(survey=survey))}/")
        assert "Yes, without my name" in page.content.decode()
        assert "with my name" not in page.content.decode()
        assert "Your answers are anonymous" in page.content.decode()


class TestSmallNumbers:
    def box(self, survey, number, occasion="", value=4):
        for _each in range(number):
            response = Response.objects.create(survey=survey, is_anonymous=True, occasion=occasion)
            for question in survey.questions.all():
                given = value if question.kind == "scale" else "Between us"
                Answer.objects.create(response=response, question=question, value=given)

    def test_staff_see_nothing_of_fewer_than_ten(self, client, survey, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        client.force_login(StaffFactory())
        self.box(survey, 9)
        why = survey.questions.get(text="Why?")
        page = f"/admin/surveys/survey/{survey.pk}/results/"
        assert [result.cells for result in staff_results(survey)] == [[], []]
        assert not text_answers(why).exists()
        assert "Between us" not in client.get(f"{page}texts/{why.pk}/").content.decode()
        assert client.get(f"{page}answers.csv").status_code == 404
        assert client.get(page).status_code == 200
        self.box(survey, 1)
        file = b"".join(client.get(f"{page}answers.csv").streaming_content).decode("utf-8-sig")
        assert file.splitlines()[0] == "How?,Why?"
        assert file.count("Between us") == 10

    def test_an_occasion_shows_by_itself_only_where_the_rest_hides_nobody(self, survey):
        self.box(survey, 12, "may")
        assert occasions_to_show(survey) == []
        self.box(survey, 3, "june")
        assert occasions_to_show(survey) == []
        self.box(survey, 8, "july")
        assert occasions_to_show(survey) == [("may", 12)]

    def test_what_depends_on_a_withheld_number_is_withheld(self, survey):
        how = survey.questions.get(text="How?")
        QuestionFactory(survey=survey, kind="choice", choices="A\nB", shown_if=how, shown_values="4", order=3)
        self.box(survey, 30, value=4)
        assert [result.is_held_back for result in public_summary(survey)] == [False, False]
        self.box(survey, 2, value=1)
        shown = public_summary(survey)
        assert shown[0].is_thinned
        assert shown[1].is_held_back
        assert (shown[1].asked, shown[1].answered) == (0, 0)

    def test_the_desk_does_not_say_who_has_answered(self, client, survey, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        client.force_login(StaffFactory())
        invitation = SurveyInvitationFactory(survey=survey, answered=True)
        for page in ("", f"{invitation.pk}/change/"):
            assert "not shown" in client.get(f"/admin/surveys/surveyinvitation/{page}").content.decode()

    def test_my_list_does_not_ask_again(self, client, survey):
        user = member(OrganizationFactory())
        Survey.objects.filter(pk=survey.pk).update(is_open=True)
        client.force_login(user)
        assert survey.title in client.get("/my/surveys/").content.decode()
        client.post(f"/my/surveys/{survey.slug}/", {"page": 0})
        assert survey.title not in client.get("/my/surveys/").content.decode()
