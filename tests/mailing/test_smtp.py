"""What became of a message, against servers that refuse, defer, lie and vanish, pipelined and step by step."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from mailing.wire import Envelope, Ready, Verdict
from mailing.wire import smtp as smtp_module
from mailing.wire.smtp import SmtpTransport, stuffed
from portal.embedded.ports import any_free
from tests.mailing.servers import CUT, HANG, scripted

BODY = b"Subject: x\r\n\r\n.dot\r\n..two\r\nend\r\n"
STUFFED = stuffed(BODY) + b".\r\n"
SENDER = "portal@coalition.example"
ACCEPTED, DEFERRED, FAILED = Verdict.ACCEPTED, Verdict.DEFERRED, Verdict.FAILED
UNKNOWN, CUT_OFF, UNREACHABLE = Verdict.UNKNOWN, Verdict.CUT, Verdict.UNREACHABLE


@pytest.fixture(autouse=True)
def _no_server_is_distrusted() -> Iterator[None]:
    yield
    smtp_module._cannot_pipeline.clear()
    smtp_module._cannot_chunk.clear()


@pytest.fixture(params=[False, True], ids=["plain", "pipelined"])
def pipelining(request) -> bool:
    return request.param


def envelopes(count: int = 1, body: bytes = BODY) -> list[Envelope]:
    return [Envelope(SENDER, f"p{n}@people.example", body) for n in range(1, count + 1)]


def send(batch: list[Envelope]):
    with closing(SmtpTransport()) as transport:
        return transport.send(batch)


def verdicts(batch: list[Envelope]) -> list[Verdict]:
    return [outcome.verdict for outcome in send(batch)]


def test_many_messages_take_one_connection(settings, pipelining):
    with scripted(settings, pipelining=pipelining) as server:
        assert verdicts(envelopes(12)) == [ACCEPTED] * 12
    assert server.connections == 1
    assert server.messages == [BODY] * 12
    assert server.recipients == [envelope.recipient for envelope in envelopes(12)]
    assert server.commands[-1] == "QUIT"


def test_pipelined_commands_go_out_together(settings):
    with scripted(settings, pipelining=True) as server:
        assert verdicts(envelopes(3)) == [ACCEPTED] * 3
    three = b"MAIL FROM:<portal@coalition.example>\r\nRCPT TO:<p%d@people.example>\r\nDATA\r\n"
    end = STUFFED
    assert server.reads[1:] == [three % 1, end + three % 2, end + three % 3, end, b"QUIT\r\n"]


def test_without_pipelining_every_command_waits_for_its_answer(settings):
    with scripted(settings, RCPT=["550 no", "250 ok"]) as server:
        assert verdicts(envelopes(2)) == [FAILED, ACCEPTED]
    commands = [read for read in server.reads if read != STUFFED]
    assert all(read.count(b"\r\n") == 1 for read in commands)
    assert server.verbs() == ["EHLO", "MAIL", "RCPT", "RSET", "MAIL", "RCPT", "DATA", "QUIT"]


def test_the_connection_is_kept_between_windows(settings, pipelining):
    with scripted(settings, pipelining=pipelining) as server, closing(SmtpTransport()) as transport:
        for _window in range(3):
            assert [outcome.verdict for outcome in transport.send(envelopes(3))] == [ACCEPTED] * 3
        # Nothing of the next window is begun before the worker says so.
        assert server.verbs().count("MAIL") == 9
    assert server.connections == 1


def test_the_size_is_announced_where_the_server_asks_for_it(settings, pipelining):
    hello = "250-scripted\r\n250-SIZE 1000000\r\n250 " + ("PIPELINING" if pipelining else "HELP")
    with scripted(settings, EHLO=hello) as server:
        assert verdicts(envelopes(2)) == [ACCEPTED] * 2
    assert [command for command in server.commands if command.startswith("MAIL")] == [
        f"MAIL FROM:<{SENDER}> SIZE={len(BODY)}"
    ] * 2


def test_a_message_cannot_end_itself_early(settings, pipelining):
    evil = b"Subject: x\n\n.\nMAIL FROM:<x@evil.example>\r.\rend"
    with scripted(settings, pipelining=pipelining) as server:
        assert verdicts(envelopes(2, evil)) == [ACCEPTED] * 2
    assert server.messages == [b"Subject: x\r\n\r\n.\r\nMAIL FROM:<x@evil.example>\r\n.\r\nend\r\n"] * 2
    assert server.verbs().count("MAIL") == 2


@pytest.mark.parametrize(
    "body", [b"", b".", b"\r\n", b"a\r\n", b".\r\n.\r\n", b"a\n.b\n\n..\n", b"a\r\n.\r\nb", b"\r\r\n."]
)
def test_what_arrives_is_what_was_sent(settings, body):
    with scripted(settings) as server:
        assert verdicts(envelopes(1, body)) == [ACCEPTED]
    canonical = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    assert server.messages == [canonical if canonical.endswith(b"\r\n") else canonical + b"\r\n"]


def test_a_message_made_for_the_wire_needs_no_second_look():
    body = Ready(b"Subject: x\r\n\r\na.\r\n=2E\r\n")
    assert stuffed(body) == body


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"RCPT": "550 no such user"}, FAILED),
        ({"RCPT": "450 try later"}, DEFERRED),
        ({"RCPT": "552 mailbox full"}, FAILED),
        ({"RCPT": "421 too busy"}, DEFERRED),
        ({"RCPT": CUT}, CUT_OFF),
        ({"DATA": "451 local error"}, DEFERRED),
        ({"DATA": "554 no"}, FAILED),
        ({"DATA": "421 closing"}, DEFERRED),
        ({"DATA": CUT}, CUT_OFF),
        ({"DOT": "554 looks like spam"}, FAILED),
        ({"DOT": "552 too large"}, FAILED),
        ({"DOT": "452 disk full"}, DEFERRED),
        ({"DOT": "421 closing"}, DEFERRED),
        ({"DOT": CUT}, UNKNOWN),
        ({"DOT": "nonsense"}, UNKNOWN),
        ({"DOT": "354 again"}, UNKNOWN),
        ({"DOT": "250 " + "x" * 9000}, UNKNOWN),
        ({"DOT": "250-more\r\n" * 200 + "250 end"}, UNKNOWN),
        ({"MAIL": "552 too large"}, FAILED),
        ({"MAIL": "530 sign in first"}, UNREACHABLE),
        ({"MAIL": "550 sender refused"}, UNREACHABLE),
        ({"MAIL": "452 disk full"}, UNREACHABLE),
        ({"MAIL": "421 later"}, UNREACHABLE),
        ({"MAIL": CUT}, UNREACHABLE),
        ({"CONNECT": "554 not you"}, UNREACHABLE),
        ({"CONNECT": "421 too many connections"}, UNREACHABLE),
        ({"CONNECT": CUT}, UNREACHABLE),
        ({"EHLO": CUT}, UNREACHABLE),
    ],
)
def test_verdicts(settings, answers, expected, pipelining):
    with scripted(settings, pipelining=pipelining, **answers) as server:
        (outcome,) = send(envelopes())
    assert outcome.verdict is expected
    assert len(outcome.answer) <= 500
    scripted_answer = next(iter(answers.values()))
    if scripted_answer != CUT and len(scripted_answer) < 100 and scripted_answer[0].isdigit():
        assert outcome.answer == scripted_answer
    assert len(server.messages) == (1 if "DOT" in answers else 0)


def test_a_connection_lost_within_the_message_means_not_sent(settings, pipelining):
    with scripted(settings, pipelining=pipelining, BODY=CUT):
        # More than the buffers between the two hold, so that the sender is still writing when the line dies.
        large = b"Subject: x\r\n\r\n" + b"x" * 70 + b"\r\n" + b"y" * 40_000_000
        (outcome,) = send(envelopes(1, large))
    assert outcome.verdict is CUT_OFF


def test_one_refused_recipient_does_not_touch_the_others(settings, pipelining):
    refusals = ["550 no such user", "450 later", "552 mailbox full"]
    with scripted(settings, pipelining=pipelining, RCPT=["250 ok", *refusals, "250 ok"]) as server:
        found = send(envelopes(6))
    assert [outcome.verdict for outcome in found] == [ACCEPTED, FAILED, DEFERRED, FAILED, ACCEPTED, ACCEPTED]
    assert [outcome.answer for outcome in found[1:4]] == refusals
    assert server.connections == 1
    assert server.recipients == ["p1@people.example", "p5@people.example", "p6@people.example"]
    assert server.verbs().count("RSET") == 3


def test_a_server_that_wants_data_for_nobody_gets_the_end_at_once(settings):
    with scripted(settings, pipelining=True, careless=True, RCPT=["250 ok", "550 no", "250 ok"]) as server:
        assert verdicts(envelopes(3)) == [ACCEPTED, FAILED, ACCEPTED]
    assert server.connections == 1
    assert server.recipients == ["p1@people.example", "p3@people.example"]
    assert b".\r\n" in server.reads


def test_a_refused_sender_never_gets_its_message_through(settings):
    """The commands after MAIL FROM are on their way already; what the server says to them counts for nothing."""
    with scripted(settings, pipelining=True, MAIL=["250 ok", "550 sender refused"]) as server:
        assert verdicts(envelopes(4)) == [ACCEPTED, UNREACHABLE, UNREACHABLE, UNREACHABLE]
    assert len(server.messages) == 1


def test_closing_in_the_middle_of_a_window_costs_only_that_message(settings, pipelining):
    with scripted(settings, pipelining=pipelining, DOT=["250 ok", "421 closing", "250 ok"]) as server:
        assert verdicts(envelopes(4)) == [ACCEPTED, DEFERRED, ACCEPTED, ACCEPTED]
    assert server.connections == 2
    assert [server.recipients.count(envelope.recipient) for envelope in envelopes(4)] == [1] * 4


def test_after_a_cut_the_rest_goes_over_a_new_connection(settings, pipelining):
    with scripted(settings, pipelining=pipelining, DOT=["250 ok", CUT, "250 ok"]) as server:
        assert verdicts(envelopes(4)) == [ACCEPTED, UNKNOWN, ACCEPTED, ACCEPTED]
    assert server.connections == 2
    # The server had each of them once, the one in doubt too.
    assert server.recipients == [envelope.recipient for envelope in envelopes(4)]


def test_a_cut_with_no_way_back_leaves_the_rest_untouched(settings, pipelining):
    with scripted(
        settings, pipelining=pipelining, DOT=["250 ok", CUT], CONNECT=["220 hello", "554 no more"]
    ) as server:
        assert verdicts(envelopes(5)) == [ACCEPTED, UNKNOWN, UNREACHABLE, UNREACHABLE, UNREACHABLE]
    assert len(server.messages) == 2


@pytest.mark.parametrize("goodbye", ["421 enough for one connection", CUT])
def test_a_server_that_ends_a_used_connection_costs_nothing(settings, goodbye, pipelining):
    answers = ["250 ok", "250 ok", goodbye, "250 ok"]
    with scripted(settings, pipelining=pipelining, MAIL=answers) as server:
        assert verdicts(envelopes(4)) == [ACCEPTED] * 4
    assert server.connections == 2
    assert server.recipients == [envelope.recipient for envelope in envelopes(4)]


def test_a_connection_that_ended_between_windows_is_opened_again(settings, pipelining):
    with scripted(settings, pipelining=pipelining) as server, closing(SmtpTransport()) as transport:
        transport.send(envelopes(2))
        server.hang_up()
        assert [outcome.verdict for outcome in transport.send(envelopes(2))] == [ACCEPTED] * 2
    assert server.connections == 2
    assert len(server.messages) == 4


def test_a_connection_that_only_looks_open_is_opened_again(settings, pipelining):
    with scripted(settings, pipelining=pipelining, MAIL=["250 ok", HANG, "250 ok"]) as server:
        settings.EMAIL_TIMEOUT = 0.2
        with closing(SmtpTransport()) as transport:
            transport.send(envelopes(1))
            assert [outcome.verdict for outcome in transport.send(envelopes(2))] == [ACCEPTED] * 2
    assert server.connections == 2
    assert len(server.messages) == 3


def test_no_answer_after_the_final_dot_means_unknown(settings, pipelining):
    with scripted(settings, pipelining=pipelining, DOT=["250 ok", HANG, "250 ok"]) as server:
        settings.EMAIL_TIMEOUT = 0.2
        assert verdicts(envelopes(3)) == [ACCEPTED, UNKNOWN, ACCEPTED]
    assert len(server.messages) == 3


def test_answers_may_come_in_small_pieces(settings, pipelining):
    answers = {"RCPT": ["250 ok", "550-no\r\n550 such user", "250-yes\r\n250 ok"]}
    with scripted(settings, pipelining=pipelining, in_pieces=True, **answers) as server:
        found = send(envelopes(4))
    assert [outcome.verdict for outcome in found] == [ACCEPTED, FAILED, ACCEPTED, ACCEPTED]
    assert found[1].answer == "550 no such user"
    assert server.connections == 1


def test_a_server_that_cannot_do_what_it_offers_gets_one_command_at_a_time(settings):
    with scripted(settings, pipelining=True, forgetful=True) as server:
        settings.EMAIL_TIMEOUT = 0.2
        assert verdicts(envelopes(4)) == [ACCEPTED] * 4
        assert server.connections == 2
        assert server.recipients == [envelope.recipient for envelope in envelopes(4)]
        # And so it stays for the next worker's turn in this process.
        assert verdicts(envelopes(2)) == [ACCEPTED] * 2
    assert server.connections == 3


def test_a_server_that_loses_only_what_follows_the_data_loses_no_message(settings):
    """The answer to the first message is kept; the second is begun again, step by step."""
    with scripted(settings, pipelining=True, MAIL=["250 ok", HANG, "250 ok"]) as server:
        settings.EMAIL_TIMEOUT = 0.2
        assert verdicts(envelopes(3)) == [ACCEPTED] * 3
    assert server.recipients == [envelope.recipient for envelope in envelopes(3)]


def test_bad_sequence_of_commands_is_nobodys_refusal(settings):
    with scripted(settings, pipelining=True, DATA=["503 bad sequence", "354 go on"]) as server:
        assert verdicts(envelopes(2)) == [ACCEPTED] * 2
    assert len(server.messages) == 2
    # Said to one command at a time, it is an answer like any other.
    with scripted(settings, DATA="503 bad sequence"):
        assert verdicts(envelopes(1)) == [FAILED]


def test_a_server_that_is_away_is_asked_once(settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", any_free(), False
    assert verdicts(envelopes(10)) == [UNREACHABLE] * 10


def test_a_server_that_does_not_greet_is_not_waited_for_twice(settings):
    with scripted(settings, CONNECT=HANG) as server:
        settings.EMAIL_TIMEOUT = 0.2
        assert verdicts(envelopes(3)) == [UNREACHABLE] * 3
    assert server.connections == 1


def test_a_window_never_outlives_the_workers_right_to_its_rows(settings, pipelining):
    with scripted(settings, pipelining=pipelining) as server:
        settings.MAILING_LEASE_SECONDS = 0
        with closing(SmtpTransport()) as transport:
            assert [outcome.verdict for outcome in transport.send(envelopes(3))] == [UNREACHABLE] * 3
            settings.MAILING_LEASE_SECONDS = 120
            assert [outcome.verdict for outcome in transport.send(envelopes(3))] == [ACCEPTED] * 3
    assert len(server.messages) == 3


def test_a_wrong_password_is_nobodys_refusal(settings):
    answers = {"EHLO": "250-scripted\r\n250 AUTH PLAIN LOGIN", "AUTH": "535 wrong"}
    with scripted(settings, **answers) as server:
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "secret"
        found = send(envelopes(3))
    assert [outcome.verdict for outcome in found] == [UNREACHABLE] * 3
    assert found[0].answer == "535 wrong"
    assert server.connections == 1


def test_starttls_is_never_skipped(settings):
    with scripted(settings) as server:
        settings.EMAIL_USE_TLS = True
        assert verdicts(envelopes(1)) == [UNREACHABLE]
    assert server.messages == []


@pytest.mark.parametrize(
    "address",
    ["no at sign", "a b@x.example", "a@x.example>\r\nDATA", "ä@x.example", "<a@x.example>", "", "a@"],
)
def test_what_cannot_be_an_address_never_reaches_the_server(settings, address, pipelining):
    bad = Envelope(SENDER, address, BODY)
    with scripted(settings, pipelining=pipelining) as server:
        assert verdicts([bad]) == [FAILED]
        assert server.commands == []
        # Nor in the middle of others.
        first, last = envelopes(2)
        assert verdicts([first, bad, last]) == [ACCEPTED, FAILED, ACCEPTED]
    assert server.recipients == [first.recipient, last.recipient]
    assert server.connections == 1


def test_a_strange_answer_can_be_stored(settings):
    with scripted(settings, RCPT="550 no\x00 such \x1b[31muser"):
        (outcome,) = send(envelopes())
    assert outcome.answer == "550 no such [31muser"


def test_asking_a_server_sends_nothing(settings):
    with (
        scripted(settings, MAIL=["250 ok", "550 not you"]) as server,
        closing(SmtpTransport()) as transport,
    ):
        assert transport.ask(SENDER) == ""
        assert transport.ask(SENDER) == "550 not you"
    assert server.verbs() == ["EHLO", "MAIL", "RSET", "MAIL", "RSET"]
    settings.EMAIL_PORT = any_free()
    assert "refused" in SmtpTransport().ask(SENDER)


class Breaking:
    """A line that breaks for what is sent once it has carried so many bytes; what comes back still comes."""

    def __init__(self, line, carries: int) -> None:
        self.line, self.carries = line, carries

    def send(self, data: bytes) -> int:
        if not self.carries:
            raise BrokenPipeError("broken")
        sent = self.line.send(bytes(data)[: self.carries])
        self.carries -= sent
        return sent


@pytest.mark.parametrize(
    ("missing", "answer", "expected"),
    [
        (1, "250 queued", [CUT_OFF, ACCEPTED]),
        (0, "250 queued", [ACCEPTED, ACCEPTED]),
        (0, "554 spam", [FAILED, ACCEPTED]),
        (0, CUT, [UNKNOWN, ACCEPTED]),
        (-5, "250 queued", [ACCEPTED, ACCEPTED]),
        (-5, CUT, [UNKNOWN, ACCEPTED]),
    ],
)
def test_the_line_breaks_around_the_final_dot(settings, missing, answer, expected):
    """With the dot on its way the message counts as handed over, even if what followed in the same write did not."""
    with scripted(settings, pipelining=True, DOT=[answer, "250 queued"]) as server:
        transport = SmtpTransport()
        connection = transport._connect()
        first = f"MAIL FROM:<{SENDER}>\r\nRCPT TO:<p1@people.example>\r\nDATA\r\n"
        connection._socket = Breaking(connection._socket, len(first) + len(STUFFED) - missing)
        with closing(transport):
            assert [outcome.verdict for outcome in transport.send(envelopes(2))] == expected
    assert smtp_module._cannot_pipeline == set()
    assert server.recipients.count("p1@people.example") == (missing <= 0)
    assert server.recipients.count("p2@people.example") == 1
