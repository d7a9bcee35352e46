"""What people who pledged or filed a witness slip are told when their hearing changes: each news once to each person."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from campaigns import slip_emails
from campaigns.models import HearingNews
from campaigns.new_postings import is_off, postings_anew
from campaigns.services.one_by_one import one_by_one
from campaigns.services.slip_mail import queue_notices
from legislation.models import Hearing, ReportedSlip
from legislation.slip_matches import recorded_partners
from legislation.slip_windows import end_of_day, slip_window
from partners.emails import Message
from partners.models import Person

# So long after a hearing we look back at it: to ask who filed, or to say that it was posted anew.
ASK_WITHIN = timedelta(days=4)
LOOK_BACK = timedelta(days=30)
# Nobody is asked about yesterday's hearing in the middle of the night.
MORNING, EVENING = 8, 20


@dataclass(frozen=True)
class _News:
    """One news of a hearing: its key, whom it concerns with which of their slips, the message, and until when it helps."""

    key: str
    slips: list[ReportedSlip]
    write: Callable[[Person, list[ReportedSlip]], Message]
    until: datetime
    file_again: bool = False
    # Whether slips that came to it later are told of too, to somebody who heard of others.
    tells_each_slip: bool = False


def tell_people(*, now: datetime) -> int:
    """Tells everybody whose slip is concerned by what became of its hearing; how many messages that were."""
    slips = ReportedSlip.objects.filter(document__hearing=OuterRef("pk"))
    recent = Q(starts_at__gt=now - ASK_WITHIN) | Q(
        state__in=[Hearing.State.CANCELLED, Hearing.State.MOVED], starts_at__gt=now - LOOK_BACK
    )
    hearings = Hearing.objects.filter(recent, Exists(slips)).order_by("starts_at")
    numbers = list(hearings.values_list("pk", flat=True))
    return one_by_one(numbers, partial(_tell, now=now), failure="news of a hearing not told")


def _tell(pk: int, now: datetime) -> int:
    """The hearing's row is the lock: a second worker leaves it alone."""
    rows = Hearing.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    hearing = rows.select_related("committee").filter(pk=pk).first()
    if hearing is None:
        return 0
    return sum(_tell_one(hearing, news, now) for news in _news_of(hearing, now) if news.slips)


def _tell_one(hearing: Hearing, news: _News, now: datetime) -> int:
    by_person: dict[int, list[ReportedSlip]] = defaultdict(list)
    for slip in news.slips:
        by_person[slip.person_id].append(slip)
    told = HearingNews.objects.filter(hearing=hearing, news=news.key, person__in=by_person)
    heard = dict(told.values_list("person", "told_at"))
    for person in heard.keys() & by_person.keys():
        slips = by_person.pop(person)
        # A slip's own mark may be older than this news: of a move, or of a posting between.
        if left := [one for one in slips if news.tells_each_slip and _was_left_out(one, heard[person])]:
            by_person[person] = left
    if news.file_again:
        _mark(by_person, now)
    HearingNews.objects.bulk_create(
        HearingNews(hearing=hearing, person_id=person, news=news.key, told_at=now)
        for person in by_person.keys() - heard.keys()
    )
    messages = [news.write(slips[0].person, slips) for slips in by_person.values()]
    return queue_notices(messages, expires_at=news.until)


def _was_left_out(slip: ReportedSlip, told_at: datetime) -> bool:
    """Whether the person heard this news at `told_at` for other slips, and never for this one."""
    return slip.told_again_at is None or slip.told_again_at < told_at


def _mark(by_person: dict[int, list[ReportedSlip]], now: datetime) -> None:
    """Slips for the old posting say from now on that they must be filed again."""
    for slip in (slip for slips in by_person.values() for slip in slips):
        slip.told_again_at = now
        slip.save(update_fields=["told_again_at"])


