"""How an address wants its mail: topic by topic, how often, in which language, when, and not for a while."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailing.addresses import hash_address, normalize_address
from mailing.models import Preference, Subscription, Suppression, Topic
from mailing.services.consent import lock_address, remember, say_no, say_yes
from mailing.services.suppression import suppress
from mailing.wishes import Choices

SOURCE = "preferences"


@transaction.atomic
def save_preferences(*, email: str, choices: Choices) -> None:
    """Yes to the chosen topics, no to all else on offer, and how it is to come."""
    email, now = normalize_address(email), timezone.now()
    address_hash = hash_address(email)
    lock_address(address_hash)
    offered = list(Topic.objects.offered_to(address_hash))
    if choices.stop_all:
        say_no(email, offered, now)
        suppress(email=email, reason=Suppression.Reason.UNSUBSCRIBED)
        return
    say_no(email, [topic for topic in offered if topic.pk not in choices.frequencies], now)
    chosen = [topic for topic in offered if topic.pk in choices.frequencies]
    say_yes(email, chosen, now, source=SOURCE, consent_text=str(_("Chosen on the preference page.")))
    for topic in chosen:
        Subscription.objects.of_address(address_hash).filter(topic=topic).update(
            frequency=choices.frequencies[topic.pk]
        )
    remember(email, language=choices.language, hours=choices.hours, paused_until=choices.paused_until)


@transaction.atomic
def pause_mail(*, email: str, until: datetime) -> None:
    """No bulk mail before `until`. What has not begun to go out is kept back when its turn comes."""
    email = normalize_address(email)
    lock_address(hash_address(email))
    remember(email, paused_until=until)


@transaction.atomic
def start_again(*, email: str) -> None:
    """Ends a pause. Doing it twice does no harm."""
    email = normalize_address(email)
    lock_address(hash_address(email))
    Preference.objects.filter(address_hash=hash_address(email)).update(paused_until=None)


@transaction.atomic
def choose_weekly(*, email: str, topic: Topic) -> None:
    """This topic comes in the weekly summary only: less mail, so a yes that was never given needs none now."""
    email, now = normalize_address(email), timezone.now()
    lock_address(hash_address(email))
    say_yes(email, [topic], now, source=SOURCE, consent_text=str(_("Chosen in place of unsubscribing.")))
    Subscription.objects.of_address(hash_address(email)).filter(topic=topic).update(
        frequency=Subscription.Frequency.WEEKLY
    )


@transaction.atomic
def stop_summary(*, email: str) -> None:
    """No more weekly summary: no to every topic that came in it. Doing it twice does no harm."""
    email = normalize_address(email)
    address_hash = hash_address(email)
    lock_address(address_hash)
    weekly = (
        Subscription.objects.of_address(address_hash).active().filter(frequency=Subscription.Frequency.WEEKLY)
    )
    say_no(email, Topic.objects.filter(pk__in=list(weekly.values_list("topic", flat=True))), timezone.now())
