"""Several mail servers: the next one takes over, all workers know, and one of them asks again."""

from collections.abc import Sequence
from contextlib import ExitStack, closing
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.utils import timezone

from mailing.models import Relay
from mailing.wire import Envelope, Outcome, Verdict, all_relays_down_since, ask_relays_again, open_transport
from mailing.wire import relays as relays_module
from mailing.wire.relay_urls import RelayAddress, Security, configured_relays, parse_relay
from mailing.wire.relays import Member, RelayTransport
from portal.embedded.ports import any_free
from tests.mailing.servers import CUT, scripted

pytestmark = pytest.mark.django_db
ACCEPTED, UNKNOWN, UNREACHABLE = Verdict.ACCEPTED, Verdict.UNKNOWN, Verdict.UNREACHABLE


def envelopes(count: int = 3) -> list[Envelope]:
    return [
        Envelope("portal@coalition.example", f"p{n}@people.example", b"x\r\n") for n in range(1, count + 1)
    ]


class Server:
    """A mail server that is up or down, and what it took. After `limit` messages it takes nothing more."""

    def __init__(self, name: str, *, up: bool = True, limit: int = 1000) -> None:
        self.name, self.up, self.limit = name, up, limit
        self.taken: list[str] = []
        self.windows = self.asked = 0

    def send(self, batch: Sequence[Envelope]) -> list[Outcome]:
        self.windows += 1
        outcomes = []
        for envelope in batch:
            if self.up and len(self.taken) < self.limit:
                self.taken.append(envelope.recipient)
                outcomes.append(Outcome(ACCEPTED, self.name))
            else:
                outcomes.append(Outcome(UNREACHABLE, f"{self.name} is down"))
        return outcomes

    def ask(self, sender: str) -> str:
        self.asked += 1
        return "" if self.up else f"{self.name} is down"

    def close(self) -> None:
        pass


@pytest.fixture
def pair(monkeypatch, time_machine):
    """A preferred server and another, a look at the others' findings before each window, and a clock that stands."""
    time_machine.move_to("2026-03-05T20:00:00+00:00", tick=False)
    servers = [Server("first"), Server("second")]
    known = [Member(server.name, lambda server=server: server) for server in servers]
    monkeypatch.setattr(relays_module, "members", lambda: known)
    monkeypatch.setattr(relays_module, "LOOK_SECONDS", -1)
    return servers


def worker() -> RelayTransport:
    return RelayTransport(relays_module.members())


def verdicts(transport: RelayTransport, count: int = 3) -> list[Verdict]:
    return [outcome.verdict for outcome in transport.send(envelopes(count))]


def test_the_preferred_server_gets_everything_while_it_takes_it(pair):
    first, second = pair
    assert verdicts(worker()) == [ACCEPTED] * 3
    assert (len(first.taken), second.windows) == (3, 0)
    assert not Relay.objects.exists()


def test_the_next_server_takes_over_without_a_loss_or_a_double(pair):
    first, second = pair
    first.limit = 1
    assert verdicts(worker(), 4) == [ACCEPTED] * 4
    assert first.taken == ["p1@people.example"]
    assert second.taken == ["p2@people.example", "p3@people.example", "p4@people.example"]
    row = Relay.objects.get()
    assert (row.name, row.failures, row.last_answer) == ("first", 1, "first is down")
    assert (row.down_since, row.try_again_at) == (timezone.now(), timezone.now() + timedelta(seconds=5))
    assert all_relays_down_since() is None


def test_what_is_in_doubt_at_one_server_is_never_given_to_another(pair):
    first, second = pair

    def unsure(batch):
        return [Outcome(UNKNOWN, "lost")] + [Outcome(UNREACHABLE, "down")] * (len(batch) - 1)

    first.send = unsure
    assert verdicts(worker()) == [UNKNOWN, ACCEPTED, ACCEPTED]
    assert second.taken == ["p2@people.example", "p3@people.example"]


def test_a_server_that_is_down_is_asked_after_5_15_60_60_seconds(pair, time_machine):
    first, second = pair
    first.up = second.up = False
    transport = worker()
    waits = []
    for _round in range(4):
        assert verdicts(transport) == [UNREACHABLE] * 3
        windows = first.windows
        # Until its time it is left alone.
        assert verdicts(transport) == [UNREACHABLE] * 3
        assert first.windows == windows
        again = Relay.objects.get(name="first").try_again_at
        waits.append((again - timezone.now()).total_seconds())
        time_machine.move_to(again, tick=False)
    assert waits == [5, 15, 60, 60]
    assert all_relays_down_since() is not None
    assert transport.send(envelopes(1))[0].answer


def test_all_workers_know_and_one_of_them_asks(pair, time_machine):
    first, second = pair
    first.up = second.up = False
    one, two, three = worker(), worker(), worker()
    assert verdicts(one) == [UNREACHABLE] * 3
    assert verdicts(two) == [UNREACHABLE] * 3
    assert (first.windows, second.windows) == (1, 1)
    time_machine.shift(5)
    for transport in [one, two, three]:
        verdicts(transport)
    assert (first.windows, second.windows) == (2, 2)


def test_several_workers_that_notice_at_once_are_one_failure(pair):
    first, _second = pair
    one, two = worker(), worker()
    assert verdicts(one) + verdicts(two) == [ACCEPTED] * 6
    first.up = False
    assert verdicts(one) + verdicts(two) == [ACCEPTED] * 6
    assert Relay.objects.get(name="first").failures == 1


