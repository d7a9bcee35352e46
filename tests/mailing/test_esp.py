"""Providers' web services: what each answer means for the message, and what the provider is given."""

import json
from contextlib import closing
from urllib.parse import unquote

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from mailing.composing.message import as_wire, build_message
from mailing.composing.splice import SplicedContent
from mailing.models import Relay
from mailing.wire import Envelope, Outcome, Verdict, open_transport
from mailing.wire.checks import check_wire_settings
from mailing.wire.esp import AnymailTransport, as_anymail, open_backend
from portal.embedded.ports import any_free
from tests.mailing.nasty import NASTY, Person
from tests.mailing.provider_stand_in import CUT, HANG, PROVIDERS, provider_stand_in
from tests.mailing.test_splice import FRAME, compiled, filled

pytestmark = pytest.mark.filterwarnings("ignore:django-anymail has dropped official support")
ACCEPTED, DEFERRED, FAILED = Verdict.ACCEPTED, Verdict.DEFERRED, Verdict.FAILED
UNKNOWN, UNREACHABLE = Verdict.UNKNOWN, Verdict.UNREACHABLE
READER = Person(1234, "ada@people.example", {"first_name": NASTY[3], "organization": "مرحبا 👩🏽‍⚕️ <b>"})


def envelopes(count: int = 1) -> list[Envelope]:
    spliced = SplicedContent(compiled(), FRAME)
    readers = [Person(n, f"p{n}@people.example", {"first_name": "Ada"}) for n in range(1, count + 1)]
    return [
        Envelope("news@coalition.example", reader.email, spliced.message(reader, now=timezone.now()))
        for reader in readers
    ]


@pytest.fixture(params=PROVIDERS, ids=lambda provider: provider.name)
def service(request, settings):
    with provider_stand_in(settings, request.param) as service:
        yield service


@pytest.fixture
def postmark(settings):
    with provider_stand_in(settings, PROVIDERS[0]) as service:
        yield service


def send(count: int = 1) -> list[Outcome]:
    with closing(AnymailTransport()) as transport:
        return transport.send(envelopes(count))


def verdicts(count: int = 1) -> list[Verdict]:
    return [outcome.verdict for outcome in send(count)]


def test_every_message_is_a_request_of_its_own(service):
    assert verdicts(3) == [ACCEPTED] * 3
    assert len(service.bodies) == 3
    bodies = [unquote(body) for body in service.bodies]
    assert [f"p{n}@people.example" in body for n, body in enumerate(bodies, 1)] == [True] * 3
    assert not any("p1@people.example" in body for body in bodies[1:])


def test_the_provider_gets_what_the_law_wants_and_our_message_id(service):
    verdicts()
    (body,) = service.bodies
    for header in ["List-Unsubscribe", "List-Unsubscribe-Post", "List-Id"]:
        assert header in body
    assert "m.7.1." in body


def test_a_refused_address_fails_alone(service):
    service.answers = [service.provider.accepted, service.provider.bad_recipient, service.provider.accepted]
    found = send(3)
    assert [outcome.verdict for outcome in found] == [ACCEPTED, FAILED, ACCEPTED]
    assert found[1].answer[:3] == str(service.provider.bad_recipient[0])


@pytest.mark.parametrize("about_us", ["bad_key", "bad_sender"])
def test_a_wrong_key_or_sender_is_no_recipients_fault(service, about_us):
    service.answers = [service.provider.accepted, getattr(service.provider, about_us)]
    found = send(4)
    assert [outcome.verdict for outcome in found] == [ACCEPTED, UNREACHABLE, UNREACHABLE, UNREACHABLE]
    assert len(service.bodies) == 2
    assert len(found[1].answer) <= 500


def test_a_provider_that_refuses_everybody_means_us(service):
    service.answers = [(400, '{"ErrorCode": 1, "message": "strange", "Message": "strange"}')]
    assert verdicts(5) == [FAILED, FAILED, UNREACHABLE, UNREACHABLE, UNREACHABLE]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((429, "too many requests"), DEFERRED),
        ((503, "back soon"), DEFERRED),
        ((500, "internal error"), UNKNOWN),
        ((502, "bad gateway"), UNKNOWN),
        ((504, "gateway timeout"), UNKNOWN),
        (CUT, UNKNOWN),
        (HANG, UNKNOWN),
        ((402, "not paid"), UNREACHABLE),
    ],
)
def test_a_provider_in_trouble_costs_one_message(service, settings, answer, expected):
    settings.EMAIL_TIMEOUT = 0.3
    service.answers = [service.provider.accepted, answer, service.provider.accepted]
    assert verdicts(5) == [ACCEPTED, expected, UNREACHABLE, UNREACHABLE, UNREACHABLE]
    assert len(service.bodies) == 2


