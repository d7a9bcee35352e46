"""Publishing an agenda: each priority with a worker's voice, or with the reason why it has none."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import Agenda, Priority, WorkerVoice
from campaigns.services.errors import StateError
from partners.caching import empty_page_cache_on_commit
from partners.history import changed_by
from partners.models import User


def without_voice(agenda: Agenda) -> QuerySet[Priority]:
    """An agenda's priorities beside which no worker's voice stands."""
    voices = WorkerVoice.objects.listed().filter(priority=OuterRef("pk"))
    return Priority.objects.filter(~Exists(voices), agenda=agenda)


def unexplained(agenda: Agenda) -> QuerySet[Priority]:
    """Those of them for which nobody has said why."""
    return without_voice(agenda).filter(no_voice_reason="")


@transaction.atomic
def explain_missing_voice(
    *, priority: Priority, reason: str, by: User, now: datetime | None = None
) -> Priority:
    """Keeps why a priority stands without a worker's voice, who said so and when."""
    if not reason.strip():
        raise StateError(_("Say why no worker's voice stands beside it."))
    priority = Priority.objects.select_for_update(of=("self",)).get(pk=priority.pk)
    priority.no_voice_reason = " ".join(reason.split())
    priority.no_voice_by, priority.no_voice_at = by, now or timezone.now()
    priority.save(update_fields=["no_voice_reason", "no_voice_by", "no_voice_at"])
    return priority


@transaction.atomic
def publish_agenda(
    *, agenda: Agenda, by: User, reasons: Mapping[int, str] | None = None, now: datetime | None = None
) -> Agenda:
    """Shows the agenda to everybody. `reasons` says, by a priority's number, why it has no worker's voice."""
    agenda = Agenda.objects.select_for_update().get(pk=agenda.pk)
    if agenda.is_published:
        raise StateError(_("This agenda is published already."))
    for priority in unexplained(agenda):
        explain_missing_voice(priority=priority, reason=(reasons or {}).get(priority.pk, ""), by=by, now=now)
    agenda.is_published = True
    changed_by(agenda, by)
    agenda.save(update_fields=["is_published"])
    empty_page_cache_on_commit()
    return agenda


@transaction.atomic
def take_down_agenda(*, agenda: Agenda, by: User) -> Agenda:
    """Takes a published agenda with its priorities off the site."""
    agenda = Agenda.objects.select_for_update().get(pk=agenda.pk)
    if not agenda.is_published:
        raise StateError(_("This agenda is not published."))
    agenda.is_published = False
    changed_by(agenda, by)
    agenda.save(update_fields=["is_published"])
    empty_page_cache_on_commit()
    return agenda
