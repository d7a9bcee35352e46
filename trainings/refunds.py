"""How much of a fee goes back when somebody does not come: the course's own rule, in one place."""

from datetime import datetime, timedelta
from decimal import Decimal

from partners.fiscal_year import CHICAGO
from trainings.models import Session

CENT = Decimal("0.01")


def full_refund_until(session: Session) -> datetime:
    """Until then a seat is given back for the whole fee: so many days before, by the clock on the wall."""
    return session.starts_at.astimezone(CHICAGO) - timedelta(days=session.course.full_refund_days)


def refund_share(session: Session, now: datetime) -> Decimal:
    """The part of the fee that goes back, 0 to 1. All of it where we called the session off."""
    if session.state == Session.State.CANCELLED or now <= full_refund_until(session):
        return Decimal(1)
    return Decimal(session.course.late_refund_percent) / 100 if now < session.starts_at else Decimal(0)