@pytest.mark.parametrize("provider", [PROVIDERS[0], PROVIDERS[2], PROVIDERS[3]], ids=lambda p: p.name)
def test_an_answer_nobody_can_read_leaves_it_unknown(settings, provider):
    with provider_stand_in(settings, provider) as service:
        service.answers = [(200, "<html>welcome</html>")]
        assert verdicts() == [UNKNOWN]


def test_a_service_that_is_away_was_given_nothing(settings):
    settings.MAILING_PROVIDER = "postmark"
    url = f"http://127.0.0.1:{any_free()}/"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "key", "POSTMARK_API_URL": url}
    assert verdicts(3) == [UNREACHABLE] * 3
    assert AnymailTransport().ask("news@coalition.example")
    settings.ANYMAIL["POSTMARK_API_URL"] = "http://nowhere.invalid/"
    assert verdicts(1) == [UNREACHABLE]


def test_a_service_that_answers_is_there(postmark):
    postmark.answers = [(404, ""), (500, "")]
    with closing(AnymailTransport()) as transport:
        assert transport.ask("news@coalition.example") == ""
        assert transport.ask("news@coalition.example").startswith("500")
    assert postmark.bodies == []


def test_nobodys_reading_is_watched(postmark):
    assert verdicts() == [ACCEPTED]
    sent = json.loads(postmark.bodies[0])
    assert (sent["TrackOpens"], sent["TrackLinks"]) == (False, "None")
    assert sent["Metadata"]["message_id"].startswith("m.7.1.")


def test_the_message_comes_through_whole(postmark):
    content = compiled()
    wire = SplicedContent(content, FRAME).message(READER, now=timezone.now())
    message = as_anymail(Envelope("news@coalition.example", READER.email, wire))
    rendered = filled(content, READER)
    # The two may be made in different seconds, and a token holds its time.
    strip = str.maketrans("", "", "0123456789")
    assert message.subject == rendered.subject
    assert message.body.split("https://")[0] == rendered.text.split("https://")[0]
    assert len(message.body) == len(rendered.text)
    ((html, mimetype),) = message.alternatives
    assert (len(html), mimetype) == (len(rendered.html), "text/html")
    assert html.translate(strip)[:200] == rendered.html.translate(strip)[:200]
    assert message.to == ["ada@people.example"]
    assert message.from_email == '"Illinois \\"Partners\\"" <news@coalition.example>'
    assert message.reply_to == ["staff@coalition.example"]
    assert "Subject" not in message.extra_headers
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_single_message_of_text_alone_goes_too(postmark):
    plain = build_message(
        to="ada@people.example",
        subject="Grüße",
        text="Hallo\n",
        message_id="<o.1@x.example>",
        date=timezone.now(),
    )
    with closing(AnymailTransport()) as transport:
        found = transport.send([Envelope("news@coalition.example", "ada@people.example", as_wire(plain))])
    assert [outcome.verdict for outcome in found] == [ACCEPTED]
    sent = json.loads(postmark.bodies[0])
    assert (sent["Subject"], sent["TextBody"], "HtmlBody" in sent) == ("Grüße", "Hallo\n", False)


def test_what_cannot_be_an_address_fails_here(postmark):
    (envelope,) = envelopes()
    for address in ["no at sign", "a@x.example,b@x.example", ""]:
        with closing(AnymailTransport()) as transport:
            (outcome,) = transport.send([Envelope(envelope.sender, address, envelope.data)])
        assert outcome.verdict is FAILED
    assert postmark.bodies == []


@pytest.mark.django_db
def test_the_workers_share_what_they_know_of_a_provider(postmark):
    postmark.answers = [postmark.provider.bad_key]
    for _worker in range(2):
        with closing(open_transport()) as transport:
            assert [outcome.verdict for outcome in transport.send(envelopes(2))] == [UNREACHABLE] * 2
    assert len(postmark.bodies) == 1
    row = Relay.objects.get(name="postmark")
    assert row.down_since is not None
    assert "not valid" in row.last_answer


@pytest.mark.parametrize("provider", ["amazon_ses", "console", "nobody", "../x"])
def test_a_provider_we_cannot_use_is_refused_at_the_start(settings, provider):
    settings.MAILING_PROVIDER, settings.ANYMAIL = provider, {}
    with pytest.raises(ImproperlyConfigured, match=r"MAILING_PROVIDER"):
        open_backend()
    assert [error.id for error in check_wire_settings(None)] == ["mailing.E001"]


def test_a_missing_key_is_named_at_the_start(settings):
    settings.MAILING_PROVIDER, settings.ANYMAIL = "postmark", {}
    (error,) = check_wire_settings(None)
    assert "POSTMARK_SERVER_TOKEN" in error.msg
