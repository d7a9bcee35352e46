"""Spliced messages: what arrives is what Django would have sent, to the last letter, whatever a name holds."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as django_settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from mailing import services, tokens
from mailing.composing.compile import ENGINE_SLOTS, Content, compile_content
from mailing.composing.message import message_id, read_message_id, sender_address
from mailing.composing.pages import page_address
from mailing.composing.quoted import quote_text, quote_value
from mailing.composing.splice import SplicedContent
from mailing.composing.splice_plan import Frame
from mailing.services import rendering
from mailing.wire import Envelope, Verdict
from mailing.wire.smtp import SmtpTransport, stuffed
from portal.embedded.ports import any_free
from tests.mailing.helpers import make_mailing, written
from tests.mailing.nasty import NASTY, Person, people

FRAME = Frame(7, "action-alerts", 'Illinois "Partners" <news@coalition.example>', "staff@coalition.example")
TEXT = (
    "Dear {{ first_name|Friend }},\n\n.leading dot, then one alone\n.\nFrom here on\n{{ organization }}\n"
    "{{ first_name }}{{ organization|your organization }}\ntrailing blank \n\tand tab\t\n"
    + "long "
    * 300
    + "\n"
    "https://portal.example/act?a=1&b=2\nhttps://x.example/?n={{ first_name|no & one }}&v={{ view_url }}\n"
    "year {{ year }} = done=\nStop: {{ unsubscribe_url }}\n{{ preferences_url }}\n{{ why_url }}{{ view_url }}"
)
HTML = (
    '<p title="{{ first_name|&quot;friend&quot; &amp; co }}">Grüße {{ first_name|R&D }} · {{ organization }}</p>\n'
    '<a href="https://portal.example/act?a=1&amp;b=2">Act</a><a href="https://portal.example/b">B</a>\n'
    '<a href="https://x.example/?n={{ first_name|no one }}&amp;v={{ why_url }}">x</a>'
    + "<td>long</td>"
    * 200
    + "\n"
    '.<a href="{{ unsubscribe_url }}">Stop</a> <a href="{{ preferences_url }}">P</a><a href="{{ view_url }}">V</a>'
    '<a href="{{ why_url }}">W</a>\n\n'
)


def compiled(subject="For {{ first_name|you }}: {{ organization }} ü", text=TEXT, html=HTML) -> Content:
    links: dict[str, int] = {}
    return compile_content(
        subject=subject, text=text, html=html, number=lambda url: links.setdefault(url, 40 + len(links))
    )


def filled(content: Content, person: Person) -> services.RenderedMessage:
    return content.fill(
        slots=person.slots,
        urls={
            "unsubscribe_url": page_address("unsubscribe", tokens.unsubscribe_token(person)),
            "preferences_url": page_address("preferences", tokens.address_token(person.email)),
            "view_url": page_address("view_online", tokens.view_token(person)),
            "why_url": page_address("why", tokens.why_token(person)),
        },
        link=lambda number: page_address("go", tokens.link_token(person, number)),
    )


def by_django(content: Content, person: Person, now) -> EmailMessage:
    rendered = filled(content, person)
    message = EmailMultiAlternatives(
        rendered.subject,
        rendered.text,
        '"Illinois \\"Partners\\"" <news@coalition.example>',
        [person.email],
        reply_to=["staff@coalition.example"],
        headers={"Message-ID": message_id("m", FRAME.mailing, person.pk)},
    )
    message.attach_alternative(rendered.html, "text/html")
    return read(message.message().as_bytes(linesep="\r\n"))


def read(wire: bytes) -> EmailMessage:
    message = message_from_bytes(wire, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage, subtype: str) -> str:
    body = message.get_body((subtype,))
    assert body is not None
    return body.get_content().replace("\r\n", "\n")


def defects(message: EmailMessage) -> list:
    found = [defect for part in message.walk() for defect in part.defects]
    return found + [defect for value in message.values() for defect in value.defects]


@pytest.fixture
def now(time_machine):
    time_machine.move_to("2026-03-05T20:00:00.25+00:00", tick=False)
    return timezone.now()


def test_three_hundred_readers_see_what_django_would_have_sent(now):
    content = compiled()
    spliced = SplicedContent(content, FRAME)
    readers = list(people(300))
    assert len({str(reader.slots) for reader in readers}) > 140
    for reader in readers:
        message, expected = read(spliced.message(reader, now=now)), by_django(content, reader, now)
        assert text_of(message, "plain") == text_of(expected, "plain")
        assert text_of(message, "html") == text_of(expected, "html")
        for name in ["From", "To", "Reply-To", "Message-ID"]:
            assert message[name] == expected[name]
        if "=?" in str(reader.slots):
            # Django lets a name that poses as an encoded word through, and its reader sees another name.
            assert message["Subject"] == filled(content, reader).subject
        else:
            # A long word makes the library fold before the first letter, and a blank comes of it.
            assert message["Subject"] == expected["Subject"].strip()


def test_every_message_is_clean_on_the_wire(now):
    spliced = SplicedContent(compiled(), FRAME)
    for reader in people(300):
        wire = spliced.message(reader, now=now)
        assert defects(read(wire)) == []
        # `Ready` promises this to the transport.
        assert stuffed(bytes(wire)) == wire
        assert wire.isascii()
        head, _empty, body = wire.partition(b"\r\n\r\n")
        assert max(map(len, body.split(b"\r\n"))) <= 76
        assert not re.search(rb"(?m)^(?:From |\.)", body)
        assert body.count(b"--=_part") == 3
        for line in head.split(b"\r\n"):
            long = (b"List-", b"To: ", b"Message-ID: ")
            assert len(line) <= (998 if line.startswith(long) else 78)


def test_the_headers_that_bulk_mail_owes_its_readers(now):
    reader = Person(1234, "ada@people.example", {"first_name": "Ada"})
    message = read(SplicedContent(compiled(), FRAME).message(reader, now=now))
    stop = page_address("unsubscribe", tokens.unsubscribe_token(reader))
    assert message["List-Unsubscribe"] == f"<{stop}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Id"] == "<action-alerts.illinoispartners.example>"
    assert message["Feedback-ID"] == "7:action-alerts:mailing:illinoispartners.example"
    assert message["Reply-To"].addresses[0].addr_spec == "staff@coalition.example"
    assert message["Date"].datetime == now.replace(microsecond=0)
    assert read_message_id(message["Message-ID"]) == ("m", "7", "1234")
    assert message["Precedence"] is None
    assert len({name.lower() for name in message}) == len(message)


def test_the_same_row_gives_the_same_bytes(now):
    reader = next(iter(people(1)))
    assert SplicedContent(compiled(), FRAME).message(reader, now=now) == SplicedContent(
        compiled(), FRAME
    ).message(reader, now=now)


@pytest.mark.parametrize(
    "text", ["", "\n", "{{ first_name }}", "\n{{ first_name }}\n", "{{ first_name }}\n.\n", "a "]
)
def test_slots_may_stand_anywhere(text, now):
    content = compiled(subject="s", text=text, html=text)
    for name in NASTY:
        reader = Person(5, "ada@people.example", {"first_name": name})
        message = read(SplicedContent(content, FRAME).message(reader, now=now))
        rendered = filled(content, reader)
        assert (text_of(message, "plain"), text_of(message, "html")) == (rendered.text, rendered.html)


_words = st.text(max_size=200) | st.sampled_from(NASTY)


@given(
    st.lists(_words | st.sampled_from(["{{ first_name }}", "{{ why_url }}", "{{ x|y z }}"]), max_size=8),
    _words,
)
def test_any_content_and_name_come_back(parts, name):
    text = "".join(
        part if part.startswith("{{ ") and "|" not in name else part.replace("{", "(") for part in parts
    )
    content = compiled(subject="{{ first_name }}", text=text, html=text)
    reader = Person(99, "ada@people.example", {"first_name": name, "x": name})
    wire = SplicedContent(content, FRAME).message(reader, now=timezone.now())
    message = read(wire)
    rendered = filled(content, reader)
    stamps = re.compile(r"\.[0-9A-Za-z]{6}\.[\w-]{43}")  # The clock may go on between the two.
    assert stamps.sub("", text_of(message, "plain")) == stamps.sub("", rendered.text)
    assert stamps.sub("", text_of(message, "html")) == stamps.sub("", rendered.html)
    assert (message["Subject"] or "") == rendered.subject
    assert stuffed(bytes(wire)) == wire
    assert max(map(len, wire.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76


@given(st.text(alphabet=st.sampled_from("a .=\tüF\n"), max_size=400), st.booleans())
def test_quoted_pieces_join_to_the_whole(text, ends_line):
    from quopri import decodestring

    quoted = quote_text(text, ends_line=ends_line) + (b"" if ends_line else quote_value("é."))
    assert decodestring(quoted).decode() == text.replace("\n", "\r\n") + ("" if ends_line else "é.")
    assert all(len(line) <= 76 and not line.startswith(b".") for line in quoted.split(b"\r\n"))


class Keeper:
    """Keeps what comes, byte for byte, and offers pipelining."""

    def __init__(self) -> None:
        self.contents: list[bytes] = []

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]]

    async def handle_DATA(self, server, session, envelope):
        self.contents.append(envelope.content)
        return "250 kept"


def test_every_byte_arrives(settings, now):
    spliced = SplicedContent(compiled(), FRAME)
    wires = [spliced.message(reader, now=now) for reader in people(60)]
    plain = [bytes(wire).replace(b"=2E", b".") for wire in wires]
    keeper = Keeper()
    controller = Controller(keeper, hostname="127.0.0.1", port=any_free())
    controller.start()
    try:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", controller.port, False
        transport = SmtpTransport()
        found = transport.send(
            [Envelope(sender_address(), "ada@people.example", data) for data in wires + plain]
        )
        transport.close()
    finally:
        controller.stop()
    assert {outcome.verdict for outcome in found} == {Verdict.ACCEPTED}
    assert keeper.contents == wires + plain


@pytest.mark.django_db
class TestWireMessages:
    def test_everybody_gets_their_language_and_variant(self, now):
        mailing = make_mailing(
            contents=[
                written(subject="A en"),
                written(subject="A es", language="es"),
                written(subject="B en", variant="B"),
            ]
        )
        rows = [Person(1, "a@x.example"), Person(2, "b@x.example", language="es")]
        rows.append(Person(3, "c@x.example", language="fr"))

        def subjects(variant):
            wires = services.rendering.wire_messages(
                mailing=mailing, variant=variant, deliveries=rows, now=now
            )
            return [read(wire)["Subject"] for wire in wires]

        assert subjects("A") == ["A en", "A es", "A en"]
        assert subjects("B") == ["B en", "B en", "B en"]

    def test_a_mailing_met_before_asks_no_database(self, now, django_assert_num_queries):
        mailing = make_mailing(to=["ada@people.example", "bob@people.example"])
        rows = list(mailing.deliveries.order_by("pk"))
        first = rendering.wire_messages(mailing=mailing, variant="A", deliveries=rows, now=now)
        with django_assert_num_queries(0):
            assert rendering.wire_messages(mailing=mailing, variant="A", deliveries=rows, now=now) == first
        assert [read(wire)["To"] for wire in first] == [row.email for row in rows]

    def test_contents_do_not_pile_up(self, now, monkeypatch):
        monkeypatch.setattr(rendering, "KEPT_CONTENTS", 2)
        rendering._ready.clear()
        for _mailing in range(4):
            mailing = make_mailing()
            rendering.wire_messages(mailing=mailing, variant="A", deliveries=list(people(2)), now=now)
        assert len(rendering._ready) == 2
        assert mailing.pk in {key[0] for key in rendering._ready}

    def test_the_browser_shows_what_was_mailed(self, now):
        mailing = make_mailing(to=["ada@people.example"])
        delivery = mailing.deliveries.get()
        (wire,) = rendering.wire_messages(mailing=mailing, variant="A", deliveries=[delivery], now=now)
        shown = services.render_delivery(mailing=mailing, delivery=delivery)
        message = read(wire)
        assert (message["Subject"], text_of(message, "plain")) == (shown.subject, shown.text)
        assert text_of(message, "html") == shown.html

    def test_previews_show_contents_without_tokens(self):
        mailing = make_mailing(
            contents=[written(), written(subject="Hola {{ first_name|amiga }}", language="es")]
        )
        shown = services.render_sent_preview(mailing=mailing, slots={}, language="es")
        assert shown.subject == "Hola amiga"
        assert "https://portal.example/take-action/x" in shown.text
        assert f"{django_settings.SITE_URL}/updates/unsubscribe/preview/" in shown.html
        assert rendering._preview_urls().keys() == ENGINE_SLOTS
