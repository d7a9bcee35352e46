"""Voices and profiles of workers: published as far as they allow, withdrawn without a trace; an agenda asks for them."""

import hashlib
import html

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Agenda, Priority, WorkerProfile, WorkerVoice
from campaigns.services.agendas import explain_missing_voice, publish_agenda, take_down_agenda
from campaigns.services.errors import StateError
from campaigns.services.voices import publish_words, take_down_words, withdraw_words
from campaigns.tokens import words_token
from campaigns.voice_emails import withdrawal_address
from mailing.models import OutboxMessage
from tests.campaigns.test_shared_stories import places_of
from tests.factories.campaigns import AgendaFactory, PriorityFactory
from tests.factories.campaigns_voices import WorkerProfileFactory, WorkerVoiceFactory
from tests.factories.partners import (
    CoalitionFactory,
    OrganizationFactory,
    StaffFactory,
    SubSectorFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

# A word that stands nowhere else.
WORD = "Zwiebelturm"


@pytest.fixture(autouse=True)
def _coalition(settings):
    CoalitionFactory()
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def staff():
    return StaffFactory()


@pytest.fixture
def desk(client, staff):
    client.force_login(staff)
    return client


def text_of(response) -> str:
    return response.content.decode()


class TestAPriority:
    def test_shows_what_workers_told_as_far_as_each_allows(self, client):
        priority = PriorityFactory()
        common = {"priority": priority, "state": "published", "background": f"{WORD}, said of herself"}
        WorkerVoiceFactory(quote="With my name.", first_name="Latrice", place="Peoria", **common)
        WorkerVoiceFactory(
            quote="Without it.",
            scope="anonymous",
            first_name="Andre",
            place="Cairo",
            role="Night aide",
            sub_sector=SubSectorFactory(name="Homes for elders"),
            **common,
        )
        WorkerVoiceFactory(quote="For lawmakers.", scope="lawmakers", **common)
        WorkerVoiceFactory(quote="A draft.", priority=priority)
        page = text_of(client.get(priority.get_absolute_url()))
        assert "What workers told us" in page
        for shown in ("With my name.", "Latrice", "Peoria", "Without it.", "Night aide", "Homes for elders"):
            assert shown in page
        for hidden in ("Andre", "Cairo", "For lawmakers.", "A draft.", WORD):
            assert hidden not in page

    @pytest.mark.parametrize("count", [1, 20])
    def test_takes_the_same_queries_for_one_voice_and_for_twenty(
        self, client, count, django_assert_num_queries
    ):
        priority = PriorityFactory()
        WorkerVoiceFactory.create_batch(
            count, priority=priority, state="published", sub_sector=SubSectorFactory()
        )
        with django_assert_num_queries(7):
            assert client.get(priority.get_absolute_url()).status_code == 200


class TestPublishing:
    def test_mails_its_author_the_way_back_and_none_of_the_words(self, client, staff):
        voice = WorkerVoiceFactory(quote=WORD, email="latrice@example.org")
        publish_words(words=voice, by=staff)
        mail = OutboxMessage.objects.get()
        assert mail.to == "latrice@example.org"
        assert WORD.encode() not in bytes(mail.message)
        link = reverse("campaigns:withdraw_words", args=[words_token(voice)])
        assert WORD in text_of(client.get(link))

    @pytest.mark.parametrize("lacking", [{"quote": " "}, {"scope_text": ""}])
    def test_needs_the_words_and_the_consent(self, staff, lacking):
        voice = WorkerVoiceFactory(**lacking)
        with pytest.raises(StateError, match="Write down"):
            publish_words(words=voice, by=staff)
        assert WorkerVoice.objects.get().state == "draft"

    def test_a_profile_needs_skill_training_and_result(self, staff):
        profile = WorkerProfileFactory(training="")
        with pytest.raises(StateError, match="skill, the training"):
            publish_words(words=profile, by=staff)

    def test_what_is_taken_down_comes_back_whole(self, staff):
        voice = publish_words(words=WorkerVoiceFactory(quote="Kept."), by=staff)
        take_down_words(words=voice, by=staff)
        assert not WorkerVoice.objects.listed().exists()
        publish_words(words=voice, by=staff)
        assert WorkerVoice.objects.listed().get().quote == "Kept."


class TestWithdrawing:
    def test_erases_every_trace_and_leaves_a_proof(self, client, staff):
        told = {"quote": f"{WORD} one", "first_name": WORD, "role": WORD, "place": WORD, "background": WORD}
        voice = WorkerVoiceFactory(email=f"{WORD}@example.org", sub_sector=SubSectorFactory(), **told)
        publish_words(words=voice, by=staff)
        OutboxMessage.objects.all().delete()  # Sent mail goes by its own rules.
        link = reverse("campaigns:withdraw_words", args=[words_token(voice)])
        assert client.get(link).status_code == 200
        assert WorkerVoice.objects.get().state == "published", "opening the link must not withdraw"
        page = text_of(client.post(link, follow=True))
        proof = hashlib.sha256(
            "\n".join([str(voice.pk), f"{WORD} one", WORD, WORD, WORD, WORD]).encode()
        ).hexdigest()
        assert "Your words are withdrawn" in page
        assert proof in page
        assert proof.encode() in bytes(OutboxMessage.objects.get().message).replace(b"=\r\n", b"")
        OutboxMessage.objects.all().delete()
        assert places_of(WORD) == []
        assert not WorkerVoice.history.exclude(sub_sector=None).exists()
        client.post(link)
        assert not OutboxMessage.objects.exists(), "twice changes nothing"

    def test_a_profile_loses_its_name_its_address_and_its_employer(self, client, staff):
        profile = WorkerProfileFactory(
            name=WORD, slug=WORD.lower(), organization=OrganizationFactory(), quote=WORD, skill=WORD
        )
        publish_words(words=profile, by=staff)
        withdraw_words(words=profile)
        assert places_of(WORD) == []
        row = WorkerProfile.objects.get()
        assert row.organization is None
        assert not WorkerProfile.history.exclude(organization=None).exists()

    @pytest.mark.parametrize("token", ["x", "v1.x", "", "é"])
    def test_a_made_up_link_leads_nowhere(self, client, token):
        WorkerVoiceFactory(state="published")
        address = reverse("campaigns:withdraw_words", args=[token or "1"])
        assert client.post(address).status_code == 404
        assert WorkerVoice.objects.get().state == "published"

    def test_staff_cannot_bring_erased_words_back(self, desk):
        voice = withdraw_words(words=WorkerVoiceFactory())
        address = reverse("admin:campaigns_workervoice_change", args=[voice.pk])
        assert desk.post(address, {"quote": "Back again"}).status_code == 403


@pytest.mark.parametrize(
    ("factory", "values", "name"),
    [
        (WorkerVoiceFactory, {"state": "withdrawn", "published_at": None}, "voice_withdrawn_is_erased"),
        (WorkerVoiceFactory, {"state": "published", "published_at": None}, "voice_published_has_words"),
        (
            WorkerProfileFactory,
            {"state": "withdrawn", "published_at": None},
            "worker_profile_withdrawn_is_erased",
        ),
        (WorkerProfileFactory, {"state": "published", "skill": ""}, "worker_profile_published_is_whole"),
        (PriorityFactory, {"no_voice_reason": "Not yet"}, "priority_reason_has_moment"),
        (PriorityFactory, {"no_voice_at": timezone.now()}, "priority_reason_has_moment"),
    ],
)
def test_the_database_refuses(factory, values, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        factory(**values)


class TestPublishingAnAgenda:
    def test_asks_why_where_no_voice_stands_and_keeps_who_said_it(self, desk, staff):
        agenda = AgendaFactory(is_published=False)
        heard, unheard = PriorityFactory(agenda=agenda), PriorityFactory(agenda=agenda, title="Pay on time")
        WorkerVoiceFactory(priority=heard, state="published")
        # Words that only lawmakers see do not stand beside it.
        WorkerVoiceFactory(priority=unheard, state="published", scope="lawmakers")
        address = reverse("admin:campaigns_agenda_publish", args=[agenda.pk])
        asked = text_of(desk.get(address))
        assert "Pay on time" in asked
        assert heard.title not in asked
        desk.post(address, {f"reason-{unheard.pk}": "   "})
        assert not Agenda.objects.get().is_published
        desk.post(address, {f"reason-{unheard.pk}": "Listening sessions in January."})
        assert Agenda.objects.get().is_published
        unheard.refresh_from_db()
        assert (unheard.no_voice_reason, unheard.no_voice_by) == ("Listening sessions in January.", staff)
        listed = text_of(desk.get(reverse("admin:campaigns_priority_changelist")))
        assert "none, explained" in listed

    def test_needs_no_reason_twice_and_none_where_workers_are_heard(self, staff):
        agenda = AgendaFactory(is_published=False)
        WorkerVoiceFactory(priority=PriorityFactory(agenda=agenda), state="published")
        explain_missing_voice(priority=PriorityFactory(agenda=agenda), reason="Soon.", by=staff)
        publish_agenda(agenda=agenda, by=staff)
        take_down_agenda(agenda=agenda, by=staff)
        publish_agenda(agenda=agenda, by=staff)
        with pytest.raises(StateError, match="already"):
            publish_agenda(agenda=agenda, by=staff)

    def test_its_history_says_who_published_it_and_who_took_it_off(self, desk, staff):
        agenda = AgendaFactory(is_published=False)
        publish_agenda(agenda=agenda, by=staff)
        other = StaffFactory()
        take_down_agenda(agenda=agenda, by=other)
        said = [(version.is_published, version.history_user) for version in agenda.history.all()]
        assert said == [(False, other), (True, staff), (False, None)]
        shown = text_of(desk.get(reverse("admin:campaigns_agenda_history", args=[agenda.pk])))
        assert str(other) in shown

    def test_refuses_without_a_reason_and_then_nothing_is_published(self, staff):
        agenda = AgendaFactory(is_published=False)
        priority = PriorityFactory(agenda=agenda)
        with pytest.raises(StateError, match="why no worker's voice"):
            publish_agenda(agenda=agenda, by=staff)
        assert not Agenda.objects.get().is_published
        assert not Priority.objects.get(pk=priority.pk).no_voice_reason

    def test_the_form_of_an_agenda_cannot_publish_it(self, desk):
        agenda = AgendaFactory(is_published=False)
        data = {
            "year": agenda.year,
            "title": agenda.title,
            "introduction": "Words",
            "is_published": "on",
            **{
                f"{part}-{count}": "0"
                for part in ("priorities", "targets")
                for count in ("TOTAL_FORMS", "INITIAL_FORMS")
            },
        }
        desk.post(reverse("admin:campaigns_agenda_change", args=[agenda.pk]), data)
        assert not Agenda.objects.get().is_published


class TestProfiles:
    def test_are_listed_with_their_name_as_they_wish(self, client):
        named = WorkerProfileFactory(state="published", organization=OrganizationFactory(name="Three Oaks"))
        unnamed = WorkerProfileFactory(
            state="published", scope="anonymous", name="Ruth Hidden", city="Cairo", role="Night aide"
        )
        WorkerProfileFactory(state="published", scope="lawmakers", name="Not Here")
        page = text_of(client.get(reverse("campaigns:profile_list")))
        assert named.name in page
        assert "Night aide" in page
        for hidden in ("Ruth", "Not Here"):
            assert hidden not in page
        own = text_of(client.get(unnamed.get_absolute_url()))
        assert "Ruth" not in own
        assert "Cairo" not in own
        assert "Three Oaks" in text_of(client.get(named.get_absolute_url()))

    @pytest.mark.parametrize("scope", WorkerProfile.Scope.values)
    @pytest.mark.parametrize("role", ["Night aide", ""])
    def test_have_the_same_title_in_lists_as_on_their_page(self, scope, role):
        WorkerProfileFactory(scope=scope, role=role)
        profile = WorkerProfile.objects.with_titles().get()
        assert profile.shown_title == profile.shown_name

    @pytest.mark.parametrize(
        ("scope", "slug", "tells"),
        [
            ("anonymous", "ruth-night-aide", True),
            ("anonymous", "aide-in-cairo", True),
            ("lawmakers", "munoz", True),
            ("anonymous", "night-aide", False),
            ("public", "ruth-munoz", False),
        ],
    )
    def test_have_no_name_in_their_address_without_leave(self, client, desk, staff, scope, slug, tells):
        data = {
            "name": "Ruth A. Muñoz", "slug": slug, "role": "A night aide", "city": "Cairo", "summary": "Nights.",
            "skill": "S", "training": "T", "result": "R", "quote": "", "organization": "", "email": "",
            "scope": scope, "scope_text": "Yes.", "consented_at_0": "2026-01-02", "consented_at_1": "12:00:00",
        }  # fmt: skip
        answer = text_of(desk.post(reverse("admin:campaigns_workerprofile_add"), data))
        assert ("stands in the page&#x27;s address" in answer) == tells
        assert WorkerProfile.objects.exists() != tells
        if tells:
            # Nor does one that came another way get onto the site.
            profile = WorkerProfileFactory(scope=scope, slug=slug, name="Ruth A. Muñoz", city="Cairo")
            with pytest.raises(StateError, match="stands in the page's address"):
                publish_words(words=profile, by=staff)

    def test_nothing_machines_read_names_who_allows_no_name(self, client, desk):
        WorkerProfileFactory(
            state="published", scope="anonymous", name=f"Ruth {WORD}", city="Cairo", slug="night-aide"
        )
        form = text_of(desk.get(reverse("admin:campaigns_workerprofile_add")))
        assert '"dependency_list": ["role"]' in html.unescape(form)
        client.logout()
        for address in (reverse("sitemap"), reverse("campaigns:profile_list"), "/search/?q=home+care"):
            page = text_of(client.get(address))
            assert "night-aide" in page
            assert WORD.lower() not in page.lower()
            assert "ruth" not in page.lower().replace("truth", "")

    def test_drafts_are_seen_by_staff_alone(self, client, staff):
        draft = WorkerProfileFactory()
        assert client.get(f"{draft.get_absolute_url()}?preview=1").status_code == 404
        client.force_login(staff)
        assert client.get(f"{draft.get_absolute_url()}?preview=1").status_code == 200

    def test_drafts_are_not_seen_by_staff_who_may_not_look_at_profiles(self, client):
        draft = WorkerProfileFactory()
        client.force_login(UserFactory(is_staff=True))
        assert client.get(f"{draft.get_absolute_url()}?preview=1").status_code == 404

    def test_the_link_that_erases_is_for_staff_who_may_change_words(self, client):
        words = WorkerVoiceFactory(state="published")
        address = reverse("admin:campaigns_workervoice_change", args=[words.pk])
        reader = UserFactory(is_staff=True)
        reader.user_permissions.add(Permission.objects.get(codename="view_workervoice"))
        client.force_login(reader)
        assert withdrawal_address(words) not in text_of(client.get(address))
        reader.user_permissions.add(Permission.objects.get(codename="change_workervoice"))
        assert withdrawal_address(words) in text_of(client.get(address))

    def test_a_priority_added_to_a_published_agenda_is_asked_for_its_voice(self, desk):
        agenda = AgendaFactory(is_published=True)
        said = {
            "agenda": agenda.pk,
            "pillar": PriorityFactory().pillar.pk,
            "title": "Pay on time",
            "slug": "pay-on-time",
            "summary": "Contracts are paid when work is done.",
            "body": "<p>Contracts are paid when work is done.</p>",
            "order": "1",
        }
        address = reverse("admin:campaigns_priority_add")
        form = desk.get(address).context["adminform"].form
        defaults = {
            name: form.get_initial_for_field(field, name)
            for name, field in form.fields.items()
            if form.get_initial_for_field(field, name)
        }
        page = desk.post(address, defaults | said, follow=True)
        assert Priority.objects.filter(slug="pay-on-time").exists(), page.context["errors"]
        assert "has no worker" in text_of(page)

    @pytest.mark.parametrize("count", [1, 18])
    def test_the_list_takes_the_same_queries(self, client, count, django_assert_num_queries):
        WorkerProfileFactory.create_batch(count, state="published")
        with django_assert_num_queries(3):
            client.get(reverse("campaigns:profile_list"))
