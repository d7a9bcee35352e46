"""How mail is doing: the desk's overview, its banner, the health check, the terminal, and one address's story."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from mailing import tasks
from mailing.models import Batch, Delivery, DeliveryEvent, Installation, Mailing, OutboxMessage
from mailing.services import change_state, pause_mailing, queue_message, subscribe_confirmed, suppress
from mailing.services.installation import check_installation
from mailing.services.pumping import pump
from mailing.watching import look, progress_of, troubles
from mailing.wire import health
from mailing.wire.relays import members
from tests.mailing.helpers import addresses, make_mailing, make_topic

pytestmark = pytest.mark.django_db
OVERVIEW = "admin:mailing_installation_changelist"


@pytest.fixture
def staff(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(
        get_user_model().objects.create_superuser(email="staff@coalition.example", password="x")
    )
    return client


@pytest.fixture
def alive():
    """Clock and workers did their rounds a moment ago."""
    pump(now=timezone.now())
    tasks.settle_expired_leases()


def words() -> list[str]:
    return [trouble.words for trouble in troubles(look(timezone.now()))]


def page(client, name: str = OVERVIEW, **query) -> str:
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    return response.content.decode()


def test_all_is_well(staff, alive):
    assert words() == []
    assert "All is well" in page(staff)
    assert staff.get("/health/mail/").status_code == 200


def test_a_portal_that_just_started_is_not_missing_its_sweeper():
    pump(now=timezone.now())
    assert words() == []
    Installation.objects.update(noted_at=timezone.now() - timedelta(minutes=10))
    assert words() == ["Nobody has looked for lost workers for minutes."]


def test_a_clock_that_stands_still_is_seen_everywhere(staff, alive):
    Installation.objects.update(pumped_at=timezone.now() - timedelta(minutes=5))
    assert "beat or the default worker is not running" in words()[0]
    assert "Beat or the default worker is not running." in page(staff)
    assert "beat or the default worker is not running" in page(staff, "admin:index")
    answer = staff.get("/health/mail/")
    assert (answer.status_code, answer.json()["pump"]) == (503, False)


def test_before_the_first_round_nobody_says_that_all_is_well(client):
    answer = client.get("/health/mail/")
    assert answer.status_code == 503
    assert set(answer.json().values()) <= {True, False}


def test_the_health_check_says_yes_and_no_and_nothing_else(client, alive):
    queue_message(to="ada@people.example", subject="Secret", text="x")
    OutboxMessage.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=5))
    answer = client.get("/health/mail/")
    assert answer.json() == {
        "pump": True,
        "sweep": True,
        "answers": False,
        "notices": True,
        "mail_server": True,
        "not_restored": True,
    }
    assert answer["Cache-Control"] == "no-store"


def test_notices_that_do_not_go_out_are_seen(alive):
    queue_message(to="a@people.example", subject="News", text="x", precedence=OutboxMessage.Precedence.NOTICE)
    OutboxMessage.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=10))
    assert words() == []
    OutboxMessage.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=20))
    assert "the background worker does not send" in words()[0]


def test_a_mail_server_that_is_down_is_seen_while_it_lasts(staff, alive):
    name = members()[0].name
    health.note_down(name, "421 come back later", timezone.now())
    assert "No mail server answers" in words()[0]
    shown = page(staff)
    assert name in shown
    assert "421 come back later" in shown
    assert staff.get("/health/mail/").json()["mail_server"] is False
    health.note_up(name, timezone.now())
    assert words() == []


def test_unknown_messages_lead_to_their_decision(staff, alive):
    mailing = make_mailing(to=addresses(3))
    pks = list(mailing.deliveries.values_list("pk", flat=True))
    change_state(delivery_ids=pks[:2], to="unknown", only_from=["pending"])
    queue_message(to="ada@people.example", subject="Hi", text="x")
    OutboxMessage.objects.update(state="unknown")
    assert "3 messages may or may not have gone out." in words()
    shown = page(staff, "admin:mailing_installation_unknowns")
    assert "2 messages" in shown
    assert "1 single message is unknown" in shown
    link = reverse("admin:mailing_delivery_changelist") + f"?mailing={mailing.pk}&amp;state=unknown"
    assert link in shown


def test_messages_that_were_dropped_are_told_for_a_day(staff, alive):
    now = timezone.now()
    for hours in (1, 30):
        queue_message(
            to="ada@people.example",
            subject="A hearing",
            text="x",
            expires_at=now - timedelta(hours=hours),
        )
    tasks.settle_expired_leases()
    told = "1 message was not sent within the last day: its time was over before a mail server took it."
    assert words() == [told]
    assert told in page(staff)
    shown = page(staff, "admin:mailing_outboxmessage_changelist", state="expired")
    assert shown.count("A hearing") == 2
    assert "Its time was over before a mail server took it." in shown
    assert "It was not sent: its time was over." in page(
        staff, "admin:mailing_installation_address", q="ada@people.example"
    )


def test_progress_counts_what_a_worker_has_handed_over_already():
    now = timezone.now()
    mailing, other = make_mailing(to=addresses(10)), make_mailing(to=addresses(4))
    numbers = sorted(mailing.deliveries.values_list("pk", flat=True))
    Batch.objects.filter(mailing=mailing).update(
        state="sending",
        lease="9f0c8a52-0000-4000-8000-000000000000",
        claimed_at=now - timedelta(seconds=30),
        lease_until=now + timedelta(minutes=1),
        cursor=numbers[5],
        window_end=numbers[7],
    )
    going = progress_of([mailing.pk, other.pk], now)
    assert (going[mailing.pk].handled, going[mailing.pk].total, going[mailing.pk].percent) == (6, 10, 60)
    assert going[mailing.pk].rate == 12
    assert (going[other.pk].handled, going[other.pk].left, going[other.pk].rate) == (0, 4, 0)


@pytest.mark.parametrize("number", [1, 20])
def test_the_overview_stays_flat(staff, alive, number, django_assert_num_queries):
    for _ in range(number):
        mailing = make_mailing(to=addresses(2))
        change_state(delivery_ids=[mailing.deliveries.first().pk], to="unknown", only_from=["pending"])
    page(staff)
    with django_assert_num_queries(11):
        page(staff)
    with django_assert_num_queries(8):
        page(staff, "admin:mailing_installation_unknowns")


def test_complaints_are_set_against_what_the_inbox_providers_want(staff, alive):
    mailing = make_mailing(to=addresses(500))
    pks = list(mailing.deliveries.values_list("pk", flat=True))
    change_state(delivery_ids=pks, to="accepted", only_from=["pending"])
    for number in range(2):
        DeliveryEvent.objects.create(
            provider="test", event_id=str(number), kind="complained", happened_at=timezone.now()
        )
    found = staff.get(reverse(OVERVIEW)).context["reports"]
    assert (found.handed_over, found.complained, found.complaint_rate) == (500, 2, 0.4)
    assert found.complaints_are_high
    assert "0.40%" in page(staff)


def restored(**fields) -> Mailing:
    mailing = make_mailing(to=addresses(3), **fields)
    pump(now=timezone.now())
    Installation.objects.update(fingerprint="another place")
    check_installation(now=timezone.now())
    return mailing


def test_a_restored_database_is_shown_and_decided(staff, alive):
    going, over = restored(), make_mailing(to=addresses(1))
    Mailing.objects.filter(pk=over.pk).update(state="paused", pause_reason="restored")
    assert "The database was restored" in words()[0]
    assert "Look and decide" in page(staff, "admin:index")
    assert staff.get("/health/mail/").json()["not_restored"] is False
    url = reverse("admin:mailing_installation_restored")
    shown = page(staff, "admin:mailing_installation_restored")
    assert "3 wait. They may have got it after the backup." in shown
    staff.post(url, {f"mailing-{going.pk}": "go_on", f"mailing-{over.pk}": "cancel", "mailing-x": "cancel"})
    states = dict(Mailing.objects.values_list("pk", "state"))
    assert states == {going.pk: "sending", over.pk: "cancelled"}
    assert words() == []
    assert "Nothing is held." in page(staff, "admin:mailing_installation_restored")
    # A second click says that there is nothing left to decide.
    assert "Nothing is held" in staff.post(url, {}, follow=True).content.decode()


def test_looking_is_not_deciding(client, settings, alive):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    mailing = restored()
    reader = get_user_model().objects.create_user(email="r@coalition.example", password="x", is_staff=True)
    client.force_login(reader)
    for name in ("changelist", "restored", "unknowns", "address"):
        assert client.get(reverse(f"admin:mailing_installation_{name}")).status_code == 403
    reader.user_permissions.add(Permission.objects.get(codename="view_installation"))
    client.force_login(get_user_model().objects.get(pk=reader.pk))
    assert "Somebody who may change the mail engine decides." in page(
        client, "admin:mailing_installation_restored"
    )
    url = reverse("admin:mailing_installation_restored")
    assert client.post(url, {f"mailing-{mailing.pk}": "go_on"}).status_code == 403
    mailing.refresh_from_db()
    assert mailing.pause_reason == "restored"


def test_the_terminal_shows_all_of_it(alive, capsys):
    make_mailing(to=addresses(3))
    call_command("mail_status")
    shown = capsys.readouterr().out
    assert "0 of 3" in shown
    assert members()[0].name in shown
    restored()
    with pytest.raises(SystemExit):
        call_command("mail_status")
    assert "RESTORED" in capsys.readouterr().out


def test_why_did_she_not_get_it(staff):
    ada = addresses(1)[0]
    make_mailing(to=addresses(2))
    waiting = pause_mailing(mailing=make_mailing(to=[ada]))
    stopped = make_mailing(to=[ada])
    suppress(email=ada, reason="complained", note="by phone")
    subscribe_confirmed(email="zoe@people.example", topics=[make_topic()], consent_text="x", source="x")
    queue_message(to=ada.upper(), subject="Your password", text="x")
    DeliveryEvent.objects.create(
        provider="postbox",
        event_id="1",
        kind="bounced",
        delivery=stopped.deliveries.get(),
        address_hash=stopped.deliveries.get().address_hash,
        reason="550 mailbox full",
        happened_at=timezone.now(),
    )
    shown = page(staff, "admin:mailing_installation_address", q=f" {ada.upper()} ")
    assert "reported our mail as spam (by phone)" in shown
    assert "Your password" in shown
    assert "550 mailbox full" in shown
    assert "Not sent:" in shown
    assert reverse("admin:mailing_delivery_change", args=[waiting.deliveries.get().pk]) in shown
    assert "No message to this address is known." in page(
        staff, "admin:mailing_installation_address", q="nobody@people.example"
    )
    assert "Please type the whole address" in page(staff, "admin:mailing_installation_address", q="ada")


@pytest.mark.parametrize("state", Delivery.State.values)
def test_every_state_has_its_sentence(staff, state):
    mailing = make_mailing(to=addresses(1))
    Delivery.objects.update(state=state, accepted_at=timezone.now(), next_attempt_at=timezone.now())
    shown = staff.get(reverse("admin:mailing_delivery_change", args=[mailing.deliveries.get().pk]))
    assert shown.status_code == 200
    assert len(shown.context["words"]) > 10


@pytest.mark.parametrize("number", [1, 20])
def test_one_address_stays_flat(staff, number, django_assert_num_queries):
    for _ in range(number):
        make_mailing(to=addresses(1))
        queue_message(to=addresses(1)[0], subject="Hi", text="x")
    page(staff, "admin:mailing_installation_address", q=addresses(1)[0])
    with django_assert_num_queries(11):
        page(staff, "admin:mailing_installation_address", q=addresses(1)[0])
