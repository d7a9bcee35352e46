"""The catcher keeps every message whole; /mailbox/ shows it safely."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from portal.embedded.catcher import EmbeddedCatcher, sweep_parts
from portal.embedded.mailbox import Mailbox

pytestmark = [pytest.mark.urls("tests.embedded.urls")]


def message(to: str = "ana@example.org", subject: str = "Act by Thursday, número 1") -> EmailMessage:
    """A message with a text and an HTML part."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, "Illinois Partners <portal@example.org>", to
    mail.set_content("Hello,\n\nhttp://localhost:8000/take-action/\n")
    mail.add_alternative(
        "<html><head><title>x</title></head><body><header>Hi</header>"
        '<a href="https://example.org/">Act</a><script>alert(1)</script></body></html>',
        subtype="html",
    )
    return mail


@pytest.fixture(scope="module")
def catcher(tmp_path_factory) -> Iterator[EmbeddedCatcher]:
    """A running catcher with its own mailbox directory."""
    directory = tmp_path_factory.mktemp("catcher")
    catcher = EmbeddedCatcher(directory / "mailbox", log=directory / "catcher.log")
    catcher.start()
    yield catcher
    catcher.stop()


@pytest.fixture
def mailbox(catcher, settings) -> Mailbox:
    """The catcher's mailbox, emptied, as the views see it."""
    for path in catcher.mailbox.glob("*"):
        path.unlink()
    settings.MAILBOX_DIR = catcher.mailbox
    return Mailbox(catcher.mailbox)


def send(catcher: EmbeddedCatcher, *mails: EmailMessage, to: str | None = None) -> None:
    """Over real SMTP."""
    with smtplib.SMTP("127.0.0.1", catcher.port) as server:
        for mail in mails:
            server.send_message(mail, to_addrs=[to] if to else None)


def test_a_message_is_kept_as_it_came_with_its_envelope(catcher, mailbox):
    send(catcher, message(), to="hidden@example.org")
    (kept,) = mailbox.messages()
    assert kept.subject == "Act by Thursday, número 1"
    assert kept.recipients == "hidden@example.org"
    assert kept.sender == "Illinois Partners <portal@example.org>"
    assert kept.text.startswith("Hello,")
    assert "<header>Hi</header>" in kept.html
    assert list(catcher.mailbox.glob(".*")) == []


def test_newest_first_and_by_recipient(catcher, mailbox):
    send(catcher, message("ana@example.org", "one"), message("ben@example.org", "two"))
    assert [kept.subject for kept in mailbox.messages()] == ["two", "one"]
    assert [kept.subject for kept in mailbox.messages(to=" ANA@ ")] == ["one"]


def test_malformed_messages_are_shown_and_break_nothing(catcher, mailbox, db):
    with smtplib.SMTP("127.0.0.1", catcher.port) as server:
        server.sendmail(
            "bad@example.org",
            ["ana@example.org"],
            b"Subject: =?utf-9?B?xx?= \xff\r\nContent-Type: text/html; charset=nope\r\n\r\n<b>b\xff</b>",
        )
        server.sendmail("", ["two@example.org"], b"")
    client = Client()
    for kept in mailbox.messages():
        assert client.get(reverse("mailbox:detail", args=[kept.id])).status_code == 200
        assert client.get(reverse("mailbox:raw", args=[kept.id])).status_code == 200
    assert client.get(reverse("mailbox:list")).status_code == 200


def test_half_written_files_are_swept_and_never_shown(tmp_path: Path):
    (tmp_path / ".1234567890123456789.part").write_text("half")
    assert Mailbox(tmp_path).messages() == []
    sweep_parts(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_the_pages(catcher, mailbox):
    client = Client()
    assert "No messages yet" in client.get(reverse("mailbox:list")).content.decode()
    send(catcher, *(message(f"p{number}@example.org", f"Alert {number}") for number in range(51)))
    page = client.get(reverse("mailbox:list")).content.decode()
    assert "51 messages" in page
    assert "Alert 50" in page
    assert "Alert 0<" not in page
    assert "Alert 0<" in client.get(reverse("mailbox:list"), {"page": 2}).content.decode()
    found = client.get(reverse("mailbox:list"), {"to": "p7@example.org"}).content.decode()
    assert "1 message," in found
    assert (
        "No message to that address" in client.get(reverse("mailbox:list"), {"to": "nobody"}).content.decode()
    )


@pytest.mark.django_db
def test_the_frame_is_fenced_in(catcher, mailbox):
    send(catcher, message())
    (kept,) = mailbox.messages()
    client = Client()
    page = client.get(reverse("mailbox:detail", args=[kept.id]))
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    frame = client.get(reverse("mailbox:html", args=[kept.id]))
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    policy = frame["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert '<head><base target="_blank"><title>' in frame.content.decode()
    raw = client.get(reverse("mailbox:raw", args=[kept.id]))
    assert raw["Content-Disposition"] == f'attachment; filename="{kept.id}.eml"'


@pytest.mark.django_db
@pytest.mark.parametrize("message_id", ["0000000000000000000", "12", "..%2f..%2fmanage"])
def test_no_such_message(mailbox, message_id):
    assert Client().get(f"/mailbox/{message_id}/").status_code == 404
