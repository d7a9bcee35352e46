"""Stories that people share: consent in words, reading at the desk, the public list, and withdrawal without a trace."""

import hashlib
import re

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from campaigns.kinds.story import consent_words
from campaigns.models import ActionTaken, IssueOfTheWeek, SharedStory, Story, StoryFact, UnconfirmedAction
from campaigns.services.actions import confirm_action
from campaigns.services.errors import StateError
from campaigns.services.shared_stories import (
    accept_story,
    decline_story,
    keep_story,
    make_article,
    proof_of,
    withdraw_shared_story,
)
from campaigns.services.stories import schedule_story, set_issue_of_the_week
from campaigns.tokens import confirmation_token, withdrawal_token
from mailing.models import OutboxMessage
from mailing.tokens import recipient_token
from partners.caching import GENERATION_KEY, cache_client
from tests.campaigns.answering import ANSWER, content, delivery_to
from tests.factories.campaigns import ActionTakenFactory
from tests.factories.letters import SharedStoryFactory, StoryCallFactory
from tests.factories.partners import CoalitionFactory, PersonFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

# A word that stands nowhere else, in the headline and in the text.
WORD = "Zwiebelturm"
TOLD = {
    "title": f"The {WORD}",
    "text": f"We met at the {WORD}.\r\nIt rained.",
    "place": "Quincy",
    "scope": "public",
}
STRANGER = {name: ANSWER[name] for name in ("first_name", "last_name", "email", "zip_code")}


@pytest.fixture(autouse=True)
def _coalition(settings):
    CoalitionFactory()
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def call():
    return StoryCallFactory()


@pytest.fixture
def staff():
    return StaffFactory()


@pytest.fixture
def author():
    user = UserFactory()
    PersonFactory(user=user, email=user.email, first_name="Lourdes", last_name="Medina")
    return user


def places_of(word: str) -> list[str]:
    """Every column of the database in which a word stands."""
    columns = """
        SELECT table_name, column_name, data_type FROM information_schema.columns
        WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'json', 'jsonb', 'bytea')
    """
    found = []
    with connection.cursor() as cursor:
        cursor.execute(columns)
        for table, column, kind in cursor.fetchall():
            name = f'"{column}"'
            shown = f"encode({name}, 'escape')" if kind == "bytea" else f"{name}::text"
            cursor.execute(f'SELECT 1 FROM "{table}" WHERE {shown} ILIKE %s LIMIT 1', [f"%{word}%"])
            found += [f"{table}.{column}"] if cursor.fetchone() else []
    return found


