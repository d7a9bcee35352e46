"""What an address said: yes to a topic, no to a topic, no to everything."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from mailing import emails
from mailing.addresses import hash_address, normalize_address
from mailing.models import Preference, Subscription, Suppression, Topic
from mailing.services.outbox import queue_message
from mailing.services.suppression import suppress
from mailing.services.taking_back import take_back
from mailing.tokens import CONFIRM_VALID, confirm_token, confirmed_language, open_confirm

ONE_MAIL_PER = timedelta(hours=1)
# Whoever proves to read the mailbox may undo these; what staff stopped, staff lift.
_LIFTED_BY_CONSENT = [
    Suppression.Reason.UNSUBSCRIBED,
    Suppression.Reason.BOUNCED,
    Suppression.Reason.COMPLAINED,
    Suppression.Reason.ERASED,
]


@transaction.atomic
def subscribe(
    *,
    email: str,
    topics: Iterable[Topic],
    consent_text: str,
    source: str,
    frequency: str = Subscription.Frequency.EACH,
    language: str = "",
) -> None:
    """Notes that somebody typed this address, and asks the mailbox to confirm: one mail per hour.

    Nothing else changes before the mailbox says yes; a topic it refused stays refused. The outcome looks
    the same for known and unknown addresses. The language travels in the mailed token, because a stranger
    may have chosen it.
    """
    email = normalize_address(email)
    address_hash, now = hash_address(email), timezone.now()
    lock_address(address_hash)
    mailed_before = _last_mailed(address_hash)
    for topic in topics:
        row, _created = Subscription.objects.get_or_create(
            address_hash=address_hash, topic=topic, defaults={"email": email}
        )
        if row.state != Subscription.State.SUBSCRIBED:
            row.email, row.consent_text, row.source, row.asked_at = email, consent_text, source[:80], now
            row.frequency = frequency
            row.save(update_fields=["email", "consent_text", "source", "asked_at", "frequency"])
    if mailed_before is None or mailed_before <= now - ONE_MAIL_PER:
        waiting = asked_topics(email=email, now=now)
        message = (
            emails.confirmation(email, waiting, confirm_token(email, language), language=language)
            if waiting
            else emails.already(email)
        )
        queue_message(to=email, subject=message.subject, text=message.text, html=message.html)
        Subscription.objects.of_address(address_hash).update(asked_by_mail_at=now)


def asked_topics(*, email: str, now: datetime) -> list[Topic]:
    """The topics an address was signed up for and has not confirmed yet, in their order."""
    rows = Subscription.objects.of_address(hash_address(email)).asked_since(now - CONFIRM_VALID)
    return list(Topic.objects.filter(pk__in=rows.values("topic")))


@transaction.atomic
def confirm_subscription(*, token: str) -> list[Topic]:
    """The mailbox says yes to what it was asked for; returns all topics that were confirmed now.

    Raises `BadToken` or `ExpiredToken`. A second click confirms nothing more and does no harm.
    """
    email = open_confirm(token)
    now = timezone.now()
    lock_address(hash_address(email))
    topics = asked_topics(email=email, now=now)
    say_yes(email, topics, now)
    if topics and (language := confirmed_language(token)):
        remember(email, language=language)
    return topics


@transaction.atomic
def subscribe_confirmed(*, email: str, topics: Iterable[Topic], consent_text: str, source: str) -> None:
    """Subscribes somebody who has proven already that the mailbox is theirs."""
    email = normalize_address(email)
    lock_address(hash_address(email))
    say_yes(email, list(topics), timezone.now(), consent_text=consent_text, source=source[:80])


@transaction.atomic
def unsubscribe(*, email: str, topic: Topic | None) -> None:
    """No more mail of this topic, or with None no more mail at all. Doing it twice does no harm."""
    email = normalize_address(email)
    lock_address(hash_address(email))
    if topic is None:
        suppress(email=email, reason=Suppression.Reason.UNSUBSCRIBED)
    else:
        say_no(email, [topic], timezone.now())


@transaction.atomic
def purge_unconfirmed(*, now: datetime) -> int:
    """Forgets addresses that somebody typed and whose owner never said yes; returns how many rows went."""
    rows = Subscription.objects.filter(state=Subscription.State.PENDING)
    deleted, _by_model = rows.exclude(asked_at__gte=now - CONFIRM_VALID).delete()
    return deleted


def say_yes(
    email: str,
    topics: Collection[Topic],
    now: datetime,
    *,
    consent_text: str | None = None,
    source: str | None = None,
) -> None:
    """Writes a yes to each topic down. The caller holds the address's lock and has the mailbox's word for it."""
    if not topics:
        return
    address_hash = hash_address(email)
    _lift_by_consent(email, topics, now)
    words = {"consent_text": consent_text} if consent_text is not None else {}
    words |= {"source": source} if source is not None else {}
    for topic in topics:
        row, _created = Subscription.objects.get_or_create(
            address_hash=address_hash, topic=topic, defaults={"email": email}
        )
        if row.state == Subscription.State.SUBSCRIBED:
            continue
        Subscription.objects.filter(pk=row.pk).update(
            email=email,
            state=Subscription.State.SUBSCRIBED,
            confirmed_at=now,
            asked_at=None,
            unsubscribed_at=None,
            **words,
        )


def say_no(email: str, topics: Iterable[Topic], now: datetime) -> None:
    """Writes a no to each topic down and takes back what waits. The caller holds the address's lock."""
    address_hash = hash_address(email)
    topics = list(topics)
    for topic in topics:
        row, created = Subscription.objects.get_or_create(
            address_hash=address_hash,
            topic=topic,
            defaults={"email": email, "state": Subscription.State.UNSUBSCRIBED, "unsubscribed_at": now},
        )
        if not created and row.state != Subscription.State.UNSUBSCRIBED:
            row.state, row.unsubscribed_at, row.asked_at = Subscription.State.UNSUBSCRIBED, now, None
            row.save(update_fields=["state", "unsubscribed_at", "asked_at"])
    for topic in topics:
        take_back(address_hash=address_hash, topic=topic, why=Suppression.Reason.UNSUBSCRIBED)


def _lift_by_consent(email: str, topics: Collection[Topic], now: datetime) -> None:
    """Lets mail through again, but only for what was chosen: "stop everything" meant the other topics too."""
    address_hash = hash_address(email)
    lifted, _by_model = Suppression.objects.filter(
        address_hash=address_hash, reason__in=_LIFTED_BY_CONSENT
    ).delete()
    if lifted:
        chosen = [topic.pk for topic in topics]
        unsaid = Topic.objects.exclude(pk__in=chosen).exclude(subscriptions__address_hash=address_hash)
        say_no(email, unsaid, now)


def remember(email: str, **wishes: object) -> None:
    """Writes down how an address wants its mail; what is not named stays. The caller holds the address's lock."""
    Preference.objects.update_or_create(
        address_hash=hash_address(email), defaults={"email": normalize_address(email), **wishes}
    )


def _last_mailed(address_hash: str) -> datetime | None:
    rows = Subscription.objects.of_address(address_hash)
    return rows.aggregate(at=Max("asked_by_mail_at"))["at"]


def lock_address(address_hash: str) -> None:
    """Lets requests for one address wait for each other until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(address_hash[:15], 16)])
