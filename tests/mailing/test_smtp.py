"""What became of a message, against servers that refuse, defer, lie and vanish."""

from contextlib import closing

import pytest

from mailing.smtp import Envelope, SmtpTransport, Verdict
from portal.embedded.ports import any_free
from tests.mailing.servers import CUT, scripted

BODY = b"Subject: x\r\n\r\n.dot\r\n..two\r\nend\r\n"


def envelopes(count: int = 1, body: bytes = BODY) -> list[Envelope]:
    return [Envelope("portal@coalition.example", f"p{n}@people.example", body) for n in range(1, count + 1)]


def send(batch: list[Envelope]):
    with closing(SmtpTransport()) as transport:
        return transport.send(batch)


def verdicts(batch: list[Envelope]) -> list[Verdict]:
    return [outcome.verdict for outcome in send(batch)]


def test_many_messages_take_one_connection(settings):
    with scripted(settings) as server:
        assert verdicts(envelopes(12)) == [Verdict.ACCEPTED] * 12
    assert server.connections == 1
    assert server.messages == [BODY] * 12
    assert server.commands[-1].upper() == "QUIT"


def test_a_message_cannot_end_itself_early(settings):
    evil = b"Subject: x\n\n.\nMAIL FROM:<x@evil.example>\r.\rend"
    with scripted(settings) as server:
        assert verdicts(envelopes(2, evil)) == [Verdict.ACCEPTED] * 2
    assert server.messages == [b"Subject: x\r\n\r\n.\r\nMAIL FROM:<x@evil.example>\r\n.\r\nend\r\n"] * 2
    assert len([command for command in server.commands if command.startswith("mail")]) == 2


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"RCPT": "550 no such user"}, Verdict.FAILED),
        ({"RCPT": "450 try later"}, Verdict.DEFERRED),
        ({"RCPT": "421 too busy"}, Verdict.DEFERRED),
        ({"RCPT": CUT}, Verdict.CUT),
        ({"DATA": "451 local error"}, Verdict.DEFERRED),
        ({"DATA": "554 no"}, Verdict.FAILED),
        ({"DATA": CUT}, Verdict.CUT),
        ({"DOT": "554 looks like spam"}, Verdict.FAILED),
        ({"DOT": "452 disk full"}, Verdict.DEFERRED),
        ({"DOT": "421 closing"}, Verdict.DEFERRED),
        ({"DOT": CUT}, Verdict.UNKNOWN),
        ({"DOT": "nonsense"}, Verdict.UNKNOWN),
        ({"DOT": "250 " + "x" * 9000}, Verdict.UNKNOWN),
        ({"MAIL": "552 too large"}, Verdict.FAILED),
        ({"MAIL": "530 sign in first"}, Verdict.UNREACHABLE),
        ({"MAIL": "550 sender refused"}, Verdict.UNREACHABLE),
        ({"MAIL": "421 later"}, Verdict.UNREACHABLE),
        ({"MAIL": CUT}, Verdict.UNREACHABLE),
        ({"CONNECT": "554 not you"}, Verdict.UNREACHABLE),
        ({"CONNECT": CUT}, Verdict.UNREACHABLE),
        ({"EHLO": CUT}, Verdict.UNREACHABLE),
    ],
)
def test_verdicts(settings, answers, expected):
    with scripted(settings, **answers):
        (outcome,) = send(envelopes())
    assert outcome.verdict is expected
    assert len(outcome.answer) <= 500
    scripted_answer = next(iter(answers.values()))
    if scripted_answer != CUT and len(scripted_answer) < 100 and scripted_answer[0].isdigit():
        assert outcome.answer == scripted_answer


def test_a_connection_lost_within_the_message_means_not_sent(settings):
    with scripted(settings, BODY=CUT):
        # More than the buffers between the two hold, so that the sender is still writing when the line dies.
        (outcome,) = send(envelopes(1, b"Subject: x\r\n\r\n" + b"x" * 70 + b"\r\n" + b"y" * 40_000_000))
    assert outcome.verdict is Verdict.CUT


def test_one_refused_recipient_does_not_touch_the_others(settings):
    with scripted(settings, RCPT=["250 ok", "550 no such user", "450 later", "250 ok"]) as server:
        assert verdicts(envelopes(5)) == [
            *(Verdict.ACCEPTED, Verdict.FAILED, Verdict.DEFERRED),
            *(Verdict.ACCEPTED, Verdict.ACCEPTED),
        ]
    assert server.connections == 1
    assert len(server.messages) == 3
    assert [command.lower() for command in server.commands].count("rset") == 2


def test_after_a_cut_the_rest_goes_over_a_new_connection(settings):
    with scripted(settings, DOT=["250 ok", CUT, "250 ok"]) as server:
        assert verdicts(envelopes(3)) == [Verdict.ACCEPTED, Verdict.UNKNOWN, Verdict.ACCEPTED]
    assert server.connections == 2


@pytest.mark.parametrize("goodbye", ["421 enough for one connection", CUT])
def test_a_server_that_ends_a_used_connection_costs_nothing(settings, goodbye):
    with scripted(settings, MAIL=["250 ok", "250 ok", goodbye, "250 ok"]) as server:
        assert verdicts(envelopes(4)) == [Verdict.ACCEPTED] * 4
    assert server.connections == 2
    assert len(server.messages) == 4


def test_a_server_that_is_away_is_asked_once(settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", any_free(), False
    assert verdicts(envelopes(10)) == [Verdict.UNREACHABLE] * 10


def test_a_wrong_password_is_nobodys_refusal(settings):
    answers = {"EHLO": "250-scripted\r\n250 AUTH PLAIN LOGIN", "AUTH": "535 wrong"}
    with scripted(settings, **answers) as server:
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "secret"
        assert verdicts(envelopes(3)) == [Verdict.UNREACHABLE] * 3
    assert server.connections == 1


def test_starttls_is_never_skipped(settings):
    with scripted(settings) as server:
        settings.EMAIL_USE_TLS = True
        assert verdicts(envelopes(1)) == [Verdict.UNREACHABLE]
    assert server.messages == []


@pytest.mark.parametrize(
    "address",
    ["no at sign", "a b@x.example", "a@x.example>\r\nDATA", "ä@x.example", "<a@x.example>", "", "a@"],
)
def test_what_cannot_be_an_address_never_reaches_the_server(settings, address):
    with scripted(settings) as server:
        (outcome,) = send([Envelope("portal@coalition.example", address, BODY)])
    assert outcome.verdict is Verdict.FAILED
    assert server.commands in ([], ["quit"])


def test_a_strange_answer_can_be_stored(settings):
    with scripted(settings, RCPT="550 no\x00 such \x1b[31muser"):
        (outcome,) = send(envelopes())
    assert outcome.answer == "550 no such [31muser"
