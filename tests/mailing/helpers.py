"""What the mail tests build on: a topic, a mailing, recipients, mail servers that misbehave on purpose, and what
must be true of the engine's rows at any moment."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from mailing.models import Batch, Delivery, Mailing, Topic
from mailing.services import Recipient, Written, add_recipients, compile_mailing, mailing_tally, start_mailing
from mailing.services.sending import send_batches
from mailing.services.tallies import recount
from mailing.wire import Envelope, Outcome, Verdict

TEXT = "Hello {{ first_name }},\n\nact: https://portal.example/take-action/x\n\nStop: {{ unsubscribe_url }}"
HTML = (
    '<p>Hello {{ first_name }} of {{ organization }}</p><a href="https://portal.example/take-action/x">Act</a>'
    '<a href="{{ unsubscribe_url }}">Unsubscribe</a>'
)
ACCEPTED = Outcome(Verdict.ACCEPTED, "250 ok")


def make_topic(slug: str = "action-alerts", **fields) -> Topic:
    topic, _created = Topic.objects.get_or_create(
        slug=slug,
        defaults={"name": slug.replace("-", " ").capitalize(), "description": "What one gets."} | fields,
    )
    return topic


def written(**fields: str) -> Written:
    """One version of the tests' message."""
    return Written(**({"subject": "News for {{ first_name }}", "text": TEXT, "html": HTML} | fields))


def make_mailing(
    *,
    to: Iterable[str] = (),
    topic: Topic | None = None,
    send_at: datetime | None = None,
    started: bool = True,
    contents: Sequence[Written] = (),
    subject: str = "News for {{ first_name }}",
    text: str = TEXT,
    html: str = HTML,
    **fields,
) -> Mailing:
    """A mailing to the given addresses, numbered from 1, under way unless told otherwise."""
    mailing = compile_mailing(
        topic=topic or make_topic(),
        name="Alert",
        contents=contents or [Written(subject=subject, text=text, html=html)],
        send_at=send_at or timezone.now() - timedelta(seconds=1),
        **fields,
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
    """Rows by state, only the states that occur; counted one by one, and then found true on the batches."""
    check_figures(mailing)
    return dict(Counter(Delivery.objects.filter(mailing=mailing).values_list("state", flat=True)))


def check_figures(mailing: Mailing | None = None) -> None:
    """Every row is in a batch of its mailing, and every batch's figures are those of its rows."""
    rows = Delivery.objects.filter(mailing=mailing) if mailing else Delivery.objects.all()
    counted: dict[int, Counter[str]] = {}
    for mailing_id, batch_id, state in rows.values_list("mailing_id", "batch_id", "state"):
        assert batch_id in counted or Batch.objects.filter(pk=batch_id, mailing=mailing_id).exists()
        counted.setdefault(batch_id, Counter())[state] += 1
    batches = Batch.objects.filter(mailing=mailing) if mailing else Batch.objects.all()
    for batch in batches:
        assert batch.tally == dict(counted.get(batch.pk, {})), f"figures of {batch}"
        waits = batch.tally.get("pending", 0) + batch.tally.get("deferred", 0)
        if batch.state == Batch.State.DONE:
            assert not waits, f"somebody is forgotten in {batch}"
    if mailing:
        assert sum(mailing_tally(mailing.pk).values()) == rows.count()
        if Mailing.objects.get(pk=mailing.pk).state == Mailing.State.DONE:
            assert not rows.filter(state__in=["pending", "deferred"]).exists()


def send(
    mailing: Mailing | None = None, transport: "FakeTransport | None" = None, **options
) -> "FakeTransport":
    """One worker's turn; the mailing is read anew after it."""
    transport = transport or FakeTransport()
    try:
        send_batches(transport=transport, **options)
    finally:
        check_figures()
        if mailing:
            mailing.refresh_from_db()
    return transport


def hand_over(mailing: Mailing) -> Mailing:
    """As if workers had handed all that waits over at this moment, for tests inside of a transaction."""
    now = timezone.now()
    Delivery.objects.filter(mailing=mailing, state="pending").update(state="accepted", accepted_at=now)
    batches = Batch.objects.filter(mailing=mailing)
    batches.update(state=Batch.State.DONE, claimed_at=now)
    recount(batches.values_list("pk", flat=True))
    return mailing


def make_due() -> None:
    """What waits for its time is due now: batches, and rows that were put off."""
    Delivery.objects.filter(state="deferred").update(next_attempt_at=timezone.now())
    Batch.objects.filter(state="waiting").update(not_before=timezone.now())


class FakeTransport:
    """Answers as told; `before` runs before each window, as if something happened elsewhere meanwhile."""

    def __init__(
        self,
        answer: Callable[[Envelope], Outcome] | None = None,
        before: Callable[[int], object] | None = None,
    ) -> None:
        self.answer = answer or (lambda envelope: ACCEPTED)
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