class TestSharing:
    def test_a_stranger_shares_confirms_and_gets_the_link_to_withdraw(self, client, call):
        page = content(client.get(call.get_absolute_url()))
        assert page.index("What may we do with it?") > page.index("Your story")
        assert "In the same places, but nobody reads my last name." in page
        response = client.post(call.get_absolute_url(), STRANGER | TOLD)
        assert response["Location"].endswith("/check-your-mail/")
        assert not SharedStory.objects.exists()
        token = confirmation_token(UnconfirmedAction.objects.get())
        confirm = reverse("campaigns:action_confirm", args=[token])
        assert WORD in content(client.get(confirm))
        thanks = client.post(confirm, follow=True)
        assert "What becomes of your story" in content(thanks)
        assert WORD not in content(thanks)
        shared = SharedStory.objects.get()
        assert (shared.title, shared.text) == (TOLD["title"], f"We met at the {WORD}.\nIt rained.")
        assert shared.scope_text == consent_words("public")
        assert "with my full name and place" in shared.scope_text
        assert shared.state == "waiting"
        receipt = bytes(OutboxMessage.objects.get(subject__startswith="Thank you").message)
        assert b"shared-stories" in receipt
        assert not UnconfirmedAction.objects.exists()

    def test_a_member_gets_one_receipt_however_often_they_send_it(self, client, call, author):
        client.force_login(author)
        for _time in range(2):
            assert client.post(call.get_absolute_url(), TOLD).status_code == 302
        assert SharedStory.objects.count() == ActionTaken.objects.count() == 1
        assert OutboxMessage.objects.count() == 1
        assert TOLD["title"] in content(client.get(call.get_absolute_url()))

    def test_an_alerts_link_does_not_show_an_earlier_story(self, client, call, author):
        SharedStoryFactory(action__call_to_action=call, action__person=author.person, title=TOLD["title"])
        token = recipient_token(delivery_to(call, author.person))
        assert WORD not in content(client.get(f"{call.get_absolute_url()}?r={token}"))

    @pytest.mark.parametrize(
        ("change", "problem"),
        [
            ({"text": "x" * 6001}, "Shorten your story to 6,000 characters. It has 6001 now."),
            ({"text": "  "}, "Tell your story."),
            ({"title": "x" * 10_000}, "Shorten the headline"),
            ({"title": "Subject\r\nBcc: all@example.org"}, "Use plain letters and signs on one line."),
            ({"scope": ""}, "Choose what we may do with your story."),
            ({"scope": "everything"}, "Choose what we may do with your story."),
            ({"text": "a\x00b"}, "Null characters are not allowed."),
        ],
    )
    def test_bad_input_is_an_error_and_the_words_are_kept(self, client, call, change, problem):
        response = client.post(call.get_absolute_url(), STRANGER | TOLD | {"place": "Kept Corner"} | change)
        assert response.status_code == 200
        page = content(response)
        assert problem in page
        assert "Kept Corner" in page
        assert not UnconfirmedAction.objects.exists()

    @pytest.mark.parametrize("text", ["قصتي", "It helped 🎉", "<script>alert(1)</script><b>x</b>"])
    def test_any_script_is_kept_as_text_and_shown_as_text(self, client, call, author, staff, text):
        client.force_login(author)
        client.post(call.get_absolute_url(), TOLD | {"text": text})
        shared = SharedStory.objects.get()
        assert shared.text == text
        accept_story(shared=shared, by=staff)
        page = content(client.get(reverse("campaigns:shared_stories", args=[call.slug])))
        assert "<script>alert" not in page
        assert "<b>x" not in make_article(shared=shared, by=staff).body

    def test_the_history_keeps_no_text(self, client, call, author):
        client.force_login(author)
        client.post(call.get_absolute_url(), TOLD)
        assert places_of(WORD) == ["campaigns_sharedstory.text", "campaigns_sharedstory.title"] or set(
            places_of(WORD)
        ) == {"campaigns_sharedstory.text", "campaigns_sharedstory.title"}

    def test_a_changed_story_waits_again(self, client, call, author, staff):
        client.force_login(author)
        client.post(call.get_absolute_url(), TOLD)
        accept_story(shared=SharedStory.objects.get(), by=staff)
        client.post(call.get_absolute_url(), TOLD)
        assert SharedStory.objects.get().state == "accepted"
        client.post(call.get_absolute_url(), TOLD | {"text": "Something else."})
        shared = SharedStory.objects.get()
        assert (shared.state, shared.moderated_by) == ("waiting", None)


class TestReading:
    @pytest.mark.parametrize(
        ("scope", "seen", "hidden"),
        [
            ("public", ["Lourdes Medina", "Quincy"], []),
            ("first_name", ["Lourdes", "Quincy"], ["Medina"]),
            ("anonymous", ["Name withheld"], ["Lourdes", "Medina", "Quincy"]),
            ("lawmakers", [], ["Lourdes", "Medina", "Quincy", "lamp on"]),
        ],
    )
    def test_the_public_reads_what_the_author_allows(self, client, call, author, staff, scope, seen, hidden):
        shared = SharedStoryFactory(action__call_to_action=call, action__person=author.person, scope=scope)
        page = reverse("campaigns:shared_stories", args=[call.slug])
        assert "lamp on" not in content(client.get(page))
        accept_story(shared=shared, by=staff)
        for address in (f"{page}?fresh=1", call.get_absolute_url()):
            main = content(client.get(address)).split("<main")[1].split("</main")[0]
            assert all(word in main for word in seen)
            assert not any(word in main for word in hidden)

    @pytest.mark.parametrize("count", [1, 12])
    def test_the_lists_queries_do_not_grow(self, client, call, count, django_assert_max_num_queries):
        actions = [ActionTakenFactory(call_to_action=call) for _number in range(count)]
        for action in actions:
            SharedStoryFactory(action=action, state="accepted")
        address = reverse("campaigns:shared_stories", args=[call.slug])
        client.get(address)
        with django_assert_max_num_queries(5):
            client.get(address, {"fresh": count})

    def test_declining_thanks_with_the_reason_and_repeats_nothing(self, staff):
        shared = SharedStoryFactory(title=TOLD["title"], text=TOLD["text"])
        decline_story(shared=shared, reason="We had three like it.", by=staff)
        shared.refresh_from_db()
        assert (shared.state, shared.moderated_by) == ("declined", staff)
        message = OutboxMessage.objects.get()
        assert message.to == shared.action.person.email
        assert b"We had three like it." in bytes(message.message)
        assert WORD.encode() not in bytes(message.message)
        with pytest.raises(StateError):
            decline_story(shared=shared, reason="Again.", by=staff)
        assert accept_story(shared=shared, by=staff).state == "accepted"

    def test_the_desk_shows_what_waits_and_its_buttons_work(self, client, staff):
        shared = SharedStoryFactory()
        SharedStoryFactory(title="Read before", state="accepted")
        client.force_login(staff)
        desk = content(client.get(reverse("admin:campaigns_sharedstory_changelist")))
        assert "The lamp in the window" in desk
        assert "Read before" not in desk
        page = reverse("admin:campaigns_sharedstory_change", args=[shared.pk])
        assert "A neighbor left the lamp on" in content(client.get(page))
        for step, answers, state in (
            ("decline", {"reason": "Not now."}, "declined"),
            ("accept", {}, "accepted"),
            ("article", {}, "accepted"),
            ("withdraw", {}, "withdrawn"),
        ):
            address = page.replace("/change/", f"/{step}/")
            assert client.get(address).status_code == 200
            client.post(address, answers)
            shared.refresh_from_db()
            assert shared.state == state
        assert "Erased." in content(client.get(page))


