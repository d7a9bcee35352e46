"""A scholarship's money: out of its fund, used when the person was there, back when the seat was given back.

A fund's row is locked with each movement, so that two reviewers cannot give the same dollar twice.
"""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.fiscal_year import CHICAGO
from partners.history import changed_by
from partners.models import User
from trainings.models import Enrollment, ScholarshipAward, ScholarshipFund, ScholarshipRequest

_State = ScholarshipAward.State


@transaction.atomic
def award(
    *, request: ScholarshipRequest, fund: ScholarshipFund, amount: Decimal, by: User | None, now: datetime
) -> ScholarshipAward:
    """Takes the amount out of the fund for a request. The caller holds the request locked."""
    held = ScholarshipFund.objects.select_for_update().get(pk=fund.pk)
    if not is_awardable(held, now.astimezone(CHICAGO).date()):
        raise NotAllowed(_("Nothing can be awarded from this fund today."))
    if amount > held.balance:
        raise NotAllowed(
            _("There is only $%(balance)s left in this fund.") % {"balance": f"{held.balance:,.2f}"}
        )
    held.committed += amount
    changed_by(held, by)
    held.save(update_fields=["committed"])
    # The page about fees names funds with money left.
    empty_page_cache_on_commit()
    return ScholarshipAward.objects.create(
        request=request, fund=held, amount=amount, awarded_at=now, awarded_by=by
    )


@transaction.atomic
def give_back(*, enrollment: Enrollment, now: datetime) -> Decimal:
    """Ends a waiting request for a seat that was given back, and returns its scholarship to the fund; how much.

    Of a session that was called off also a scholarship that counts as used: nobody pays for that session.
    """
    for waiting in ScholarshipRequest.objects.select_for_update().filter(
        enrollment=enrollment, state="asked"
    ):
        waiting.state, waiting.decided_at = ScholarshipRequest.State.WITHDRAWN, now
        waiting.save(update_fields=["state", "decided_at"])
    offered = ScholarshipAward.objects.select_for_update(of=("self",)).filter(
        Q(state=_State.OFFERED) | Q(state=_State.USED, request__enrollment__session__state="cancelled"),
        request__enrollment=enrollment,
    )
    returned = Decimal(0)
    for row in offered:
        fund = ScholarshipFund.objects.select_for_update().get(pk=row.fund_id)
        fund.committed -= row.amount
        fund.save(update_fields=["committed"])
        row.state, row.used_at, row.returned_at = _State.RETURNED, None, now
        row.save(update_fields=["state", "used_at", "returned_at"])
        # The seat is gone: whoever registers anew may ask anew.
        request = ScholarshipRequest.objects.get(pk=row.request_id)
        request.state = ScholarshipRequest.State.WITHDRAWN
        request.save(update_fields=["state"])
        returned += row.amount
    if returned:
        empty_page_cache_on_commit()
    return returned


@transaction.atomic
def count_used(*, now: datetime) -> int:
    """Scholarships of people who were there become used, those of people who were not go back; how many changed."""
    offered = ScholarshipAward.objects.filter(state=_State.OFFERED).select_related("request__enrollment")
    changed = 0
    # People check in before the start, and until then a session can still be moved or called off.
    there = offered.filter(
        request__enrollment__status="attended",
        request__enrollment__session__starts_at__lte=now,
        request__enrollment__session__state__in=["published", "held"],
    )
    for row in there.select_for_update(of=("self",)):
        row.state, row.used_at = _State.USED, row.request.enrollment.checked_in_at or now
        row.save(update_fields=["state", "used_at"])
        changed += 1
    gone = offered.filter(
        request__enrollment__status__in=["absent", "excused", "cancelled"],
        request__enrollment__session__state="held",
    )
    for row in gone:
        changed += bool(give_back(enrollment=row.request.enrollment, now=now))
    return changed


def is_awardable(fund: ScholarshipFund, day: date) -> bool:
    """Whether scholarships can be given from it on that day."""
    return fund.funded_on <= day and (fund.until is None or day <= fund.until)
