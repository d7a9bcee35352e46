"""Mail that one address got, to be shown again: what was it about, when, and what did it begin with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.functions import Coalesce
from django.utils.text import Truncator

from mailing.addresses import hash_address
from mailing.composing.compile import ENGINE_SLOTS, Content
from mailing.models import Delivery, MailingContent
from mailing.querysets import DeliveryQuerySet

SHOWN_FOR = timedelta(days=365)
LINE_LENGTH = 180
# What reached the address as far as we know, and what may have; also what its weekly summaries told.
_SEEN = ["accepted", "delivered", "bounced", "complained", "unknown"]


@dataclass(frozen=True)
class Told:
    """One message in two lines, with everything personal filled in."""

    delivery: Delivery
    subject: str
    line: str


def mail_of(email: str, *, now: datetime) -> DeliveryQuerySet:
    """Every message to many that an address got in the last twelve months, the newest first; `shown_at` is when."""
    rows = Delivery.objects.filter(address_hash=hash_address(email))
    summarized = rows.filter(state=Delivery.State.SUMMARIZED, accepted_at__isnull=False)
    return (
        (rows.filter(state__in=_SEEN) | summarized)
        .annotate(shown_at=Coalesce("accepted_at", "mailing__send_at"))
        .filter(shown_at__gte=now - SHOWN_FOR)
        .select_related("mailing__topic", "batch")
        .order_by("-shown_at", "-pk")
    )


class Contents:
    """The contents of mailings, each read once however many of its recipients are told."""

    def __init__(self) -> None:
        self._read: dict[int, dict[tuple[str, str], Content]] = {}

    def load(self, mailings: Iterable[int]) -> None:
        """Reads what is missing. One query."""
        missing = set(mailings) - set(self._read)
        self._read.update({mailing: {} for mailing in missing})
        rows = MailingContent.objects.filter(mailing__in=missing).defer("html") if missing else []
        for row in rows:
            self._read[row.mailing_id][row.variant, row.language] = Content(row.subject, row.text, "")

    def told(self, delivery: Delivery) -> Told:
        """One delivery in two lines. The caller loaded its mailing and joined its batch."""
        read = self._read[delivery.mailing_id]
        variant = delivery.batch.variant or MailingContent.Variant.A
        wanted = [(variant, delivery.language), (variant, "en"), ("A", delivery.language), ("A", "en")]
        content = next((read[key] for key in wanted if key in read), Content(delivery.mailing.name, "", ""))
        filled = content.fill(
            slots=delivery.slots, urls=dict.fromkeys(ENGINE_SLOTS, ""), link=lambda number: ""
        )
        return Told(delivery, filled.subject, first_line(filled.text, filled.subject))


def told(deliveries: Sequence[Delivery]) -> list[Told]:
    """Some deliveries in two lines each. One query."""
    contents = Contents()
    contents.load({delivery.mailing_id for delivery in deliveries})
    return [contents.told(delivery) for delivery in deliveries]


def first_line(text: str, subject: str) -> str:
    """The words with which a message's text begins, at most `LINE_LENGTH` signs; not its heading once more."""
    for paragraph in text.split("\n\n"):
        words = " ".join(paragraph.split())
        if words == "--":
            break
        if words and words != subject and not words.startswith(("http://", "https://", "-- ")):
            return Truncator(words).chars(LINE_LENGTH)
    return ""