def _news_of(hearing: Hearing, now: datetime) -> list[_News]:
    """What those with a slip for this hearing must hear at this moment."""
    if is_off(hearing):
        return _of_one_that_is_off(hearing, now)
    window = slip_window(hearing, now)
    if window.state == "closed":
        question = _question(hearing, now)
        return [question] if question else []
    return [_of_a_move(hearing, window.sure_until)] if now < window.sure_until else []


def _of_one_that_is_off(hearing: Hearing, now: datetime) -> list[_News]:
    """To each what became of their bill: where it was posted anew, or that the hearing is cancelled."""
    slips = list(_slips(hearing))
    anew = postings_anew((slip.document for slip in slips), now)
    by_posting: dict[Hearing | None, list[ReportedSlip]] = defaultdict(list)
    for slip in slips:
        by_posting[anew.get(slip.document_id)].append(slip)
    cancelled = by_posting.pop(None, [])
    news = [_posted_anew(hearing, posting, own, now) for posting, own in by_posting.items() if posting]
    until = end_of_day(hearing.starts_at)
    if now <= until:  # Later whoever wanted to come has heard.
        key = f"off {timezone.localdate(hearing.starts_at)}"
        news.append(
            _News(key, cancelled, lambda person, own: slip_emails.cancelled(person, own, hearing), until)
        )
    return news


def _posted_anew(old: Hearing, posting: Hearing, slips: list[ReportedSlip], now: datetime) -> _News:
    """“File again”, to those who have said nothing of their bill for the new posting, or for one between: that one's
    slip is told of."""
    committee = Q(
        document__hearing__committee_name=old.committee_name, document__hearing__chamber=old.chamber
    )
    between = committee & Q(document__hearing__starts_at__gt=old.starts_at)
    said = ReportedSlip.objects.filter(Q(document__hearing=posting) | between)
    said = said.filter(person__in={slip.person_id for slip in slips}).exclude(document__hearing=old)
    done = set(said.values_list("person", "document__bill"))
    return _News(
        key=f"again {posting.pk} {timezone.localdate(posting.starts_at)}",
        slips=[slip for slip in slips if (slip.person_id, slip.document.bill_id) not in done],
        write=lambda person, own: slip_emails.posted_anew(person, own, posting),
        until=slip_window(posting, now).sure_until,
        file_again=True,
        tells_each_slip=True,
    )


def _of_a_move(hearing: Hearing, until: datetime) -> _News:
    """Slips for another day than the one for which the hearing is set now, of people who have none for that day."""
    day = timezone.localdate(hearing.starts_at)
    slips = list(_slips(hearing))
    done = {slip.person_id for slip in slips if slip.posting_on == day}
    old = [slip for slip in slips if slip.posting_on != day and slip.person_id not in done]
    key = f"moved {day}"
    return _News(
        key, old, lambda person, own: slip_emails.again(person, own, hearing), until, file_again=True
    )


def _question(hearing: Hearing, now: datetime) -> _News | None:
    """“Did you file?”, to those who pledged and neither said so nor are on the list through their organization."""
    waking = MORNING <= timezone.localtime(now).hour < EVENING
    until = hearing.starts_at + ASK_WITHIN
    if not waking or now > until:
        return None
    day = timezone.localdate(hearing.starts_at)
    recorded = {
        (organization, document)
        for organization, filed in recorded_partners(hearing=hearing).items()
        for document, _position in filed
    }
    slips = [
        slip
        for slip in _slips(hearing).filter(posting_on=day, filed_at=None)
        if (slip.organization_id, slip.document_id) not in recorded
    ]
    key = f"did you file {day}"
    return _News(key, slips, lambda person, own: slip_emails.did_you_file(person, own, hearing), until)


def _slips(hearing: Hearing) -> QuerySet[ReportedSlip]:
    rows = ReportedSlip.objects.filter(document__hearing=hearing).exclude(person__email="")
    return rows.select_related("person", "organization", "document__hearing").order_by("person", "pk")
