"""What the tests of following build on: people who follow, and changes that happen."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import time_machine

from legislation.models import BillEvent
from legislation.services.follow import follow
from partners.models import User
from tests.factories.legislation import BillEventFactory, HearingDocumentFactory, HearingFactory, chicago
from tests.factories.partners import UserFactory

# A Tuesday in session, 10 a.m. in Chicago.
NOW = chicago(2026, 3, 3, 10)
BEFORE = chicago(2026, 3, 1, 10)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The clock of database defaults included, as far as Django sets them."""
    with time_machine.travel(moment, tick=False):
        yield


def follower(*targets, immediate: bool = True, since: datetime = BEFORE, **user) -> User:
    """Somebody who followed these things for a while."""
    person = UserFactory(**user)
    with at(since):
        for target in targets:
            follow(user=person, target=target, immediate=immediate)
    return person


def event(bill, kind: str = "stage", *, seen: datetime = NOW, **fields) -> BillEvent:
    """A change seen now."""
    facts = {"observed_at": seen, "happened_on": seen.date()} | fields
    return BillEventFactory(bill=bill, kind=kind, **facts)


def hearing_on(*bills, starts_at: datetime, posted: datetime = NOW, tell: bool = True, **fields):
    """A hearing on bills, with the events of its posting."""
    hearing = HearingFactory(starts_at=starts_at, posted_at=posted, changed_at=posted, **fields)
    for bill in bills:
        HearingDocumentFactory(hearing=hearing, bill=bill)
        if tell:
            event(bill, "hearing_posted", seen=posted, hearing=hearing, before="", after=str(hearing))
    return hearing