class TestArticles:
    def test_a_draft_takes_over_what_may_be_told(self, author, staff):
        shared = SharedStoryFactory(action__person=author.person, scope="anonymous")
        with pytest.raises(StateError, match="Accept"):
            make_article(shared=shared, by=staff)
        accept_story(shared=shared, by=staff)
        story = make_article(shared=shared, by=staff)
        assert story.status == "draft"
        assert "lamp on" in story.body
        words = " ".join(str(value) for value in story.__dict__.values())
        assert not any(name in words for name in ("Lourdes", "Medina", "Quincy"))
        assert make_article(shared=shared, by=staff) == story

    def test_what_is_for_lawmakers_only_becomes_none(self, staff):
        shared = SharedStoryFactory(scope="lawmakers", state="accepted")
        with pytest.raises(StateError, match="lawmakers"):
            make_article(shared=shared, by=staff)

    def test_a_narrower_consent_erases_the_article_at_once(self, client, author, staff):
        shared = SharedStoryFactory(action__person=author.person, state="accepted", title=TOLD["title"])
        story = make_article(shared=shared, by=staff)
        schedule_story(story=story, publish_at=timezone.now(), by=staff)
        address = story.get_absolute_url()
        keep_story(
            action=shared.action,
            title="Other words",
            text=shared.text,
            place="Quincy",
            scope="anonymous",
            scope_text=consent_words("anonymous"),
        )
        assert client.get(address).status_code == 404
        assert places_of(WORD) == []
        story.refresh_from_db()
        assert story.is_erased
        with pytest.raises(StateError, match="erased"):
            schedule_story(story=story, publish_at=timezone.now(), by=staff)
        shared.refresh_from_db()
        accept_story(shared=shared, by=staff)
        again = make_article(shared=shared, by=staff)
        assert again != story
        assert "Lourdes" not in again.source

    def test_a_wider_consent_leaves_it(self, staff):
        shared = SharedStoryFactory(scope="first_name", state="accepted")
        story = make_article(shared=shared, by=staff)
        schedule_story(story=story, publish_at=timezone.now(), by=staff)
        keep_story(
            action=shared.action,
            title=shared.title,
            text=shared.text,
            place="",
            scope="public",
            scope_text="All.",
        )
        story.refresh_from_db()
        assert story.status == "published"


