"""Reminders: alerts that follow an alert by themselves, to those who were asked and have not acted."""

import re
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from campaigns.messages.contents import ENGLISH, SPANISH, A, blocks_of, preheader_of, subject_of
from campaigns.models import ActionAlert, ActionTaken, AlertBlock, CallToAction, Signature
from campaigns.services.sending import (
    UNDER_WAY,
    AlertRefused,
    alert_state,
    compile_alert,
    copy_blocks,
    held_call,
    locked_alert,
)
from mailing import services as mailing_services
from mailing.addresses import hash_address
from mailing.models import Delivery
from mailing.services.tallies import take_rows_back
from partners.history import changed_by
from partners.models import Membership, Organization, Person, User

logger = structlog.get_logger(__name__)

State = ActionAlert.State
# Whoever got the message later than this, because it went out slowly, is not reminded yet.
TIME_TO_ACT = timedelta(days=1)
_TOKEN = re.compile(r"\{\{.*?\}\}|\S+")


def send_due_reminders(*, now: datetime) -> int:
    """Writes and starts every reminder whose day has come; returns how many. Doing it twice adds none."""
    alerts = ActionAlert.objects.filter(
        reminder_of__isnull=True,
        reminders_stopped_at__isnull=True,
        state__in=[State.SENDING, State.SENT],
        call_to_action__status=CallToAction.Status.PUBLISHED,
        call_to_action__closes_at__gt=now,
        mailing__started_at__lte=now - timedelta(days=1),
    ).exclude(reminder_days=[])
    return sum(_try_to_remind(pk, now) for pk in list(alerts.values_list("pk", flat=True)))


def take_back_who_acted(*, now: datetime) -> int:
    """Takes people out of reminders under way who acted since they were written; returns how many."""
    taken = 0
    under_way = ActionAlert.objects.in_flight().filter(reminder_of__isnull=False, mailing__isnull=False)
    for reminder in under_way:
        # From the few who acted to their rows, each by an index: a reminder may have a million.
        actions = ActionTaken.objects.filter(
            call_to_action=reminder.call_to_action_id, acted_at__gte=reminder.created_at
        )
        people = dict(actions.values_list("person", "person__email"))
        people |= dict(signed_for(reminder.call_to_action_id, since=reminder.created_at))
        rows = Delivery.objects.waiting().filter(
            Q(recipient__in=people) | Q(address_hash__in=[hash_address(email) for email in people.values()]),
            mailing=reminder.mailing_id,
        )
        found = list(rows.values_list("pk", flat=True)) if people else []
        taken += take_rows_back(
            found, why=_("Acted, or their organization signed, before the reminder went out.")
        )
    return taken


@transaction.atomic
def stop_reminders(*, alert: ActionAlert, by: User) -> ActionAlert:
    """No further reminder of this alert goes out, and those under way send nothing more."""
    locked = locked_alert(alert)
    if locked.reminder_of_id or locked.reminders_stopped_at or not locked.reminder_days:
        raise AlertRefused([_("This alert has no reminders to stop.")])
    locked.reminders_stopped_at = timezone.now()
    changed_by(locked, by)
    locked.save(update_fields=["reminders_stopped_at"])
    cancel_reminders(alert=locked, by=by)
    return locked


@transaction.atomic
def cancel_reminders(*, alert: ActionAlert, by: User) -> int:
    """Ends the alert's reminders that are under way; returns how many."""
    ended = 0
    under_way = ActionAlert.objects.in_flight().filter(reminder_of=alert)
    for reminder in under_way.select_for_update(of=["self"]).select_related("mailing"):
        if reminder.mailing is None or reminder.mailing.state not in UNDER_WAY:
            continue
        reminder.state = alert_state(mailing_services.cancel_mailing(mailing=reminder.mailing))
        changed_by(reminder, by)
        reminder.save(update_fields=["state"])
        ended += 1
    return ended


def due_number(alert: ActionAlert, now: datetime) -> int:
    """Which reminder of an alert is due: the latest whose day has come; 0 for none. Missed ones are left out."""
    if alert.mailing is None or alert.mailing.started_at is None:
        return 0
    started = alert.mailing.started_at
    days = sorted(set(alert.reminder_days))
    return sum(1 for day in days if started + timedelta(days=day) <= now)


def next_reminder_at(alert: ActionAlert, now: datetime) -> datetime | None:
    """When the next reminder goes out by itself; None when there is none to come."""
    if alert.mailing is None or alert.mailing.started_at is None or alert.reminders_stopped_at:
        return None
    moments = [alert.mailing.started_at + timedelta(days=day) for day in sorted(set(alert.reminder_days))]
    coming = [moment for moment in moments if now < moment < alert.call_to_action.mail_until]
    return coming[0] if coming else None


def _try_to_remind(pk: int, now: datetime) -> bool:
    """One alert's reminder. What stands against it keeps the reminders of other alerts from nothing."""
    try:
        return _remind(pk, now)
    except AlertRefused as refusal:
        logger.warning("reminder not sent", alert=pk, reason=str(refusal))
        return False