def test_back_to_the_preferred_server_once_it_answers(pair, time_machine):
    first, second = pair
    first.up = False
    one, two = worker(), worker()
    verdicts(one)
    first.up = True
    time_machine.shift(5)
    assert verdicts(one) + verdicts(two) == [ACCEPTED] * 6
    assert (len(first.taken), len(second.taken)) == (6, 3)
    row = Relay.objects.get(name="first")
    assert (row.down_since, row.failures, row.try_again_at) == (None, 0, None)
    assert row.last_used_at == timezone.now()


def test_a_worker_for_whom_it_goes_well_corrects_the_others(pair):
    first, _second = pair
    one = worker()
    verdicts(one)
    # Another worker was sent away, such as for one connection too many.
    first.up = False
    verdicts(worker())
    first.up = True
    verdicts(one)
    assert Relay.objects.get(name="first").down_since is None


def test_a_busy_worker_does_not_ask_the_database_for_each_window(
    pair, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(relays_module, "LOOK_SECONDS", 60)
    transport = worker()
    verdicts(transport)
    with django_assert_num_queries(0):
        for _window in range(10):
            verdicts(transport)


def test_the_clock_asks_servers_again_when_no_worker_does(pair, time_machine):
    first, second = pair
    assert ask_relays_again(now=timezone.now())
    first.up = second.up = False
    verdicts(worker())
    assert not ask_relays_again(now=timezone.now())
    assert (first.asked, second.asked) == (0, 0)
    time_machine.shift(5)
    assert not ask_relays_again(now=timezone.now())
    assert not ask_relays_again(now=timezone.now())
    assert (first.asked, second.asked) == (1, 1)
    assert Relay.objects.get(name="first").failures == 2
    since = all_relays_down_since()
    time_machine.shift(15)
    second.up = True
    assert ask_relays_again(now=timezone.now())
    assert since is not None
    assert all_relays_down_since() is None
    assert first.taken == second.taken == []


class TestRealServers:
    def test_messages_move_from_server_to_server(self, settings):
        with ExitStack() as stack:
            servers = []
            # Of one connection each ends as a bad server does; the last takes all.
            for answers in [{"CONNECT": "421 busy"}, {"MAIL": ["250 ok", "451 disk full"]}, {}]:
                servers.append(stack.enter_context(scripted(settings, pipelining=True, **answers)))
            settings.EMAIL_RELAYS = [f"smtp://127.0.0.1:{server.port}" for server in servers]
            with closing(open_transport()) as transport:
                assert [outcome.verdict for outcome in transport.send(envelopes(5))] == [ACCEPTED] * 5
        assert [len(server.messages) for server in servers] == [0, 1, 4]
        assert Relay.objects.filter(down_since__isnull=False).count() == 2
        assert all_relays_down_since() is None

    def test_a_cut_is_not_repeated_elsewhere(self, settings):
        with (
            scripted(settings, DOT=["250 ok", CUT], CONNECT=["220 hi", CUT]) as first,
            scripted(settings) as second,
        ):
            settings.EMAIL_RELAYS = [f"smtp://127.0.0.1:{server.port}" for server in (first, second)]
            with closing(open_transport()) as transport:
                found = [outcome.verdict for outcome in transport.send(envelopes(4))]
        assert found == [ACCEPTED, UNKNOWN, ACCEPTED, ACCEPTED]
        assert first.recipients + second.recipients == [envelope.recipient for envelope in envelopes(4)]

    def test_no_password_is_ever_written_down(self, settings, capsys):
        settings.EMAIL_RELAYS = [f"smtp://portal:geheim@127.0.0.1:{any_free()}"]
        with closing(open_transport()) as transport:
            assert {outcome.verdict for outcome in transport.send(envelopes())} == {UNREACHABLE}
        row = Relay.objects.values().get()
        assert "geheim" not in f"{row} {capsys.readouterr()} {configured_relays()}"
        assert all_relays_down_since() is not None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://relay.example", RelayAddress("relay.example", 25)),
        (
            "smtp+starttls://news%40x.example:p%2Fw@relay.example",
            RelayAddress("relay.example", 587, Security.STARTTLS, "news@x.example", "p/w"),
        ),
        ("SMTPS://u:p@relay.example:2465/", RelayAddress("relay.example", 2465, Security.TLS, "u", "p")),
        ("smtp://[::1]:2525", RelayAddress("::1", 2525)),
    ],
)
def test_a_server_is_written_as_an_address(url, expected):
    assert parse_relay(url) == expected


@pytest.mark.parametrize(
    "url",
    ["relay.example:25", "http://u:geheim@relay.example", "smtp://", "smtp://u:geheim@x:port", "smtp://[x"],
)
def test_a_wrong_address_is_refused_by_name_and_without_its_password(url, settings):
    settings.EMAIL_RELAYS = [url]
    with pytest.raises(ImproperlyConfigured, match="EMAIL_RELAYS") as refusal:
        configured_relays()
    assert "geheim" not in str(refusal.value)
    with pytest.raises(SystemCheckError, match="EMAIL_RELAYS"):
        call_command("check")


def test_without_a_list_the_one_server_of_the_other_settings_is_used(settings):
    settings.EMAIL_RELAYS = []
    settings.EMAIL_HOST, settings.EMAIL_PORT = "relay.example", 587
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "p"
    settings.EMAIL_USE_SSL, settings.EMAIL_USE_TLS = False, True
    assert configured_relays() == [RelayAddress("relay.example", 587, Security.STARTTLS, "portal", "p")]
    settings.EMAIL_USE_SSL, settings.EMAIL_USE_TLS = True, False
    assert configured_relays()[0].security is Security.TLS
