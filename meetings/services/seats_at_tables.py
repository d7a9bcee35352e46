"""The tables we sit at: taken over from the list of allies, and staff told before a term ends."""

from datetime import date, datetime
from typing import cast

from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from mailing.services import queue_messages
from meetings import table_emails
from meetings.models import Seat, Table, TermNotice
from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import Ally, User
from partners.services.identity import get_coalition

# Staff hear of a term's end so many days before.
WARN = (90, 30)
RIGHT = "meetings.change_seat"


@transaction.atomic
def add_tables_of_allies(*, by: User | None) -> list[Table]:
    """A table for each coalition among the allies that has none yet. Doing it twice adds none.

    Without `by` it is the portal itself, as in the demonstration. Raises `NotAllowed`.
    """
    if by is not None and not by.has_perm("meetings.add_table"):
        raise NotAllowed(_("You may not add tables."))
    # Locked, so that two presses come one after the other.
    allies = Ally.objects.select_for_update().filter(kind=Ally.Kind.COALITION).order_by("order", "name")
    have = set(Table.objects.filter(ally__isnull=False).values_list("ally", flat=True))
    added = []
    for ally in list(allies):
        if ally.pk in have:
            continue
        table = Table(
            ally=ally, kind=Table.Kind.COALITION, slug=free_slug(ally.name), order=ally.order, is_public=True
        )
        changed_by(table, by)
        table.save()
        added.append(table)
    if added:
        empty_page_cache_on_commit()
    return added


def free_slug(title: str) -> str:
    """A short name for the address that no table has."""
    base = slugify(title)[:100] or "table"
    taken = set(Table.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number, slug = 2, base
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


@transaction.atomic
def warn_of_ending_terms(*, now: datetime) -> int:
    """Tells staff who look after seats of terms that end soon: once 90 days before, once 30. How many terms it tells of.

    A second worker waits for the rows and finds them told. A term that is prolonged is told of anew.
    """
    today = timezone.localdate(now)
    seats = list(Seat.objects.ending(today, max(WARN)).with_people().select_for_update(of=("self",)))
    told = set(TermNotice.objects.filter(seat__in=seats).values_list("seat", "ends_on", "days"))
    news = []
    for seat in seats:
        # `ending` finds only seats with an end.
        ends_on = cast(date, seat.ends_on)
        days = min(lead for lead in WARN if (ends_on - today).days <= lead)
        # Whoever was told of the last 30 days needs not hear of the 90.
        if not any((seat.pk, ends_on, lead) in told for lead in WARN if lead <= days):
            news.append((seat, ends_on, days))
    readers = staff_who_see_to_seats()
    if not news or not readers:
        return 0
    TermNotice.objects.bulk_create(
        TermNotice(seat=seat, ends_on=ends_on, days=days, written_at=now) for seat, ends_on, days in news
    )
    ending = [seat for seat, _ends_on, _days in news]
    queue_messages(drafts=[table_emails.terms_end(ending, to=email) for email in readers])
    return len(news)


def staff_who_see_to_seats() -> list[str]:
    """The addresses of staff who may change seats; the coalition's own where there is nobody."""
    staff = ModelBackend().with_perm(RIGHT, is_active=True).filter(is_staff=True)
    found = sorted(set(staff.values_list("email", flat=True)))
    coalition = get_coalition().email
    return found or ([coalition] if coalition else [])
