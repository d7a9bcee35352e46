"""What the mail tests build on: a topic, a mailing, recipients, and mail servers that misbehave on purpose."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from mailing.models import Delivery, Mailing, Topic
from mailing.services import Recipient, add_recipients, compile_mailing, start_mailing
from mailing.smtp import Envelope, Outcome, Verdict

TEXT = "Hello {{ first_name }},\n\nact: https://portal.example/take-action/x\n\nStop: {{ unsubscribe_url }}"
HTML = (
    '<p>Hello {{ first_name }} of {{ organization }}</p><a href="https://portal.example/take-action/x">Act</a>'
    '<a href="{{ unsubscribe_url }}">Unsubscribe</a>'
)


def make_topic(slug: str = "action-alerts", **fields) -> Topic:
    topic, _created = Topic.objects.get_or_create(
        slug=slug,
        defaults={"name": slug.replace("-", " ").capitalize(), "description": "What one gets."} | fields,
    )
    return topic


def make_mailing(
    *,
    to: Iterable[str] = (),
    topic: Topic | None = None,
    send_at: datetime | None = None,
    started: bool = True,
    **fields,
) -> Mailing:
    """A mailing to the given addresses, numbered from 1, under way unless told otherwise."""
    content = {"subject": "News for {{ first_name }}", "text": TEXT, "html": HTML} | fields
    mailing = compile_mailing(
        topic=topic or make_topic(),
        name="Alert",
        send_at=send_at or timezone.now() - timedelta(seconds=1),
        **content,
    )
    add_recipients(
        mailing=mailing, recipients=[recipient(email, number) for number, email in enumerate(to, 1)]
    )
    return start_mailing(mailing=mailing) if started else mailing


def recipient(email: str, number: int | None = None, **slots: str) -> Recipient:
    return Recipient(
        email=email, recipient=number, slots={"first_name": "Ada", "organization": "Shore"} | slots
    )


def addresses(count: int) -> list[str]:
    return [f"person{number}@people.example" for number in range(1, count + 1)]


def states(mailing: Mailing) -> dict[str, int]:
    """Rows by state, only the states that occur."""
    return {state: rows for state, rows in Delivery.objects.filter(mailing=mailing).tally().items() if rows}


class FakeTransport:
    """Answers as told; `before` runs before each window, as if something happened elsewhere meanwhile."""

    def __init__(
        self,
        answer: Callable[[Envelope], Outcome] | None = None,
        before: Callable[[int], None] | None = None,
    ) -> None:
        self.answer = answer or (lambda envelope: Outcome(Verdict.ACCEPTED, "250 ok"))
        self.before = before or (lambda window: None)
        self.sent: list[str] = []
        self.windows = 0
        self.closed = False

    def send(self, envelopes: Sequence[Envelope]) -> list[Outcome]:
        self.before(self.windows)
        self.windows += 1
        self.sent += [envelope.recipient for envelope in envelopes]
        return [self.answer(envelope) for envelope in envelopes]

    def close(self) -> None:
        self.closed = True