@transaction.atomic
def _remind(pk: int, now: datetime) -> bool:
    """Writes one alert's due reminder. The alert's row is the lock, and the reminder's number its mark."""
    parent = (
        ActionAlert.objects.select_for_update(of=["self"], skip_locked=True)
        .select_related("mailing", "call_to_action__hearing")
        .filter(pk=pk, state__in=[State.SENDING, State.SENT], reminders_stopped_at__isnull=True)
        .first()
    )
    if parent is None or parent.call_to_action.hearing_is_off or parent.call_to_action.mail_until <= now:
        return False
    number, earlier = due_number(parent, now), list(parent.reminders.all())
    if not number or any((one.reminder_number or 0) >= number or _is_under_way(one) for one in earlier):
        return False
    reminder = _written(parent, number, now)
    mailing = compile_alert(reminder, send_at=now)
    mailing_services.fill_mailing(mailing=mailing, select=_select(parent, now))
    if held_call(reminder).mail_until <= now:
        raise AlertRefused([_("The call to action closed while the reminder was written.")])
    reminder.mailing = mailing_services.start_mailing(mailing=mailing)
    reminder.state = alert_state(reminder.mailing)
    reminder.save(update_fields=["mailing", "state"])
    return True


def _is_under_way(reminder: ActionAlert) -> bool:
    return reminder.state in {State.SCHEDULED, State.SENDING, State.PAUSED}


def _select(parent: ActionAlert, now: datetime) -> mailing_services.RecipientSelect:
    """Those whose message was handed over a day ago or longer, and who have not acted, nor their organizations signed."""
    asked = (
        Delivery.objects.filter(
            mailing=parent.mailing_id,
            state__in=[Delivery.State.ACCEPTED, Delivery.State.DELIVERED],
            accepted_at__lte=now - TIME_TO_ACT,
        )
        .exclude(email="")
        .exclude(_has_acted(parent.call_to_action_id))
        .order_by()
    )
    if parent.call_to_action.kind == CallToAction.Kind.SIGN_ON:
        asked = asked.exclude(recipient__in=signed_for(parent.call_to_action_id).values("pk"))
    columns = asked.values_list("recipient", "party", "email", "language", "slots")
    sql, params = columns.query.sql_with_params()
    return mailing_services.RecipientSelect(sql, tuple(params))


def _has_acted(call_id: int) -> Q:
    """A condition on deliveries: their person acted on the call, over whatever link or none."""
    actions = ActionTaken.objects.filter(call_to_action=call_id)
    people = Person.objects.filter(actions__call_to_action=call_id, email=OuterRef("email"))
    return (
        Q(Exists(actions.filter(via=OuterRef("pk"))))
        | Q(Exists(actions.filter(person=OuterRef("recipient"))))
        | Q(Exists(people))
    )


def signed_for(call_id: int, *, since: datetime | None = None) -> QuerySet[Person, tuple[int, str]]:
    """Number and address of people all of whose organizations signed a letter, through whomever, or took that back.

    With `since`, only where one of them signed from then on. Nobody for a call that is no letter.
    """
    signed = Signature.objects.filter(call_to_action=call_id)
    signed_now = signed.filter(signed_at__gte=since) if since else signed
    theirs = Membership.objects.current().filter(
        person=OuterRef("pk"), organization__status=Organization.Status.ACTIVE
    )
    people = Person.objects.filter(
        Exists(theirs.filter(organization__in=signed_now.values("organization"))),
        ~Exists(theirs.exclude(organization__in=signed.values("organization"))),
    )
    return people.order_by().values_list("pk", "email")


def _written(parent: ActionAlert, number: int, now: datetime) -> ActionAlert:
    """The reminder as an alert of its own: the parent's words (those of the variant that won) after one line more."""
    variant = parent.test_winner or A
    reminder = ActionAlert.objects.create(
        reminder_of=parent,
        reminder_number=number,
        call_to_action=parent.call_to_action,
        subject=_subject(parent, variant, ENGLISH),
        subject_es=_subject(parent, variant, SPANISH) if parent.subject_es.strip() else "",
        preheader=preheader_of(parent, ENGLISH),
        preheader_es=preheader_of(parent, SPANISH),
        rules=parent.rules,
        include_subscribers=parent.include_subscribers,
        in_recipients_window=parent.in_recipients_window,
        rate_per_minute=parent.rate_per_minute,
        lobbying=parent.lobbying,
        send_at=now,
        created_by=parent.created_by,
        approved_by=parent.approved_by,
        approved_at=now,
    )
    AlertBlock.objects.create(alert=reminder, order=0, text=_line(ENGLISH), text_es=_line(SPANISH))
    blocks = blocks_of(parent, list(parent.blocks.all()), variant)
    for block in blocks:
        block.shown = AlertBlock.Shown.BOTH
    copy_blocks(blocks, reminder, first=1)
    return reminder


def _line(language: str) -> str:
    with translation.override(language):
        words = _("A short reminder: there is still time to act. This is what we asked you.")
        return f"<p>{words}</p>"


def _subject(parent: ActionAlert, variant: str, language: str) -> str:
    """The parent's subject with "Reminder:" before it, cut at a word where it is too long; no merge field is cut."""
    with translation.override(language):
        words = _("Reminder: %(subject)s") % {
            "subject": subject_of(parent, variant=variant, language=language)
        }
    longest = ActionAlert._meta.get_field("subject").max_length or 150
    if len(words) <= longest:
        return words
    kept = ""
    for token in _TOKEN.findall(words):
        if len(kept) + len(token) + 2 > longest:
            break
        kept = f"{kept} {token}".strip()
    return f"{kept}…"
