"""Messages that go out a few at a time (RFC 3030): what became of each, whatever the server does in between."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from mailing.wire import Envelope, Verdict
from mailing.wire import smtp as smtp_module
from mailing.wire.chunks import IN_FLIGHT
from mailing.wire.smtp import SmtpTransport
from tests.mailing.servers import CUT, HANG, scripted
from tests.mailing.test_smtp import ACCEPTED, BODY, CUT_OFF, DEFERRED, FAILED, UNKNOWN, UNREACHABLE, envelopes

# The first message of a window goes out by itself, then a group; answers in lists begin after the first.
GROUP = 1 + IN_FLIGHT


@pytest.fixture(autouse=True)
def _no_server_is_distrusted() -> Iterator[None]:
    yield
    smtp_module._cannot_pipeline.clear()
    smtp_module._cannot_chunk.clear()


def verdicts(batch: list[Envelope]) -> list[Verdict]:
    with closing(SmtpTransport()) as transport:
        return [outcome.verdict for outcome in transport.send(batch)]


def test_after_the_first_a_few_go_out_at_once(settings):
    with scripted(settings, chunking=True) as server:
        assert verdicts(envelopes(2 + 2 * IN_FLIGHT)) == [ACCEPTED] * (2 + 2 * IN_FLIGHT)
    assert server.connections == 1
    assert server.messages == [BODY] * (2 + 2 * IN_FLIGHT)
    assert server.recipients == [envelope.recipient for envelope in envelopes(2 + 2 * IN_FLIGHT)]
    assert server.verbs().count("DATA") == 1
    assert [read.count(b"BDAT ") for read in server.reads if b"BDAT " in read] == [IN_FLIGHT, IN_FLIGHT, 1]


@pytest.mark.parametrize(
    "body", [b"", b".", b"a\n.b\n\n..\n", b"a\r\n.\r\nMAIL FROM:<x@evil.example>", b"\r\r\n."]
)
def test_what_arrives_is_what_was_sent(settings, body):
    with scripted(settings, chunking=True) as server:
        assert verdicts(envelopes(3, body)) == [ACCEPTED] * 3
    canonical = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    assert server.messages == [canonical if canonical.endswith(b"\r\n") else canonical + b"\r\n"] * 3
    assert server.verbs().count("MAIL") == 3


def test_a_refused_recipient_does_not_touch_the_others(settings):
    refusals = ["550 no such user", "450 later", "501 what is that"]
    answers = ["250 ok", "250 ok", *refusals, "250 ok"]
    with scripted(settings, chunking=True, RCPT=answers) as server, closing(SmtpTransport()) as transport:
        found = transport.send(envelopes(8))
    assert [outcome.verdict for outcome in found] == [ACCEPTED] * 2 + [FAILED, DEFERRED, FAILED] + [
        ACCEPTED
    ] * 3
    assert [outcome.answer for outcome in found[2:5]] == refusals
    assert server.connections == 1
    assert server.verbs().count("DATA") == 1


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("554 looks like spam", FAILED), ("552 too large", FAILED), ("452 disk full", DEFERRED)],
)
def test_a_refused_message_does_not_touch_the_others(settings, answer, expected):
    with scripted(settings, chunking=True, BDAT=["250 ok", answer, "250 ok"]) as server:
        assert verdicts(envelopes(5)) == [ACCEPTED, ACCEPTED, expected, ACCEPTED, ACCEPTED]
    assert server.connections == 1


@pytest.mark.parametrize("end", [CUT, HANG, "nonsense", "250 " + "x" * 9000])
def test_what_is_on_its_way_when_the_line_breaks_is_unknown_and_never_sent_again(settings, end):
    with scripted(settings, chunking=True, BDAT=["250 ok", end]) as server:
        settings.EMAIL_TIMEOUT = 0.2
        found = verdicts(envelopes(12))
    assert found[:2] == [ACCEPTED] * 2
    assert found[2] == UNKNOWN
    assert UNKNOWN not in found[GROUP:]
    assert set(found[GROUP:]) == {ACCEPTED}
    assert max(map(server.recipients.count, server.recipients)) == 1
    # From now on one at a time: then a broken line leaves one message open, not a few.
    assert server.verbs().count("BDAT") <= IN_FLIGHT


@pytest.mark.parametrize("verb", ["RSET", "MAIL"])
def test_a_server_that_closes_between_messages_costs_nothing(settings, verb):
    answers = ["250 ok"] * (3 if verb == "MAIL" else 2) + ["421 enough for one connection", "250 ok"]
    with scripted(settings, chunking=True, **{verb: answers}) as server:
        assert verdicts(envelopes(9)) == [ACCEPTED] * 9
    assert server.connections == 2
    assert server.recipients == [envelope.recipient for envelope in envelopes(9)]


def test_a_server_that_closes_at_a_message_costs_only_that_message(settings):
    with scripted(settings, chunking=True, BDAT=["250 ok", "421 closing", "250 ok"]) as server:
        assert verdicts(envelopes(9)) == [ACCEPTED, ACCEPTED, DEFERRED, *[ACCEPTED] * 6]
    assert server.connections == 2
    assert max(map(server.recipients.count, server.recipients)) == 1


@pytest.mark.parametrize(("verb", "good"), [("RCPT", GROUP - 1), ("BDAT", IN_FLIGHT - 1)])
def test_a_server_that_closes_at_the_last_of_a_few_gets_no_more_over_that_line(settings, verb, good):
    answers = ["250 ok"] * good + ["421 closing", "250 ok"]
    with scripted(settings, chunking=True, **{verb: answers}) as server:
        assert verdicts(envelopes(GROUP + 4)) == [*[ACCEPTED] * (GROUP - 1), DEFERRED, *[ACCEPTED] * 4]
    assert server.connections == 2
    assert not smtp_module._cannot_chunk


def test_a_server_that_ends_a_kept_connection_costs_nothing(settings):
    with scripted(settings, chunking=True) as server, closing(SmtpTransport()) as transport:
        transport.send(envelopes(4))
        server.hang_up()
        assert [outcome.verdict for outcome in transport.send(envelopes(4))] == [ACCEPTED] * 4
    assert server.connections == 2
    assert len(server.messages) == 8


def test_a_refused_sender_never_gets_its_message_through(settings):
    with scripted(settings, chunking=True, MAIL=["250 ok", "250 ok", "550 sender refused"]) as server:
        assert verdicts(envelopes(5)) == [ACCEPTED, ACCEPTED, *[UNREACHABLE] * 3]
    assert len(server.messages) == 2


def test_a_sender_refused_once_between_others_has_had_an_attempt(settings):
    with scripted(settings, chunking=True, MAIL=["250 ok", "250 ok", "451 busy", "250 ok"]) as server:
        assert verdicts(envelopes(5)) == [ACCEPTED, ACCEPTED, CUT_OFF, ACCEPTED, ACCEPTED]
    assert server.connections == 1


def test_a_server_that_knows_no_chunks_gets_one_message_at_a_time(settings):
    with scripted(settings, chunking=True, BDAT="500 what") as server, closing(SmtpTransport()) as transport:
        # It took nothing that it did not understand.
        assert [outcome.verdict for outcome in transport.send(envelopes(4))] == [ACCEPTED] * 4
        asked = server.verbs().count("BDAT")
        assert asked == 3
        assert [outcome.verdict for outcome in transport.send(envelopes(4))] == [ACCEPTED] * 4
        assert server.verbs().count("BDAT") == asked


def test_a_line_lost_within_a_message_means_not_sent(settings):
    large = b"Subject: x\r\n\r\n" + b"x" * 70 + b"\r\n" + b"y" * 40_000_000
    small, huge = envelopes(1), envelopes(2, large)
    with scripted(settings, chunking=True, BODY=CUT) as server:
        server.answers["BODY"] = ""
        with closing(SmtpTransport()) as transport:
            assert [outcome.verdict for outcome in transport.send(small)] == [ACCEPTED]
            transport._proven = True
            server.answers["BODY"] = CUT
            outcomes = transport._send_some(transport._connect(), huge)
    assert [outcome.verdict for outcome in outcomes] == [CUT_OFF]


def test_what_cannot_be_an_address_never_reaches_the_server(settings):
    batch = envelopes(4)
    batch[2] = Envelope(batch[2].sender, "a@x.example>\r\nDATA", BODY)
    with scripted(settings, chunking=True) as server:
        assert verdicts(batch) == [ACCEPTED, ACCEPTED, FAILED, ACCEPTED]
    assert not any("x.example" in command for command in server.commands)
