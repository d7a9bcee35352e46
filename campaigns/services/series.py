"""The life of a drip series: started, stopped, and moved on every few minutes."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import astuple
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.messages.merge import read_in_general
from campaigns.messages.series import preview_step, sample_slots, step_contents, step_problems
from campaigns.models import Series, SeriesStep
from campaigns.services.errors import StateError
from campaigns.services.series_people import AT_ONCE, people_due
from mailing import services as mailing_services
from mailing.models import Mailing
from partners.history import changed_by
from partners.models import Person, User

_OPEN = frozenset({Mailing.State.READY, Mailing.State.SENDING, Mailing.State.PAUSED})


class SeriesRefused(StateError):
    """The series cannot do this now."""


@transaction.atomic
def start_series(*, series: Series, by: User, now: datetime | None = None) -> Series:
    """Compiles what is new or changed and lets the series run.

    Who came before its very first start is left alone. After a stop it goes on with the people it had; nobody gets a
    message of it twice, also when its words are others now.
    """
    locked, now = _locked(series), now or timezone.now()
    if locked.is_active:
        raise SeriesRefused(_("This series is running."))
    steps = list(locked.steps.all())
    if not steps:
        raise SeriesRefused(_("Write a message first: the series has none."))
    problems = [
        _("“%(subject)s”: %(problem)s") % {"subject": step.subject, "problem": problem}
        for step in steps
        for problem in step_problems(step)
    ]
    if problems:
        raise SeriesRefused(" ".join(problems))
    _cancel_orphans()
    for step in steps:
        _make_ready(step, now)
    locked.is_active, locked.started_at = True, locked.started_at or now
    changed_by(locked, by)
    locked.save()
    return locked


@transaction.atomic
def stop_series(*, series: Series, by: User) -> Series:
    """Holds the series: nothing of it goes out, and its messages can be edited."""
    locked = _locked(series)
    if not locked.is_active:
        raise SeriesRefused(_("This series is not running."))
    for mailing in Mailing.objects.filter(series_step__series=locked).order_by("pk"):
        if mailing.state in {Mailing.State.READY, Mailing.State.SENDING}:
            mailing_services.pause_mailing(mailing=mailing)
    # One that waits for the mail server would go on by itself.
    waiting = Mailing.objects.filter(series_step__series=locked, pause_reason=Mailing.PauseReason.RELAY)
    waiting.update(pause_reason=Mailing.PauseReason.STAFF)
    locked.is_active = False
    changed_by(locked, by)
    locked.save(update_fields=["is_active"])
    return locked


def advance_series(*, now: datetime) -> int:
    """Gives everybody who has come to a step of a running series its message; returns how many."""
    running = Series.objects.filter(is_active=True).values_list("pk", flat=True)
    return sum(_advance(pk, now) for pk in list(running))


@transaction.atomic
def send_series_test(*, series: Series, to: User) -> int:
    """Mails every message of the series to a staff member alone, marked as tests; returns how many."""
    person = Person.objects.filter(user=to).first()
    try:
        messages = [preview_step(step, slots=sample_slots(person)) for step in series.steps.all()]
    except mailing_services.CompileError as error:
        raise SeriesRefused(str(error)) from error
    if not messages:
        raise SeriesRefused(_("Write a message first: the series has none."))
    for message in messages:
        mailing_services.queue_message(
            to=to.email,
            subject=_("[Test] %(subject)s") % {"subject": message.subject},
            text=message.text,
            html=message.html,
        )
    return len(messages)


def mailings_of(step: SeriesStep) -> list[int]:
    """The numbers of all mailings a step ever had."""
    return [*step.earlier.values_list("pk", flat=True), *([step.mailing_id] if step.mailing_id else [])]


@transaction.atomic
def _advance(pk: int, now: datetime) -> int:
    """One series' due people. The series' row is the lock: a second run finds it taken and leaves."""
    series = (
        Series.objects.select_for_update(of=["self"], skip_locked=True)
        .select_related("topic")
        .filter(pk=pk, is_active=True)
        .first()
    )
    if series is None:
        return 0
    # From the first step on, so that everybody gets them in their order.
    return sum(_add(step, recipients) for step, recipients in _due(series, now))


def _due(series: Series, now: datetime) -> Iterator[tuple[SeriesStep, list[mailing_services.Recipient]]]:
    steps = list(series.steps.select_related("mailing").prefetch_related("earlier"))
    for place, step in enumerate(steps):
        if step.mailing is not None and step.mailing.state in _OPEN:
            later = [number for each in steps[place:] for number in mailings_of(each)]
            whole = [number for each in steps for number in mailings_of(each)]
            people = people_due(series, step, got=later, series_mailings=whole, now=now)
            yield step, people
            if len(people) >= AT_ONCE:
                return  # Who still waits for this step must not get a later one before it: it would be lost to them.


def _add(step: SeriesStep, recipients: list[mailing_services.Recipient]) -> int:
    if not recipients or step.mailing is None:
        return 0
    return mailing_services.add_recipients(mailing=step.mailing, recipients=recipients)


def _locked(series: Series) -> Series:
    return Series.objects.select_for_update(of=["self"]).get(pk=series.pk)


def _make_ready(step: SeriesStep, now: datetime) -> None:
    """The step's standing mailing, compiled anew where the words changed, and going."""
    contents = step_contents(step)
    digest = hashlib.sha256(json.dumps([astuple(content) for content in contents]).encode()).hexdigest()
    mailing = step.mailing
    if mailing is not None and step.compiled_digest == digest and mailing.state in _OPEN:
        if mailing.state == Mailing.State.PAUSED and mailing.pause_reason == Mailing.PauseReason.STAFF:
            mailing_services.resume_mailing(mailing=mailing)
        return
    if mailing is not None:
        if mailing.state in _OPEN:
            mailing_services.cancel_mailing(mailing=mailing)
        step.earlier.add(mailing)
    try:
        compiled = mailing_services.compile_mailing(
            topic=step.series.topic,
            name=f"{step.series.name}: {read_in_general(step.subject)}"[:200],
            contents=contents,
            send_at=now,
            standing=True,
        )
    except mailing_services.CompileError as error:
        raise SeriesRefused(f"{step.subject}: {error}") from error
    step.mailing, step.compiled_digest = mailing_services.start_mailing(mailing=compiled), digest
    step.save(update_fields=["mailing", "compiled_digest"])


def _cancel_orphans() -> None:
    """Ends standing mailings whose step was removed while its series stood still."""
    orphans = Mailing.objects.filter(standing=True, series_step__isnull=True, state__in=_OPEN)
    for mailing in orphans.order_by("pk"):
        mailing_services.cancel_mailing(mailing=mailing)
