"""Messages in bytes: what mail programs read back is what was written."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailing.composing.compile import clean, clean_body
from mailing.composing.message import as_wire, build_message, message_id, read_text

WHEN = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)


def wire(**changes) -> bytes:
    parts = {
        "to": "ada@people.example",
        "subject": "Hi",
        "text": "Text",
        "message_id": message_id("t", 1),
        "date": WHEN,
    }
    return as_wire(build_message(**(parts | changes)))


def read(data: bytes):
    return message_from_bytes(data, policy=policy.default)


def body(part) -> str:
    """The part's text, its line ends as Python writes them and without those at the end."""
    return part.get_content().replace("\r\n", "\n").rstrip("\n")


@pytest.mark.parametrize("html", ["", "<p>Grüße</p>" * 300])
def test_parts_and_headers_come_back(html):
    data = wire(subject="Ünï 🏗 " * 20, text="Grüße\n.\n..x\nFrom here\n" + "long " * 400, html=html)
    message = read(data)
    assert message["Subject"] == clean("Ünï 🏗 " * 20)
    assert message["To"] == "ada@people.example"
    assert message["Date"].datetime == WHEN
    text = body(message.get_body(("plain",)))
    assert text == ("Grüße\n.\n..x\nFrom here\n" + "long " * 400).rstrip("\n")
    if html:
        assert message.get_content_type() == "multipart/alternative"
        assert body(message.get_body(("html",))) == html
    assert max(len(line) for line in data.split(b"\r\n")) <= 998
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert data.isascii()
    assert all(len(line) <= 78 for line in data.split(b"\r\n\r\n")[0].split(b"\r\n") if b"=?" in line)


def test_long_list_headers_are_not_turned_into_encoded_words():
    address = "<https://portal.example/updates/unsubscribe/" + "aB3-_" * 30 + "/>"
    data = wire(headers={"List-Unsubscribe": address, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"})
    assert address.encode() in data
    assert read(data)["List-Unsubscribe"] == address


@pytest.mark.parametrize("field", ["subject", "to", "reply_to", "from_header"])
def test_line_breaks_never_make_a_header(field):
    data = wire(**{field: "a@people.example\r\nBcc: thief@evil.example\r\n\r\nbody"})
    message = read(data)
    assert message["Bcc"] is None
    assert body(message) == "Text"


def test_header_values_of_the_caller_are_cleaned():
    assert read(wire(headers={"X-Note": "a\r\nBcc: thief@evil.example"}))["Bcc"] is None


def test_a_from_name_may_hold_any_letter():
    message = read(wire(from_header="Società, “Ponte” <portal@coalition.example>"))
    assert message["From"].addresses[0].addr_spec == "portal@coalition.example"


def test_the_same_row_has_the_same_message_id():
    assert message_id("m", 4, 5) == message_id("m", 4, 5) != message_id("m", 4, 6)
    assert message_id("m", 4, 5).endswith("@illinoispartners.example>")


@given(st.text(max_size=300), st.text(max_size=600))
def test_any_subject_and_text_come_back(subject, text):
    data = wire(subject=subject, text=text)
    message = read(data)
    assert clean(message["Subject"] or "") == clean(subject)
    expected = clean_body(text)
    assert body(message) == expected.rstrip("\n")
    assert read_text(data).replace("\r\n", "\n").rstrip("\n") == expected.rstrip("\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(len(line) for line in data.split(b"\r\n")) <= 998
