"""What one address wants to get, read in one piece, and a change of it told in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from mailing.addresses import hash_address
from mailing.models import Preference, Subscription, Suppression, Topic

# In place of a frequency: this topic is not wanted.
NOTHING = "none"


@dataclass(frozen=True)
class Wishes:
    """What an address gets: for every topic on offer how often, and how all of it is to come."""

    frequencies: dict[Topic, str]  # "each", "weekly" or "none"
    language: str = ""
    hours: str = ""
    paused_until: datetime | None = None
    stopped: bool = False

    @property
    def topics(self) -> list[Topic]:
        """The topics it is written to about."""
        return [topic for topic, often in self.frequencies.items() if often != NOTHING and not self.stopped]


@dataclass(frozen=True)
class Choices:
    """What was chosen on the preference page. `frequencies` holds the chosen topics' numbers; what it lacks is refused.

    `paused_until` None: no pause. `language` and `hours` empty: any.
    """

    frequencies: Mapping[int, str]
    language: str = ""
    hours: str = ""
    paused_until: datetime | None = None
    stop_all: bool = False


def wishes_of(email: str, *, now: datetime) -> Wishes:
    """What an address gets at present; a pause that is over is none. Five queries."""
    address_hash = hash_address(email)
    stopped = Suppression.objects.filter(address_hash=address_hash).exists()
    mailed = set() if stopped else set(Topic.objects.mailed_to(address_hash).values_list("pk", flat=True))
    often = dict(Subscription.objects.of_address(address_hash).values_list("topic", "frequency"))
    preference = Preference.objects.filter(address_hash=address_hash).first() or Preference()
    until = preference.paused_until
    return Wishes(
        frequencies={
            topic: often.get(topic.pk, Subscription.Frequency.EACH) if topic.pk in mailed else NOTHING
            for topic in Topic.objects.offered_to(address_hash)
        },
        language=preference.language,
        hours=preference.hours,
        paused_until=until if until and until > now else None,
        stopped=stopped,
    )


def changes_in_words(before: Wishes, after: Wishes) -> list[str]:
    """What is different now, one sentence for each change; empty when nothing is."""
    if after.stopped:
        return [] if before.stopped else [_("We send you none of our mail any more.")]
    return [*_topic_changes(before, after), *_other_changes(before, after)]


def _topic_changes(before: Wishes, after: Wishes) -> Iterator[str]:
    for topic, often in after.frequencies.items():
        if often == before.frequencies.get(topic, NOTHING):
            continue
        if often == NOTHING:
            yield _("%(topic)s: you no longer get it.") % {"topic": topic.name}
        elif often == Subscription.Frequency.WEEKLY:
            yield _("%(topic)s: you get one summary a week.") % {"topic": topic.name}
        else:
            yield _("%(topic)s: you get each message when it is sent.") % {"topic": topic.name}


def _other_changes(before: Wishes, after: Wishes) -> Iterator[str]:
    if after.language != before.language:
        language = Preference(language=after.language).get_language_display()
        yield _("We write to you in %(language)s, where we have a translation.") % {"language": language}
    if after.hours != before.hours:
        hours = Preference(hours=after.hours).get_hours_display()
        yield _("Time of day: %(hours)s.") % {"hours": capfirst(hours)}
    if after.paused_until != before.paused_until:
        if after.paused_until:
            yield _("We send you nothing until %(day)s.") % {"day": day_in_words(after.paused_until)}
        else:
            yield _("The pause is over: we write to you again from now on.")


def day_in_words(moment: datetime) -> str:
    """Such as "Thursday, March 5, 2026", in Chicago."""
    return format_date(timezone.localtime(moment), "l, F j, Y")
