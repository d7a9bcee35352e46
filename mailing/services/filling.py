"""Who gets a mailing: one row for each recipient, nobody twice, dealt into batches, a million in seconds.

Recipients come as the caller's SELECT or one by one. Both ways lead through one temporary table, where addresses
are brought into their compared form, people who want no mail are found, and everybody is dealt into batches.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailing.addresses import MAX_LENGTH, hash_address, is_address, normalize_address
from mailing.composing.compile import clean
from mailing.errors import StateError
from mailing.models import Delivery, Mailing
from mailing.queueing import queue
from mailing.services import filling_sql as sql
from mailing.services.throttle import domain_rates
from mailing.services.windows import window_starts

CHUNK = 2000
OPEN = (Mailing.State.READY, Mailing.State.SENDING, Mailing.State.PAUSED)
_SLOT_NAME = re.compile(r"_?[a-z][a-z_]*")


@dataclass(frozen=True)
class Recipient:
    """One person to mail: the address, the caller's own numbers for the person and for whom they stand, and what
    fills the slots. No language means the one the address chose, or else English."""

    email: str
    recipient: int | None = None
    party: int | None = None
    language: str = ""
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RecipientSelect:
    """A SELECT of exactly (recipient bigint, party bigint, email text, language text, slots jsonb), written as
    Django compiles a queryset: with `%s` for each of `params`."""

    sql: str
    params: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Filled:
    """How many people are new in a mailing, and in which states their rows begin."""

    added: int
    tally: dict[str, int]


@transaction.atomic
def fill_mailing(*, mailing: Mailing, select: RecipientSelect, test_percent: int | None = None) -> Filled:
    """Writes a row for each recipient of `select` and deals them into batches; doing it twice adds nobody.

    With `test_percent`, half of so many percent get variant A and half B, chosen by chance, and the others wait
    until `choose_variant` says which one is theirs.
    """
    locked = _locked(mailing)
    run = _Statements(locked)
    run(sql.ROOM)
    run(sql.stage(select.sql), [*sql.hash_pads(), *select.params])
    _mend(run)
    return _fill(locked, run, test_percent)


@transaction.atomic
def add_recipients(*, mailing: Mailing, recipients: Iterable[Recipient]) -> int:
    """Writes a row for each of some recipients and returns how many are new. Streams in bounded memory."""
    locked = _locked(mailing)
    run = _Statements(locked)
    run(sql.stage(None), sql.hash_pads())
    people = (
        (each.recipient, each.party, each.email, each.language, _cleaned(each.slots)) for each in recipients
    )
    _stage(run, people)
    _forget_doubles(run)
    return _fill(locked, run, None).added


class _Statements:
    """Runs statements over the staged table, which has a name of its own for each mailing."""

    def __init__(self, mailing: Mailing) -> None:
        self.table = f"mailing_staged_{mailing.pk}"

    def __call__(self, statement: str, parameters: Any = None) -> int:
        """Returns how many rows it touched."""
        with connection.cursor() as cursor:
            cursor.execute(self.named(statement), parameters)
            return cursor.rowcount

    def rows(self, statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
        """Returns what it found."""
        with connection.cursor() as cursor:
            cursor.execute(self.named(statement), parameters)
            return cursor.fetchall()

    def named(self, statement: str) -> str:
        """The statement with the table's own name."""
        return statement.replace("mailing_staged", self.table)


def _locked(mailing: Mailing) -> Mailing:
    locked = Mailing.objects.select_for_update().get(pk=mailing.pk)
    if locked.state not in OPEN:
        raise StateError(_("People can no longer be added to this mailing."))
    return locked


def _stage(run: _Statements, people: Iterable[tuple[int | None, int | None, str, str, str]]) -> bool:
    """Writes people down as they came: (recipient, party, address, language, slots in JSON). False for nobody."""
    rest, found = iter(people), False
    while chunk := list(islice(rest, CHUNK)):
        rows = [
            (number, party, language, slots, bad, email, address_hash)
            for number, party, written, language, slots in chunk
            for email, address_hash, bad in [_judged(written)]
        ]
        run(sql.STAGE_MORE, [list(column) for column in zip(*rows, strict=True)])
        found = True
    return found


def _cleaned(slots: Mapping[str, str]) -> str:
    return json.dumps({name: clean(value) for name, value in slots.items() if _SLOT_NAME.fullmatch(name)})


def _judged(written: str) -> tuple[str, str, bool]:
    """An address in its compared form, its hash, and whether no message can be sent to it.

    What is no address is written down too, so that whoever sends sees that this person got nothing.
    """
    email = normalize_address(written)
    bad = not is_address(email)
    if bad:
        email = clean(email)[:MAX_LENGTH]
    return email, hash_address(email), bad


def _fill(mailing: Mailing, run: _Statements, test_percent: int | None) -> Filled:
    parameters = _parameters(mailing, test_percent)
    if run.rows(sql.HAS_KNOWN, [mailing.pk])[0][0]:
        run(sql.FORGET_KNOWN, parameters)
    statement = sql.deal(tested=test_percent is not None, with_domains=bool(parameters["domains"]))
    try:
        with transaction.atomic():
            tally = dict(run.rows(statement, parameters))
    except IntegrityError:
        # Somebody comes twice. Callers see to it that this is rare, and looking for it first costs seconds.
        _forget_doubles(run)
        tally = dict(run.rows(statement, parameters))
    run(sql.DROP)
    run(sql.ROOM_BACK)
    added = sum(tally.values())
    if added >= CHUNK:
        transaction.on_commit(partial(_renew_statistics, added), robust=True)
    return Filled(added=added, tally={state: tally.get(state, 0) for state in Delivery.State.values})


def _forget_doubles(run: _Statements) -> None:
    while run(sql.FORGET_DOUBLES):
        pass


def _parameters(mailing: Mailing, test_percent: int | None) -> dict[str, Any]:
    starts = window_starts(mailing, timezone.now())
    return {
        "mailing": mailing.pk,
        "topic": mailing.topic_id,
        "size": settings.MAILING_BATCH_SIZE,
        "test_percent": test_percent,
        "domains": list(domain_rates()),
        "impossible": _("This cannot be an e-mail address."),
        "begins": starts[""],
        **{hours: start for hours, start in starts.items() if hours},
    }


def _mend(run: _Statements) -> None:
    """Looks at the addresses that SQL was not sure about: foreign letters, odd signs, mistakes."""
    with connection.chunked_cursor() as odd:
        odd.execute(run.named(sql.ODD))
        if _stage(run, _rows_of(odd)):
            run(sql.FORGET_ODD)


def _rows_of(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(CHUNK):
        yield from rows


def _renew_statistics(added: int) -> None:
    """Without statistics the first claims of a large mailing read the whole table.

    Where PostgreSQL knows the table as a large one, its plans are the same and a worker renews them beside the sending.
    """
    from mailing.tasks import renew_statistics

    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'mailing_delivery'::regclass")
        known = cursor.fetchone()
    if known is None or known[0] < added or not queue(renew_statistics):
        analyze()


def analyze() -> None:
    """Lets PostgreSQL count what the tables of large mailings hold."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mailing_delivery, mailing_batch")
