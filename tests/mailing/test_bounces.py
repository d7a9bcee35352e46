"""Bounces and complaints that come back by mail: read, believed only with our message ID, once."""

import io
import mailbox
from datetime import UTC, datetime
from email import message_from_string

import pytest
from django.core.management import CommandError, call_command

from mailing.composing.message import message_id
from mailing.models import Delivery, DeliveryEvent, Suppression
from mailing.reports.mail import read_report
from tests.mailing.helpers import hand_over, make_mailing

pytestmark = pytest.mark.django_db
ADA = "ada@people.example"
NOW = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)

# As Postfix writes it (RFC 3464).
BOUNCE = """\
From: MAILER-DAEMON@relay.example (Mail Delivery System)
To: portal@illinoispartners.example
Subject: Undelivered Mail Returned to Sender
Date: Thu, 5 Mar 2026 13:59:00 -0600 (CST)
Message-Id: <20260305195900.1@relay.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example
Arrival-Date: Thu, 5 Mar 2026 13:58:00 -0600 (CST)

Final-Recipient: rfc822; {email}
Original-Recipient: rfc822;{email}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.people.example
Diagnostic-Code: smtp; {words}

--B
Content-Type: {returned}

{original}
--B--
"""
# As feedback loops write it (RFC 5965).
COMPLAINT = """\
From: <abusedesk@provider.example>
Date: Thu, 5 Mar 2026 13:59:30 -0600
Subject: FW: News for Ada
To: <portal@illinoispartners.example>
Message-ID: <fbl-1@provider.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="B"

--B
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report for a message.

--B
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <portal@illinoispartners.example>
Arrival-Date: Thu, 5 Mar 2026 13:58:00 -0600

--B
Content-Type: message/rfc822
Content-Disposition: inline

{original}
--B--
"""


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def delivery() -> Delivery:
    return hand_over(make_mailing(to=[ADA])).deliveries.get()


def original(delivery: Delivery | None) -> str:
    identifier = (
        message_id("m", delivery.mailing_id, delivery.pk)
        if delivery
        else "<m.1.1.0000000000000000@x.example>"
    )
    return (
        f"From: portal@illinoispartners.example\nTo: {ADA}\nMessage-ID: {identifier}\nSubject: x\n\nHello\n"
    )


def bounce(
    delivery: Delivery | None, action="failed", status="5.1.1", words="550 5.1.1 unknown", **more
) -> str:
    facts = {"email": ADA, "returned": "message/rfc822", "original": original(delivery)} | more
    return BOUNCE.format(action=action, status=status, words=words, **facts)


def complaint(delivery: Delivery | None, kind: str = "abuse") -> str:
    return COMPLAINT.format(kind=kind, original=original(delivery))


def read(*reports: str, monkeypatch) -> str:
    """What the command says after reading messages from standard input, one at a time."""
    said = io.StringIO()
    for report in reports:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(report.encode())))
        call_command("read_bounces", stdout=said)
    return said.getvalue()


@pytest.mark.parametrize(
    ("action", "status", "words", "kind", "state", "stopped"),
    [
        ("failed", "5.1.1", "550 5.1.1 <ada@people.example> unknown", "bounced", "bounced", True),
        ("failed", "5.2.2", "552 5.2.2 full", "soft_bounced", "bounced", False),
        ("failed", "4.4.1", "connect timed out", "soft_bounced", "bounced", False),
        ("delayed", "4.4.1", "450 later", "deferred", "accepted", False),
        ("delivered", "2.1.5", "250 ok", "delivered", "delivered", False),
    ],
)
def test_what_a_delivery_status_says(delivery, monkeypatch, action, status, words, kind, state, stopped):
    read(bounce(delivery, action, status, words), monkeypatch=monkeypatch)
    event = DeliveryEvent.objects.get()
    assert (event.kind, event.provider, event.delivery_id) == (kind, "mail", delivery.pk)
    assert ADA not in event.reason
    assert Delivery.objects.get().state == state
    assert Suppression.objects.exists() == stopped


@pytest.mark.parametrize("action", ["relayed", "expanded", "", "FAILED maybe"])
def test_what_says_nothing_final_is_left_out(delivery, monkeypatch, action):
    read(bounce(delivery, action), monkeypatch=monkeypatch)
    assert not DeliveryEvent.objects.exists()


@pytest.mark.parametrize(
    ("kind", "found"),
    [("abuse", "complained"), ("fraud", "complained"), ("not-spam", None), ("auth-failure", None)],
)
def test_complaints(delivery, monkeypatch, kind, found):
    read(complaint(delivery, kind), monkeypatch=monkeypatch)
    assert list(DeliveryEvent.objects.values_list("kind", flat=True)) == ([found] if found else [])
    assert Delivery.objects.get().state == (found or "accepted")
    assert Suppression.objects.filter(reason="complained").exists() == bool(found)


@pytest.mark.parametrize("write", [bounce, complaint])
def test_a_report_without_our_message_id_is_anybodys_claim(delivery, monkeypatch, write):
    said = read(write(None), monkeypatch=monkeypatch)
    assert "1 without a report about our mail" in said
    assert not DeliveryEvent.objects.exists()
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_the_returned_message_may_be_its_head_only(delivery, returned):
    message = message_from_string(bounce(delivery, returned=returned))
    (event,) = read_report(message, now=NOW)
    assert event.email == ADA
    assert event.happened_at == datetime(2026, 3, 5, 19, 59, tzinfo=UTC)


def test_without_the_returned_message_what_it_answers_to_counts(delivery):
    identifier = message_id("m", delivery.mailing_id, delivery.pk)
    text = bounce(None).replace("Subject: Undel", f"References: <a@b.example>\n {identifier}\nSubject: Undel")
    assert len(read_report(message_from_string(text), now=NOW)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Subject: Out of office\n\nI am away.\n",
        "Content-Type: multipart/report; boundary=B\n\n--B\nContent-Type: message/delivery-status\n\n--B--",
        "Content-Type: message/delivery-status\n\nAction: failed\n",
        "Content-Type: multipart/report; report-type=feedback-report; boundary=\n\nx",
        "Date: never\nMessage-ID: \xff\n\n",
    ],
)
def test_anything_else_is_no_report(text):
    assert read_report(message_from_string(text), now=NOW) == []


def test_a_mailbox_is_read_as_often_as_one_likes(delivery, tmp_path):
    box = mailbox.mbox(tmp_path / "bounces")
    other = hand_over(make_mailing(to=["bob@people.example"])).deliveries.get()
    box.add(bounce(delivery))
    box.add(complaint(other))
    box.add("Subject: Out of office\n\nI am away.\n")
    box.close()
    said = io.StringIO()
    for _ in range(2):
        call_command("read_bounces", mbox=str(tmp_path / "bounces"), stdout=said)
    first, second = said.getvalue().splitlines()
    assert first.startswith("3 messages read, 1 without a report")
    assert "2 reports are new, 0 were known. 2 deliveries changed, 2 addresses stopped." in first
    assert "0 reports are new, 2 were known. 0 deliveries changed, 0 addresses stopped." in second


def test_a_mailbox_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(CommandError, match="There is no file"):
        call_command("read_bounces", mbox=str(tmp_path / "nothing"))


def test_the_help_says_what_it_is_for(capsys):
    with pytest.raises(SystemExit):
        call_command("read_bounces", "--help")
    told = " ".join(capsys.readouterr().out.split())
    assert "RFC 3464" in told
    assert "does no harm" in told
