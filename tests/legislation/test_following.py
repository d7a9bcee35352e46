"""Following a bill, a legislator, a committee or a search: the buttons and the page of everything."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from legislation.models import Follow, FollowSettings, Notice, SavedSearch
from legislation.services import follow as services
from mailing.services.consent import suppress
from partners.errors import NotAllowed
from tests.factories.legislation import (
    BillEventFactory,
    BillFactory,
    BillTrackingFactory,
    CommitteeFactory,
    HearingFactory,
    LegislatorFactory,
)
from tests.factories.partners import CoalitionFactory, UserFactory

pytestmark = pytest.mark.django_db

PAGE = "/my/following/"
FOLLOW = "/my/following/follow/"
UNFOLLOW = "/my/following/unfollow/"
SEARCHES = "/my/following/searches/"


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def own(client, user):
    client.force_login(user)
    return client


def page(client) -> str:
    return client.get(PAGE).content.decode()


class TestFollowing:
    @pytest.mark.parametrize("factory", [BillFactory, LegislatorFactory, CommitteeFactory])
    def test_a_double_click_follows_once_and_stops_once(self, own, user, factory):
        target = factory()
        kind = type(target)._meta.model_name
        for _click in range(2):
            response = own.post(FOLLOW, {"kind": kind, "id": target.pk, "next": "/hearings/"})
            assert response["Location"] == "/hearings/"
        (follow,) = Follow.objects.filter(user=user)
        assert getattr(follow, kind) == target
        assert follow.immediate
        for _click in range(2):
            assert own.post(UNFOLLOW, {"kind": kind, "id": target.pk})["Location"] == PAGE
        assert not Follow.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_two_tabs_at_once_follow_once(self, user):
        bill, start = BillFactory(), Barrier(2)

        def press() -> None:
            start.wait(20)
            try:
                services.follow(user=user, target=bill)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            for tab in [pool.submit(press), pool.submit(press)]:
                tab.result()
        assert Follow.objects.count() == 1

    def test_a_visitor_is_led_past_the_sign_in_to_the_question_how(self, client, user):
        bill = BillFactory(identifier="HB1075", number=1075)
        path = f"{FOLLOW}?kind=bill&id={bill.pk}"
        asked = client.get(path)
        assert asked["Location"].startswith("/accounts/login/")
        client.force_login(user)
        assert "Follow HB 1075" in client.get(path).content.decode()
        assert not Follow.objects.exists()
        client.post(FOLLOW, {"kind": "bill", "id": bill.pk, "way": "digest"})
        assert Follow.objects.get().immediate is False

    @pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "/\\evil.example", ""])
    def test_the_way_back_leads_nowhere_else(self, own, where):
        bill = BillFactory()
        response = own.post(FOLLOW, {"kind": "bill", "id": bill.pk, "next": where})
        assert response["Location"] == bill.get_absolute_url()

    @pytest.mark.parametrize(
        "query",
        [
            {},
            {"kind": "user", "id": "1"},
            {"kind": "bill", "id": "x"},
            {"kind": "bill", "id": "99999"},
            {"kind": "bill", "id": "9" * 30},
        ],
    )
    def test_what_is_not_there_cannot_be_followed(self, own, query):
        assert own.post(FOLLOW, query).status_code == 404
        assert own.get(FOLLOW, query).status_code == 404

    def test_buttons_need_the_forms_token(self, user):
        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        assert client.post(FOLLOW, {"kind": "bill", "id": BillFactory().pk}).status_code == 403

    def test_there_is_an_end(self, user, monkeypatch):
        monkeypatch.setattr(services, "MOST_FOLLOWS", 1)
        bill = BillFactory()
        services.follow(user=user, target=bill)
        services.follow(user=user, target=bill, immediate=False)
        with pytest.raises(NotAllowed, match="You follow 1 things already"):
            services.follow(user=user, target=BillFactory())

    def test_a_follow_is_of_exactly_one_thing(self, user):
        for fields in ({}, {"bill": BillFactory(), "committee": CommitteeFactory()}):
            with pytest.raises(IntegrityError, match="follow_one_thing"), transaction.atomic():
                Follow.objects.create(user=user, **fields)

    def test_a_notice_has_one_cause(self, user):
        follow = services.follow(user=user, target=BillFactory())
        event, hearing = BillEventFactory(), HearingFactory()
        for fields in (
            {},
            {"event": event, "hearing": hearing, "hearing_news": "soon 2026-03-05"},
            {"hearing": hearing},
            {"event": event, "hearing_news": "soon 2026-03-05"},
        ):
            with pytest.raises(IntegrityError, match="notice_one_cause"), transaction.atomic():
                Notice.objects.create(user=user, follow=follow, way="digest", **fields)

    @pytest.mark.parametrize("cause", ["event", "hearing"])
    def test_the_database_lets_each_notice_in_once(self, user, cause):
        follow = services.follow(user=user, target=BillFactory())
        fields = (
            {"event": BillEventFactory()}
            if cause == "event"
            else {"hearing": HearingFactory(), "hearing_news": "soon"}
        )
        Notice.objects.create(user=user, follow=follow, way="digest", **fields)
        with pytest.raises(IntegrityError, match="once"), transaction.atomic():
            Notice.objects.create(user=user, follow=follow, way="immediate", **fields)


class TestThePage:
    def test_nothing_followed_says_what_to_do(self, own):
        words = page(own)
        assert "You follow nothing yet" in words
        assert reverse("legislation:bill_list") in words

    def test_everything_with_its_buttons(self, own, user):
        bill = BillFactory(identifier="HB1075", number=1075)
        BillTrackingFactory(bill=bill, plain_title="Keep porches safe")
        member, committee = LegislatorFactory(name="Pat Sample"), CommitteeFactory(name="Human Services")
        for target in (bill, member, committee):
            services.follow(user=user, target=target)
        services.save_search(user=user, query="chamber=upper", name="The Senate's")
        services.follow(user=UserFactory(), target=BillFactory(identifier="HB2", number=2))
        words = page(own)
        for part in (
            "HB 1075",
            "Keep porches safe",
            "Rep. Pat Sample",
            "House Human Services",
            "The Senate&#x27;s",
        ):
            assert part in words
        assert "HB 2" not in words
        assert f'href="{reverse("legislation:bill_list")}?chamber=upper"' in words

    def test_how_to_hear_of_one_thing_can_be_changed_by_its_owner_alone(self, own, user):
        mine = services.follow(user=user, target=BillFactory())
        others = services.follow(user=UserFactory(), target=BillFactory())
        own.post(reverse("my_legislation:follow_change", args=[mine.pk]), {"way": "digest"})
        mine.refresh_from_db()
        assert not mine.immediate
        assert (
            own.post(reverse("my_legislation:follow_change", args=[others.pk]), {"way": "digest"}).status_code
            == 404
        )

    def test_the_digest(self, own, user):
        assert 'value="daily"' in page(own)
        own.post(reverse("my_legislation:follow_settings"), {"digest": "weekly"})
        assert FollowSettings.objects.get(user=user).digest == "weekly"
        response = own.post(reverse("my_legislation:follow_settings"), {"digest": "hourly"}, follow=True)
        assert "Choose how often the digest comes." in response.content.decode()
        assert FollowSettings.objects.get(user=user).digest == "weekly"

    def test_mail_can_be_stopped_and_started(self, own):
        own.post(reverse("my_legislation:following_mail"), {"mail": "stop"})
        assert "Mail is stopped" in page(own)
        own.post(reverse("my_legislation:following_mail"), {"mail": "start"})
        assert "Mail is stopped" not in page(own)

    def test_a_suppressed_address_is_told_so(self, own, user):
        suppress(email=user.email, reason="bounced")
        assert "We may not write to your address" in page(own)

    def test_the_calendars_address_is_ones_own_and_can_be_replaced(self, own):
        before = own.get(PAGE).context["calendar_path"]
        own.post(reverse("my_legislation:following_calendar"))
        after = own.get(PAGE).context["calendar_path"]
        assert before != after
        assert own.get(before).status_code == 404
        assert own.get(after).status_code == 200

    @pytest.mark.parametrize("follows", [1, 20])
    def test_it_takes_the_same_queries_for_any_number(self, own, user, follows, django_assert_num_queries):
        for number in range(follows):
            for factory in (BillFactory, LegislatorFactory, CommitteeFactory):
                services.follow(user=user, target=factory())
            services.save_search(user=user, query=f"q=porch+{number}")
        with django_assert_num_queries(8):
            page(own)


class TestSearches:
    def test_the_bill_list_saves_with_one_click_under_the_search_in_words(self, own, user):
        for query in ("chamber=upper&q=wages", "?q=wages&chamber=upper&page=3&nonsense=1"):
            assert own.post(SEARCHES, {"query": query})["Location"] == PAGE
        (saved,) = SavedSearch.objects.filter(user=user)
        assert "wages" in saved.name
        assert saved.follow.immediate is False

    def test_or_after_asking_for_a_name(self, own):
        asked = own.get(SEARCHES, {"query": "q=wages"}).content.decode()
        assert "Save this search" in asked
        own.post(SEARCHES, {"query": "q=wages", "name": "Our wages", "way": "now"})
        saved = SavedSearch.objects.get()
        assert (saved.name, saved.follow.immediate) == ("Our wages", True)

    def test_a_name_is_needed_where_one_is_asked_for(self, own):
        response = own.post(SEARCHES, {"query": "q=wages", "name": " ", "way": "now"})
        assert "Give the search a name that you know again." in response.content.decode()
        assert not SavedSearch.objects.exists()

    @pytest.mark.parametrize("query", ["", "page=2", "sort=number", "q="])
    def test_all_bills_are_no_search(self, own, query):
        response = own.post(SEARCHES, {"query": query}, follow=True)
        assert "all bills would be too much news" in response.content.decode()
        assert not SavedSearch.objects.exists()

    def test_there_is_an_end(self, user, monkeypatch):
        monkeypatch.setattr(services, "MOST_SEARCHES", 1)
        services.save_search(user=user, query="q=wages")
        services.save_search(user=user, query="q=wages", name="Again")
        with pytest.raises(NotAllowed, match="You keep 1 searches already"):
            services.save_search(user=user, query="q=porches")

    def test_another_name_another_way_and_gone(self, own, user):
        saved = services.save_search(user=user, query="q=wages")
        edit = reverse("my_legislation:saved_search", args=[saved.pk])
        assert "wages" in own.get(edit).content.decode()
        own.post(edit, {"name": "Our wages", "way": "now"})
        saved.refresh_from_db()
        assert (saved.name, saved.follow.immediate) == ("Our wages", True)
        own.post(reverse("my_legislation:remove_search", args=[saved.pk]))
        assert not SavedSearch.objects.exists()
        assert not Follow.objects.exists()

    def test_others_searches_are_not_there(self, own):
        other = services.save_search(user=UserFactory(), query="q=wages")
        assert own.get(reverse("my_legislation:saved_search", args=[other.pk])).status_code == 404
        assert own.post(reverse("my_legislation:remove_search", args=[other.pk])).status_code == 404
        assert SavedSearch.objects.exists()


class TestTheButton:
    def drawn(self, client, bill) -> str:
        from django.template import engines
        from django.test import RequestFactory

        request = RequestFactory().get("/bills/")
        request.user = client
        template = engines["django"].from_string("{% load following %}{% follow_button bill %}")
        return template.render({"bill": bill}, request)

    def test_for_a_visitor_a_link_that_is_the_same_for_all(self, django_assert_num_queries):
        from django.contrib.auth.models import AnonymousUser

        bill = BillFactory(identifier="HB1075", number=1075)
        with django_assert_num_queries(0):
            words = self.drawn(AnonymousUser(), bill)
        assert f"{FOLLOW}?kind=bill&amp;id={bill.pk}" in words
        assert "csrf" not in words

    def test_for_somebody_signed_in_a_button_that_knows(self, user, django_assert_num_queries):
        bill = BillFactory()
        with django_assert_num_queries(1):
            words = self.drawn(user, bill)
        assert f'action="{FOLLOW}"' in words
        assert "csrfmiddlewaretoken" in words
        services.follow(user=user, target=bill)
        assert "You follow this" in self.drawn(user, bill)
