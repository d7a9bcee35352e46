"""A moved or cancelled gathering: the decision stands at once, the worker tells everybody, each once and truthfully."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection
from django.db.migrations.loader import MigrationLoader
from django.urls import reverse
from django.utils import timezone

from mailing.models import OutboxMessage
from meetings import emails, tasks
from meetings.models import AttendanceNotice
from meetings.services.events import cancel_event, change_event, tell_of_changes
from meetings.services.registering import cancel_place
from partners.gatherings import telling
from tests.factories.meetings import AttendanceFactory, EventFactory
from tests.factories.partners import CoalitionFactory, StaffFactory
from tests.factories.trainings import EnrollmentFactory
from tests.meetings.reading import content, mails, text_of

pytestmark = pytest.mark.django_db
PEOPLE = 7


@pytest.fixture
def staff(settings, monkeypatch):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    monkeypatch.setattr(telling, "AT_A_TIME", 3)
    CoalitionFactory()
    return StaffFactory()


@pytest.fixture
def event():
    event = EventFactory()
    AttendanceFactory.create_batch(PEOPLE, event=event)
    return event


def move(event, staff, venue):
    return change_event(event=event, by=staff, now=timezone.now(), venue=venue)


def addresses():
    return sorted(OutboxMessage.objects.values_list("to", flat=True))


def everybody(event):
    return sorted(event.attendances.values_list("person__email", flat=True))


def dies_with(number, step):
    """A step of the worker after which it is killed, when it is taken for this time."""
    taken = []

    def take(*args, **facts):
        taken.append(args)
        done = step(*args, **facts)
        if len(taken) == number:
            raise MemoryError
        return done

    return take


def test_the_request_writes_no_message_and_calls_the_worker(
    staff, event, django_capture_on_commit_callbacks, monkeypatch
):
    called = []
    monkeypatch.setattr("mailing.queueing.queue", lambda task, *args: called.append(task.name))
    with django_capture_on_commit_callbacks(execute=True):
        assert move(event, staff, "Barn") == PEOPLE
        assert not called
    assert "meetings.tasks.tell_of_changes" in called
    assert not OutboxMessage.objects.exists()
    # Lost on the way: the sweep does the same.
    tasks.tell_of_changes()
    assert addresses() == everybody(event)
    tasks.tell_of_changes()
    assert len(mails()) == PEOPLE


@pytest.mark.parametrize(
    ("module", "step", "number"),
    [(emails, "cancelled", 5), (telling, "queue_messages", 2)],
    ids=["while it builds the fifth message", "with the second lot written but not marked"],
)
def test_a_worker_that_dies_leaves_each_to_the_next_one_once(staff, event, monkeypatch, module, step, number):
    cancel_event(event=event, reason="Snow.", by=staff, now=timezone.now())
    with monkeypatch.context() as broken:
        broken.setattr(module, step, dies_with(number, getattr(module, step)))
        with pytest.raises(MemoryError):
            tell_of_changes(now=timezone.now())
    # The first three are whole; of the next three neither message nor mark is left.
    assert len(mails()) == AttendanceNotice.objects.exclude(written_at=None).count() == 3
    assert tell_of_changes(now=timezone.now()) is False
    assert addresses() == everybody(event)


def test_a_turn_ends_in_time_and_says_that_more_is_left(staff, event):
    move(event, staff, "Barn")
    assert tell_of_changes(now=timezone.now(), seconds=0) is True
    assert len(mails()) == 3


def test_moved_once_more_meanwhile_the_rest_hear_of_the_newest_only(staff, event):
    move(event, staff, "Barn")
    tell_of_changes(now=timezone.now(), seconds=0)
    early = addresses()
    move(event, staff, "Chapel")
    tell_of_changes(now=timezone.now())
    for place in event.attendances.select_related("person"):
        heard = [text_of(message) for message in mails(place.person.email)]
        told = [("Barn" in words, "Chapel" in words) for words in heard]
        truth = [(True, False)] if place.person.email in early else []
        assert told == [*truth, (False, True)]
    assert not AttendanceNotice.objects.filter(written_at=None).exists()


def test_cancelled_meanwhile_nobody_hears_of_the_move_any_more(staff, event):
    move(event, staff, "Barn")
    tell_of_changes(now=timezone.now(), seconds=0)
    early = addresses()
    cancel_event(event=event, reason="Snow.", by=staff, now=timezone.now())
    tell_of_changes(now=timezone.now())
    for place in event.attendances.select_related("person"):
        subjects = [message["Subject"].split(":")[0] for message in mails(place.person.email)]
        moved = ["Changed"] if place.person.email in early else []
        assert subjects == [*moved, "Cancelled"]


def test_who_gave_the_place_back_meanwhile_and_who_came_later_hear_nothing(staff, event):
    move(event, staff, "Barn")
    gone = event.attendances.first()
    cancel_place(place=gone, by=None, now=timezone.now())
    late = AttendanceFactory(event=event)
    tell_of_changes(now=timezone.now())
    assert addresses() == sorted({*everybody(event)} - {gone.person.email, late.person.email})


def test_staff_see_how_far_it_is(client, staff, event):
    client.force_login(staff)
    page = reverse("admin:meetings_event_change", args=[event.pk])
    assert "messages are written" not in content(client.get(page))
    cancel_event(event=event, reason="Snow.", by=staff, now=timezone.now())
    tell_of_changes(now=timezone.now(), seconds=0)
    shown = content(client.get(page))
    assert f"The cancellation: 3 of {PEOPLE} messages are written." in shown
    assert "See how far it is now" in shown
    tell_of_changes(now=timezone.now())
    shown = content(client.get(page))
    assert f"The cancellation: {PEOPLE} people were written to." in shown
    assert "See how far it is now" not in shown


def test_a_thousand_people_cost_the_request_no_query_each(staff, django_assert_max_num_queries):
    costs = []
    for count in (1, 40):
        event = EventFactory()
        AttendanceFactory.create_batch(count, event=event)
        with django_assert_max_num_queries(30) as asked:
            cancel_event(event=event, reason="Snow.", by=staff, now=timezone.now())
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_what_comes_after_the_start_is_left_to_the_outbox_to_drop(staff, event):
    """What the worker comes to only after the start says nothing new: the outbox drops it by its own rule."""
    move(event, staff, "Barn")
    tell_of_changes(now=event.starts_at + timedelta(hours=1))
    assert {row.expires_at for row in OutboxMessage.objects.all()} == {event.starts_at}


@pytest.mark.parametrize(
    ("app", "place", "factory"),
    [("meetings", "attendance", AttendanceFactory), ("trainings", "enrollment", EnrollmentFactory)],
)
def test_the_migration_can_be_taken_back_while_notices_wait(settings, app, place, factory):
    """What was written stays; a notice that waits has no time, which the table before did not allow."""
    notices = apps.get_model(app, f"{place}notice")
    row = factory()
    for kind, written_at in (("moved", timezone.now()), ("cancelled", None)):
        notices.objects.create(**{place: row}, kind=kind, revision=1, written_at=written_at)
    settings.MIGRATION_MODULES = {}  # Also where the tests' own tables were made without migrations.
    name = (app, "0003_notices_that_wait")
    loader = MigrationLoader(connection)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.schema_editor(atomic=False) as editor:
        loader.get_migration(*name).unapply(loader.project_state(name, at_end=False), editor)
    assert list(notices.objects.values_list("kind", flat=True)) == ["moved"]
    with pytest.raises(IntegrityError, match="written_at"):
        notices.objects.create(**{place: row}, kind="cancelled", revision=1)
