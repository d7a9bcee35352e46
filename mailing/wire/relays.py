"""Several mail servers behind one transport: when one takes nothing, the next does."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import monotonic

import structlog
from django.conf import settings
from django.utils import timezone

from mailing.composing.message import sender_address
from mailing.wire import health
from mailing.wire.dkim import SigningTransport, configured_signer
from mailing.wire.esp import AnymailTransport
from mailing.wire.outcomes import AskableTransport, Envelope, Outcome, Transport, Verdict
from mailing.wire.relay_urls import configured_relays
from mailing.wire.smtp import SmtpTransport

logger = structlog.get_logger(__name__)

# Seconds between two looks at what the other workers found.
LOOK_SECONDS = 5
NOBODY = Outcome(Verdict.UNREACHABLE, "No mail server takes mail at the moment.")


@dataclass(frozen=True)
class Member:
    """One mail server, by the name that all workers know it under, and how it is opened."""

    name: str
    open: Callable[[], AskableTransport]


def members() -> list[Member]:
    """The servers of the settings, the preferred one first."""
    if settings.MAILING_PROVIDER:
        return [Member(settings.MAILING_PROVIDER, AnymailTransport)]
    return [Member(relay.name, partial(SmtpTransport, relay)) for relay in configured_relays()]


def open_transport() -> Transport:
    """What every sender uses: the servers of the settings and, where a key is set, our signature.

    A provider puts messages together anew and signs them itself.
    """
    transport: Transport = RelayTransport(members())
    signer = None if settings.MAILING_PROVIDER else configured_signer()
    return SigningTransport(transport, signer) if signer else transport


def all_relays_down_since() -> datetime | None:
    """Since when no server of the settings takes anything; None while one does."""
    return health.all_down_since([member.name for member in members()])


def ask_relays_again(*, now: datetime) -> bool:
    """Asks those servers that are down and due, if nobody else does. True when at least one takes mail."""
    known = members()
    down = health.down_relays([member.name for member in known])
    for member in known:
        if member.name in down and health.may_ask(member.name, now):
            transport = member.open()
            answer = transport.ask(sender_address())
            transport.close()
            if answer:
                health.note_down(member.name, answer, now, asked=True)
            else:
                health.note_up(member.name, now)
                down.pop(member.name)
    return len(down) < len(known)


class RelayTransport:
    """Sends over the first server that takes mail, and shares with the other workers what it finds."""

    def __init__(self, known: Sequence[Member]) -> None:
        self._members = list(known)
        self._transports: dict[str, AskableTransport] = {}
        # Servers that are down and when they may be asked; those whose last window went well here.
        self._down: dict[str, datetime] = {}
        self._working: set[str] = set()
        self._looked: float | None = None

    def send(self, envelopes: Sequence[Envelope]) -> list[Outcome]:
        """See `Transport`. A message goes to the next server only when it was not begun at the one before."""
        now = timezone.now()
        self._look(now)
        outcomes: list[Outcome] = []
        last = NOBODY
        for member, asked in self._usable(now):
            found = self._transport(member).send(envelopes[len(outcomes) :])
            begun = [outcome for outcome in found if outcome.verdict is not Verdict.UNREACHABLE]
            outcomes += begun
            if len(begun) == len(found):
                self._went_well(member, asked)
                return outcomes
            last = found[-1]
            self._failed(member, last.answer, asked)
        return outcomes + [last] * (len(envelopes) - len(outcomes))

    def close(self) -> None:
        """Ends all connections."""
        for transport in self._transports.values():
            transport.close()
        self._transports.clear()
        self._working.clear()

    def _look(self, now: datetime) -> None:
        """Takes over what others found, every few seconds."""
        if self._looked is not None and monotonic() - self._looked < LOOK_SECONDS:
            return
        self._down = health.down_relays([member.name for member in self._members])
        for name in self._working & self._down.keys():
            # Others were sent away, such as for too many connections; here it goes well.
            health.note_up(name, now)
            del self._down[name]
        self._looked = monotonic()

    def _usable(self, now: datetime) -> Iterator[tuple[Member, bool]]:
        """The servers to try, in order; True with one that is down and that we may ask again now."""
        for member in self._members:
            again = self._down.get(member.name)
            if again is None:
                yield member, False
            elif again <= now:
                if health.may_ask(member.name, now):
                    yield member, True
                else:
                    # Somebody else asks; what comes of it is seen at the next look.
                    self._down[member.name] = now + health.PAUSES[0]

    def _transport(self, member: Member) -> AskableTransport:
        if member.name not in self._transports:
            self._transports[member.name] = member.open()
        return self._transports[member.name]

    def _went_well(self, member: Member, asked: bool) -> None:
        if asked:
            health.note_up(member.name, timezone.now())
            logger.info("mail server answers again", relay=member.name)
        self._down.pop(member.name, None)
        self._working.add(member.name)

    def _failed(self, member: Member, answer: str, asked: bool) -> None:
        logger.error("mail server takes nothing", relay=member.name, answer=answer)
        self._working.discard(member.name)
        self._down[member.name] = health.note_down(member.name, answer, timezone.now(), asked=asked)
