"""Which partners are on record: what the General Assembly's list of slips says, once each name is known."""

from collections import defaultdict

from django.db.models import Count
from django.db.models.functions import Lower
from django.utils import timezone

from legislation.models import Hearing, HearingDocument, RecordedSlip, SlipMatch

Position = RecordedSlip.Position
# What counts: a name that is certain, and one that staff confirmed.
ON_RECORD = (SlipMatch.State.SURE, SlipMatch.State.CONFIRMED)


def recorded_partners(*, hearing: Hearing) -> dict[int, set[tuple[int, str]]]:
    """Organization → (document of the hearing, position) of its recorded slips. Two reads.

    The bill and its amendments are documents of their own and stay apart. Slips on a document that does not stand on
    the notice are left out. Self-reports are counted elsewhere.
    """
    documents = _documents(hearing)
    found: dict[int, set[tuple[int, str]]] = defaultdict(set)
    for organization, bill, amendment, position in _on_record(hearing):
        if (document := documents.get((bill, amendment))) is not None:
            found[organization].add((document, position))
    return dict(found)


def partner_counts(*, hearing: Hearing) -> dict[tuple[int | None, str, str], int]:
    """How many partners are on record, by (bill, amendment, position); each counted once. One read."""
    found: dict[tuple[int | None, str, str], set[int]] = defaultdict(set)
    for organization, bill, amendment, position in _on_record(hearing):
        found[bill, amendment, position].add(organization)
    return {key: len(organizations) for key, organizations in found.items()}


def waiting_words() -> int:
    """How many different words wait for staff; slips with the same words are one decision. One read."""
    waiting = SlipMatch.objects.filter(state=SlipMatch.State.DOUBTFUL).order_by()
    return waiting.aggregate(words=Count(Lower("text"), distinct=True))["words"]


def _on_record(hearing: Hearing) -> set[tuple[int, int, str, str]]:
    """Organization, bill, amendment and position of every slip that names a partner.

    Slips of a day from which the hearing moved do not count for the day to which it moved.
    """
    matches = SlipMatch.objects.filter(slip__hearing=hearing, state__in=ON_RECORD)
    columns = ("organization_id", "slip__bill_id", "slip__amendment", "slip__position", "slip__scheduled_at")
    return {
        (organization, bill, amendment, position)
        for organization, bill, amendment, position, at in matches.order_by().values_list(*columns)
        if timezone.localdate(at) == timezone.localdate(hearing.starts_at)
    }


def _documents(hearing: Hearing) -> dict[tuple[int | None, str], int]:
    """The hearing's documents by bill and amendment; one that stands on the notice before one taken off."""
    rows = HearingDocument.objects.filter(hearing=hearing, bill__isnull=False)
    found: dict[tuple[int | None, str], int] = {}
    for pk, bill, amendment, removed_at in rows.values_list("pk", "bill_id", "amendment", "removed_at"):
        if removed_at is None or (bill, amendment) not in found:
            found[bill, amendment] = pk
    return found
