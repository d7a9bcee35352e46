"""Who subscribed to updates, and which addresses get no more mail."""

from datetime import datetime, timedelta
from random import Random

from django.db.models import F

from mailing.addresses import hash_address
from mailing.models import Subscription, Suppression, Topic
from partners.models import Person
from portal.demo.people import private_address, sample_name
from portal.embedded.demo_logins import DEMO_LOGINS

CONSENT = "I want these updates from Illinois Partners by e-mail. I can stop them at any time."
_CHOICES = (
    ("action-alerts",),
    ("action-alerts", "issue-of-the-week"),
    ("issue-of-the-week",),
    ("issue-of-the-week", "coalition-news"),
    ("action-alerts", "issue-of-the-week", "coalition-news"),
)
_REASONS = ("unsubscribed", "unsubscribed", "bounced", "staff")


def write_subscribers(*, count: int, seed: int, now: datetime) -> None:
    """`count` people of the public with confirmed subscriptions, begun over the last two years."""
    rng, topics = Random(f"{seed}:subscribers"), Topic.objects.in_bulk(field_name="slug")
    rows = []
    for number in range(1, count + 1):
        email = private_address(rng, *sample_name(rng), number + 50_000)
        confirmed_at = now - timedelta(minutes=rng.randrange(60, 700 * 24 * 60))
        rows += [
            Subscription(
                email=email,
                address_hash=hash_address(email),
                topic=topics[slug],
                state=Subscription.State.SUBSCRIBED,
                consent_text=CONSENT,
                source="sign-up page",
                confirmed_at=confirmed_at,
            )
            for slug in rng.choice(_CHOICES)
        ]
    Subscription.objects.bulk_create(rows, batch_size=1000)
    Subscription.objects.active().update(created_at=F("confirmed_at") - timedelta(minutes=4))


def write_suppressions(*, count: int, seed: int, now: datetime) -> None:
    """`count` people of partners whose addresses must get no bulk mail; never one of the demo logins."""
    rng = Random(f"{seed}:suppressions")
    logins = [login.email for login in DEMO_LOGINS]
    people = Person.objects.exclude(email__in=logins).order_by("pk").values_list("email", flat=True)
    rows = Suppression.objects.bulk_create(
        Suppression(
            address_hash=hash_address(email),
            hint=f"{email[0]}…@{email.partition('@')[2]}"[:120],
            reason=rng.choice(_REASONS),
        )
        for email in rng.sample(list(people), k=min(count, len(people)))
    )
    for row in rows:
        days = rng.randint(60, 500)
        Suppression.objects.filter(pk=row.pk).update(created_at=now - timedelta(days=days))
