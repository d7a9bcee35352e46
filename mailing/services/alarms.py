"""Tells staff when mail stands still or needs a decision: once per incident, by mail; the desk shows it while it lasts.

With every mail server down the message itself waits; the desk and the log tell it at once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mailing.models import Batch, Installation, OutboxMessage, Relay
from mailing.services.outbox import Draft, queue_messages
from mailing.wire import all_relays_down_since

logger = structlog.get_logger(__name__)

# A mail server that blinks is nobody's business.
PATIENCE = timedelta(minutes=1)
# New unknown messages within so long of the last word about them are the same incident.
ONE_WORD_PER = timedelta(days=1)


def recipients() -> list[str]:
    """Who hears of it: `settings.MAILING_ALARM_TO`, else whom the function of the settings names."""
    return list(settings.MAILING_ALARM_TO) or list(import_string(settings.MAILING_ALARM_RECIPIENTS)())


@transaction.atomic
def tell_staff_relay_down(*, now: datetime) -> int:
    """Of each mail server that has not answered for a minute, once until it answers again. Returns how many."""
    silent = Q(down_since__isnull=False, down_since__lte=now - PATIENCE)
    relays = list(
        Relay.objects.filter(silent, told_staff_at__isnull=True).select_for_update(skip_locked=True)
    )
    if not relays:
        return 0
    names = [relay.name for relay in relays]
    Relay.objects.filter(pk__in=[relay.pk for relay in relays]).update(told_staff_at=now)
    left = all_relays_down_since() is None
    logger.error("mail server does not answer", relays=names, others_answer=left)
    words = [
        _("Since %(when)s there is no answer from %(name)s. Its last words: %(words)s")
        % {
            "name": relay.name,
            "when": moment(relay.down_since or now),
            "words": relay.last_answer or _("none"),
        }
        for relay in relays
    ]
    if left:
        words.append(
            _("Mail goes out through the other mail server. Nothing is lost, nothing goes out twice.")
        )
    else:
        words.append(
            _(
                "No mail server answers, so all mail waits, this message too. Nothing is lost. Alerts under way "
                "pause and go on by themselves as soon as a mail server answers."
            )
        )
    _tell(_("A mail server does not answer"), words)
    return len(relays)


@transaction.atomic
def tell_staff_relay_up(*, now: datetime) -> int:
    """Of each mail server that staff believe to be down and that answers again. Returns how many."""
    relays = list(
        Relay.objects.filter(down_since__isnull=True, told_staff_at__isnull=False).select_for_update(
            skip_locked=True
        )
    )
    if not relays:
        return 0
    Relay.objects.filter(pk__in=[relay.pk for relay in relays]).update(told_staff_at=None)
    logger.warning("mail server answers again", relays=[relay.name for relay in relays])
    words = [
        _("As of %(when)s, %(name)s answers again. What waited goes out now.")
        % {"name": relay.name, "when": moment(now)}
        for relay in relays
    ]
    _tell(_("A mail server answers again"), words)
    return len(relays)


@transaction.atomic
def tell_staff_restored(*, now: datetime, data_from: datetime, mailings: int, messages: int) -> None:
    """The database is a backup that was restored; its data end at `data_from`. Called once, by who noticed."""
    held = ngettext("%d mailing waits", "%d mailings wait", mailings) % mailings
    single = ngettext("%d single message is unknown", "%d single messages are unknown", messages) % messages
    _tell(
        _("The database was restored: mail waits for you"),
        [
            _(
                "On %(when)s the portal noticed that its database is a backup. It knows what happened until "
                "%(end)s and nothing later."
            )
            % {"when": moment(now), "end": moment(data_from)},
            _("%(mailings)s, because they may have gone out already.") % {"mailings": held},
            *([_("%(messages)s for the same reason.") % {"messages": single}] if messages else []),
            _("Sign-ups, password resets and confirmations that are asked for from now on go out as always."),
        ],
        reverse("admin:mailing_installation_restored"),
    )


@transaction.atomic
def tell_staff_unknowns(*, now: datetime, deliveries: int = 0, messages: int = 0) -> bool:
    """New messages of which nobody knows whether they went out. False when staff know of the incident already.

    While earlier ones wait for a decision, new ones are the same incident, for a day.
    """
    if not (deliveries or messages):
        return False
    row = Installation.objects.select_for_update().first()
    if row is None:
        return False
    is_same = _unknown_in_all() > deliveries + messages
    if is_same and row.unknowns_told_at and row.unknowns_told_at > now - ONE_WORD_PER:
        return False
    Installation.objects.update(unknowns_told_at=now)
    words = []
    if deliveries:
        words.append(
            ngettext(
                "%d message of a mailing may or may not have gone out.",
                "%d messages of mailings may or may not have gone out.",
                deliveries,
            )
            % deliveries
        )
    if messages:
        words.append(
            ngettext(
                "%d single message may or may not have gone out.",
                "%d single messages may or may not have gone out.",
                messages,
            )
            % messages
        )
    words.append(
        _(
            "A worker or the connection ended while they were handed over. They are not sent again by themselves: "
            "please decide."
        )
    )
    _tell(_("Messages whose outcome is unknown"), words, reverse("admin:mailing_installation_unknowns"))
    return True


def moment(when: datetime) -> str:
    """A moment in words, in the coalition's time: "November 23, 2026, 3:05 p.m."."""
    return date_format(localtime(when), "F j, Y, g:i a")


def _unknown_in_all() -> int:
    rows = Batch.objects.filter(tally__has_key="unknown").values_list("tally__unknown", flat=True)
    return sum(rows) + OutboxMessage.objects.filter(state=OutboxMessage.State.UNKNOWN).count()


def _tell(subject: str, words: Sequence[str], path: str = "") -> list[OutboxMessage]:
    url = settings.SITE_URL + (path or reverse("admin:mailing_installation_changelist"))
    text = "\n\n".join([*words, _("See the desk: %(url)s") % {"url": url}]) + "\n"
    return queue_messages(
        drafts=[
            Draft(to=to, subject=subject, text=text, precedence=OutboxMessage.Precedence.NOTICE)
            for to in recipients()
        ]
    )