class TestWithdrawing:
    @pytest.fixture
    def published(self, client, call, author, staff):
        """A story as far as one can come: told over the form, accepted, made into the Issue of the Week."""
        client.force_login(author)
        client.post(call.get_absolute_url(), TOLD | {"comment": f"About the {WORD}"})
        client.logout()
        shared = SharedStory.objects.get()
        accept_story(shared=shared, by=staff)
        story = make_article(shared=shared, by=staff)
        story.quote, story.quote_by, story.summary = f"{WORD}!", "Lourdes Medina", f"At the {WORD}"
        story.save()
        StoryFact.objects.create(story=story, value="1", label=WORD)
        schedule_story(story=story, publish_at=timezone.now(), by=staff)
        issue = set_issue_of_the_week(story=story, week=timezone.localdate(), by=staff)
        for row in (shared, story, issue):
            LogEntry.objects.create(
                user=staff,
                content_type=ContentType.objects.get_for_model(row),
                object_id=str(row.pk),
                object_repr=str(row),
                action_flag=CHANGE,
                change_message=WORD,
            )
        UnconfirmedAction.objects.create(
            call_to_action=call,
            email=author.email,
            first_name="Lourdes",
            last_name="Medina",
            consent_text="x",
            details=TOLD,
        )
        shared.refresh_from_db()
        return shared

    def test_get_shows_and_post_erases_every_trace(
        self, client, published, author, django_capture_on_commit_callbacks
    ):
        story, address = (
            published.story,
            reverse("campaigns:withdraw_story", args=[withdrawal_token(published)]),
        )
        article = story.get_absolute_url()
        assert client.get(article).status_code == 200
        assert len(places_of(WORD)) > 6
        shown = client.get(address)
        assert WORD in content(shown)
        assert "no-cache" in shown["Cache-Control"]
        published.refresh_from_db()
        assert published.state == "accepted"
        before = int(cache_client().get(GENERATION_KEY) or 0)
        with django_capture_on_commit_callbacks(execute=True):
            done = client.post(address, follow=True)
        assert int(cache_client().get(GENERATION_KEY)) > before
        proof = hashlib.sha256(
            f"{published.action.reference}\n{TOLD['title']}\nWe met at the {WORD}.\nIt rained.".encode()
        ).hexdigest()
        assert proof in content(done)
        assert published.action.reference in content(done)
        published.refresh_from_db()
        assert (published.state, published.withdrawal_proof) == ("withdrawn", proof)
        assert places_of(WORD) == []
        assert client.get(article).status_code == 404
        assert WORD not in content(client.get(reverse("campaigns:story_feed"), {"fresh": 1}))
        assert client.get(published.action.call_to_action.get_absolute_url()).status_code == 200
        receipt = OutboxMessage.objects.get(subject__startswith="Your story is withdrawn")
        assert receipt.to == author.email
        assert proof.encode() in re.sub(rb"=\r?\n", b"", bytes(receipt.message))
        assert ActionTaken.objects.count() == 1
        assert not IssueOfTheWeek.objects.exists()

    def test_twice_is_once(self, client, published):
        address = reverse("campaigns:withdraw_story", args=[withdrawal_token(published)])
        for _time in range(2):
            assert client.post(address).status_code == 302
        assert OutboxMessage.objects.filter(subject__startswith="Your story is withdrawn").count() == 1

    def test_a_form_left_open_does_not_bring_the_words_back(self, client, published, staff):
        withdraw_shared_story(shared=published)
        client.force_login(staff)
        story = Story.objects.get(pk=published.story_id)
        change = reverse("admin:campaigns_story_change", args=[story.pk])
        assert client.post(change, {"headline": TOLD["title"], "body": WORD}).status_code == 403
        assert places_of(WORD) == []

    @pytest.mark.parametrize("token", ["1", "1.forged", "x" * 3000, "1.é"])
    def test_forged_links_find_nothing(self, client, published, token):
        response = client.get(reverse("campaigns:withdraw_story", args=[token]))
        assert response.status_code == 404
        assert client.post(response.request["PATH_INFO"]).status_code == 404
        published.refresh_from_db()
        assert published.state == "accepted"

    def test_signed_in_people_find_their_own_stories_only(self, client, published, author):
        client.force_login(author)
        mine = content(client.get(reverse("my_actions:stories")))
        assert TOLD["title"] in mine
        assert withdrawal_token(published) in mine
        other = UserFactory()
        PersonFactory(user=other, email=other.email)
        client.force_login(other)
        assert WORD not in content(client.get(reverse("my_actions:stories")))

    def test_a_declined_and_a_waiting_story_can_be_withdrawn_and_another_told(self, client, call, author):
        client.force_login(author)
        client.post(call.get_absolute_url(), TOLD)
        shared = SharedStory.objects.get()
        withdraw_shared_story(shared=shared)
        assert places_of(WORD) == []
        first = SharedStory.objects.get().withdrawal_proof
        assert "The other one" not in content(client.get(call.get_absolute_url()))
        client.post(call.get_absolute_url(), TOLD | {"title": "The other one", "text": "New words."})
        shared.refresh_from_db()
        assert (shared.state, shared.text, shared.withdrawal_proof) == ("waiting", "New words.", "")
        assert shared.history.filter(withdrawal_proof=first).exists()

    def test_confirming_after_a_withdrawal_brings_nothing_back(self, published):
        waiting = UnconfirmedAction.objects.get()
        token = confirmation_token(waiting)
        withdraw_shared_story(shared=published)
        with pytest.raises(Exception, match="used before"):
            confirm_action(token=token)
        assert places_of(WORD) == []

    def test_the_database_keeps_a_withdrawn_story_empty(self):
        shared = SharedStoryFactory()
        with pytest.raises(IntegrityError, match="withdrawn_is_erased"), transaction.atomic():
            SharedStory.objects.filter(pk=shared.pk).update(state="withdrawn", withdrawn_at=timezone.now())

    def test_the_proof_is_of_all_three(self):
        proofs = {proof_of("A-1", "a", "b"), proof_of("A-1", "a\nb", ""), proof_of("A-2", "a", "b")}
        assert len(proofs) == 3

    def test_histories_that_may_hold_words_are_known(self):
        """A new history of one of these models would need erasing too."""
        tables = {
            model._meta.db_table for model in apps.get_models() if "historical" in model._meta.model_name
        }
        assert "campaigns_historicalsharedstory" in tables
        columns = {field.name for field in SharedStory.history.model._meta.fields}
        assert not columns & {"title", "text"}
