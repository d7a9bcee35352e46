"""Technical assistance from the question to its outcome, and the library of resources."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from mailing.models import OutboxMessage
from partners.errors import NotAllowed
from tests.factories.partners import MembershipFactory, PersonFactory, StaffFactory, UserFactory
from tests.factories.trainings import TopicFactory
from trainings.models import AssistanceRequest, Resource
from trainings.services import assistance

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    person = PersonFactory(user=UserFactory())
    MembershipFactory(person=person)
    return person


@pytest.fixture
def staff(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    return StaffFactory()


def asked(person, **facts):
    values = {"subject": "Our newsletter", "text": "How do we start?", "topic": None, "session": None}
    return assistance.ask(person=person, now=timezone.now(), **values | facts)


def test_a_partner_asks_once_and_hears_that_we_have_it(client, person):
    client.force_login(person.user)
    words = {"subject": "Our newsletter", "text": "How do we start?"}
    for _each in range(2):
        page = client.post(reverse("my_trainings:assistance_ask"), words, follow=True)
    assert "How do we start?" in page.text
    request = AssistanceRequest.objects.get()
    assert request.organization == person.memberships.get().organization
    message = OutboxMessage.objects.get()
    assert (message.to, request.reference in message.subject) == (person.email, True)


@pytest.mark.parametrize(
    ("field", "value"),
    [("subject", ""), ("text", ""), ("subject", "Hello\r\nBcc: a@example.org"), ("text", "x" * 10_000)],
)
def test_what_is_wrong_is_said_and_kept(client, person, field, value):
    client.force_login(person.user)
    words = {"subject": "Our newsletter", "text": "How do we start?"} | {field: value}
    page = client.post(reverse("my_trainings:assistance_ask"), words)
    assert "There is a problem" in page.text
    assert not AssistanceRequest.objects.exists()


def test_it_is_for_people_of_partners(client):
    client.force_login(PersonFactory(user=UserFactory()).user)
    assert client.get(reverse("my_trainings:assistance_ask")).status_code == 403


def test_nobody_reads_somebody_elses_request(client, person):
    request = asked(person)
    other = PersonFactory(user=UserFactory())
    MembershipFactory(person=other, organization=person.memberships.get().organization)
    client.force_login(other.user)
    assert client.get(request.get_absolute_url()).status_code == 404
    assert client.post(request.get_absolute_url(), {"text": "Mine"}).status_code == 404


def test_the_first_answer_counts_for_the_response_time(person, staff):
    request = asked(person)
    first = request.opened_at + timedelta(hours=5)
    assistance.answer(request=request, text="Start here.", by=staff, now=first)
    assistance.answer(request=request, text="And there.", by=staff, now=first + timedelta(days=1))
    request.refresh_from_db()
    assert (request.answered_at, request.state, request.assigned_to) == (first, "answered", staff)
    assert OutboxMessage.objects.filter(subject__startswith="Our answer").count() == 2


def test_writing_back_opens_a_closed_request(client, person, staff):
    request = asked(person)
    assistance.close(request=request, outcome="A new newsletter.", by=staff, now=timezone.now())
    with pytest.raises(NotAllowed, match="closed"):
        assistance.answer(request=request, text="More", by=staff, now=timezone.now())
    client.force_login(person.user)
    for _each in range(2):
        client.post(request.get_absolute_url(), {"text": "One more thing <b>"})
    request.refresh_from_db()
    assert (request.state, request.closed_at) == ("open", None)
    assert request.messages.count() == 2
    assert "One more thing &lt;b&gt;" in client.get(request.get_absolute_url()).text


def test_the_desk_answers_from_its_queue(client, person, staff):
    request = asked(person)
    client.force_login(staff)
    queue = client.get(reverse("admin:trainings_assistancerequest_changelist"))
    assert request.reference in queue.text
    client.post(
        reverse("admin:trainings_assistancerequest_answer", args=[request.pk]), {"text": "Start here."}
    )
    request.refresh_from_db()
    assert request.answered_by == staff


def test_closed_needs_its_time(person):
    request = asked(person)
    with pytest.raises(IntegrityError), transaction.atomic():
        AssistanceRequest.objects.filter(pk=request.pk).update(state="closed")


def resource(**facts):
    return Resource.objects.create(
        **{"title": "Words that work", "kind": "guide", "url": "https://example.org/w"} | facts
    )


def test_partners_see_more_resources_than_visitors(client, person):
    resource()
    inside = resource(title="For partners", audience="partners")
    page = client.get(reverse("trainings:resources"))
    assert "Words that work" in page.text
    assert "For partners" not in page.text
    assert client.post(reverse("trainings:resource", args=[inside.pk])).status_code == 404
    client.force_login(person.user)
    assert "For partners" in client.get(reverse("trainings:resources")).text


def test_the_search_leads_to_the_one_it_found(client):
    resource()
    resource(title="Slides to reuse")
    inside = resource(title="Words for partners", audience="partners")
    found = client.get("/search/?q=words+that+work&kind=resources")
    assert found.context["found"].hits[0].url in found.text
    page = client.get(found.context["found"].hits[0].url)
    assert "Words that work" in page.text
    assert "Slides to reuse" not in page.text
    # A number that is typed shows nobody what is not theirs.
    assert "Words for partners" not in client.get(f"/trainings/resources/?only={inside.pk}").text
    assert "Slides to reuse" in client.get("/trainings/resources/?only=no-number").text


def test_the_next_page_keeps_the_kind_and_the_topic(client):
    topic = TopicFactory(slug="words")
    for number in range(21):
        resource(title=f"Guide {number:02d}", kind="guide").topics.add(topic)
        resource(title=f"Slides {number:02d}", kind="slides")
    first = client.get(reverse("trainings:resources") + "?kind=guide&topic=words")
    assert 'href="?kind=guide&amp;topic=words&amp;page=2"' in first.text
    second = client.get(reverse("trainings:resources") + "?kind=guide&topic=words&page=2")
    assert "Guide 20" in second.text
    assert "Slides 20" not in second.text


def test_an_opening_is_counted_without_a_name(client):
    one = resource()
    answer = client.post(reverse("trainings:resource", args=[one.pk]))
    assert answer["Location"] == "https://example.org/w"
    one.refresh_from_db()
    assert one.opened == 1
    assert client.get(reverse("trainings:resource", args=[one.pk])).status_code == 405


@pytest.mark.parametrize(
    "query", ["kind=guide", "kind=nonsense", "topic=%00", "topic=none&kind=guide", "page=x"]
)
def test_filters_survive_anything(client, query):
    resource()
    assert client.get(f"{reverse('trainings:resources')}?{query}").status_code == 200


def test_the_library_stays_flat(client, django_assert_num_queries):
    for more in (1, 19):
        for number in range(more):
            resource(title=f"Resource {more} {number}")
        with django_assert_num_queries(5):
            client.get(reverse("trainings:resources"))
