"""How mail is doing at this moment, for the desk, the terminal and the health check. Nothing is written here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mailing.wire.relays import members

# The clock calls every 10 and every 30 seconds.
PUMP_SILENCE = timedelta(minutes=2)
SWEEP_SILENCE = timedelta(minutes=3)
# Longer than this, and nobody is sending.
ANSWERS_OVERDUE = timedelta(minutes=1)
NOTICES_OVERDUE = timedelta(minutes=15)
# The rate is that of the batches that were begun within this time.
RATE_OVER = timedelta(minutes=2)
# So long staff are told of messages that were not sent in time.
DROPPED_SHOWN = timedelta(days=1)

_LOOK = """
WITH waiting AS (
  SELECT precedence, count(*) AS messages, min(next_attempt_at) AS oldest
  FROM mailing_outboxmessage WHERE state IN ('pending', 'sending') GROUP BY precedence
)
SELECT here.noted_at, here.pumped_at, here.swept_at, here.restored_at, here.data_from,
  ARRAY(SELECT name FROM mailing_relay WHERE down_since IS NOT NULL AND name = ANY(%(relays)s) ORDER BY name),
  (SELECT min(down_since) FROM mailing_relay WHERE name = ANY(%(relays)s)),
  coalesce((SELECT messages FROM waiting WHERE precedence = 0), 0),
  (SELECT oldest FROM waiting WHERE precedence = 0),
  coalesce((SELECT messages FROM waiting WHERE precedence = 1), 0),
  (SELECT oldest FROM waiting WHERE precedence = 1),
  coalesce((SELECT sum((tally->>'unknown')::bigint) FROM mailing_batch WHERE tally->>'unknown' <> '0'), 0)::bigint,
  (SELECT count(*) FROM mailing_outboxmessage WHERE state = 'unknown'),
  (SELECT count(*) FROM mailing_outboxmessage WHERE state = 'expired' AND expires_at > %(dropped_since)s)
FROM (SELECT 1) AS one LEFT JOIN mailing_installation AS here ON true
"""

# By mailing: recipients, those handled, those handled by batches of late, and since when these were begun. Rows of
# batches under way that are handed over still say "waiting"; `ahead` counts them.
_PROGRESS = """
SELECT batch.mailing_id, sum(rows.total)::bigint, sum(rows.handled + ahead.rows)::bigint,
  coalesce(sum(rows.handled + ahead.rows) FILTER (WHERE batch.claimed_at > %(late)s), 0)::bigint,
  min(batch.claimed_at) FILTER (WHERE batch.claimed_at > %(late)s)
FROM mailing_batch AS batch, LATERAL (
  SELECT coalesce(sum(value::bigint), 0) AS total,
    coalesce(sum(value::bigint) FILTER (WHERE key NOT IN ('pending', 'deferred')), 0) AS handled
  FROM jsonb_each_text(batch.tally)
) AS rows, LATERAL (
  SELECT CASE WHEN batch.state = 'sending' THEN (
    SELECT count(*) FROM mailing_delivery AS delivery
    WHERE delivery.batch_id = batch.id AND delivery.id <= batch.cursor
      AND (delivery.state = 'pending'
           OR (delivery.state = 'deferred' AND delivery.next_attempt_at <= batch.claimed_at))
  ) ELSE 0 END AS rows
) AS ahead
WHERE batch.mailing_id = ANY(%(mailings)s) GROUP BY batch.mailing_id
"""


@dataclass(frozen=True)
class Waiting:
    """Single messages of one precedence: how many wait, and since when the oldest is due."""

    messages: int
    oldest_due: datetime | None

    def overdue(self, now: datetime) -> timedelta:
        """How long the oldest one should have been on its way."""
        return max(timedelta(), now - self.oldest_due) if self.oldest_due else timedelta()


@dataclass(frozen=True)
class Look:
    """The state of the mail engine. `relays_down` are names of `relays`, how many the settings name."""

    now: datetime
    noted_at: datetime | None
    pumped_at: datetime | None
    swept_at: datetime | None
    restored_at: datetime | None
    data_from: datetime | None
    relays: int
    relays_down: list[str]
    down_since: datetime | None
    answers: Waiting
    notices: Waiting
    unknown_deliveries: int
    unknown_messages: int
    dropped_messages: int

    @property
    def pump_runs(self) -> bool:
        """Whether clock and worker looked at what is due within the last minutes."""
        return self.pumped_at is not None and self.now - self.pumped_at < PUMP_SILENCE

    @property
    def sweep_runs(self) -> bool:
        """Whether somebody looked for workers that are gone within the last minutes, or the portal is that young."""
        last = self.swept_at or self.noted_at
        return last is not None and self.now - last < SWEEP_SILENCE

    @property
    def answers_flow(self) -> bool:
        """Whether nobody waits for a message that should be on its way."""
        return self.answers.overdue(self.now) < ANSWERS_OVERDUE

    @property
    def notices_flow(self) -> bool:
        """Whether news is on its way within minutes."""
        return self.notices.overdue(self.now) < NOTICES_OVERDUE

    @property
    def relay_answers(self) -> bool:
        """Whether at least one mail server takes mail."""
        return len(self.relays_down) < self.relays

    @property
    def unknowns(self) -> int:
        """Messages of all kinds whose outcome nobody knows."""
        return self.unknown_deliveries + self.unknown_messages


@dataclass(frozen=True)
class Trouble:
    """One thing that staff should know: `page` names the desk's page where they can do something about it."""

    words: str
    page: str = "admin:mailing_installation_changelist"
    link: str = ""


@dataclass(frozen=True)
class Going:
    """How far a mailing is, in recipients; `rate` is in messages a minute, 0 while nothing moves."""

    total: int = 0
    handled: int = 0
    rate: int = 0

    @property
    def percent(self) -> int:
        """The handled share, 0 to 100."""
        return 100 * self.handled // self.total if self.total else 0

    @property
    def left(self) -> int:
        """Recipients who still wait."""
        return self.total - self.handled


def look(now: datetime) -> Look:
    """Everything at one glance. One query."""
    names = [member.name for member in members()]
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, {"relays": names, "dropped_since": now - DROPPED_SHOWN})
        noted, pumped, swept, restored, data_from, down, since, *rest = cursor.fetchone()
    answers, oldest_answer, notices, oldest_notice, deliveries, messages, dropped = rest
    return Look(
        now=now,
        noted_at=noted,
        pumped_at=pumped,
        swept_at=swept,
        restored_at=restored,
        data_from=data_from,
        relays=len(names),
        relays_down=down,
        down_since=since,
        answers=Waiting(answers, oldest_answer),
        notices=Waiting(notices, oldest_notice),
        unknown_deliveries=deliveries,
        unknown_messages=messages,
        dropped_messages=dropped,
    )


def troubles(seen: Look) -> list[Trouble]:
    """What staff should know of, the gravest first; nothing when all is well."""
    found = []
    if seen.restored_at:
        found.append(
            Trouble(
                _("The database was restored from a backup. Alerts wait until you have looked."),
                "admin:mailing_installation_restored",
                _("Look and decide"),
            )
        )
    if not seen.pump_runs:
        found.append(
            Trouble(
                _("Nothing has looked at due alerts for minutes: beat or the default worker is not running.")
            )
        )
    elif not seen.sweep_runs:
        found.append(Trouble(_("Nobody has looked for lost workers for minutes.")))
    if not seen.relay_answers:
        found.append(Trouble(_("No mail server answers. All mail waits; it goes on by itself.")))
    elif seen.relays_down:
        names = ", ".join(seen.relays_down)
        found.append(
            Trouble(
                _("A mail server does not answer: %(names)s. Another one takes its mail.") % {"names": names}
            )
        )
    return found + _slow(seen) + _undecided(seen) + _dropped(seen)


def progress_of(mailing_ids: Collection[int], now: datetime) -> dict[int, Going]:
    """How far these mailings are, batches under way included. One query, however many there are."""
    parameters: dict[str, Any] = {"mailings": list(mailing_ids), "late": now - RATE_OVER}
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS, parameters)
        return {row[0]: _going(row, now) for row in cursor.fetchall()}


def _going(row: tuple[int, int, int, int, datetime | None], now: datetime) -> Going:
    _mailing, total, handled, of_late, begun = row
    seconds = max(1.0, (now - begun).total_seconds()) if begun else 0.0
    return Going(total, handled, round(60 * of_late / seconds) if seconds else 0)


def _slow(seen: Look) -> list[Trouble]:
    """Single messages that should have gone out; said only where the reason is not said already."""
    if not seen.relay_answers:
        return []
    found = []
    if not seen.answers_flow:
        words = _("Somebody waits for a message, such as a password reset: the default worker does not send.")
        found.append(Trouble(words, "admin:mailing_outboxmessage_changelist", _("See the outbox")))
    if not seen.notices_flow:
        words = _("Digests and notices do not go out: the background worker does not send.")
        found.append(Trouble(words, "admin:mailing_outboxmessage_changelist", _("See the outbox")))
    return found


def _undecided(seen: Look) -> list[Trouble]:
    if not seen.unknowns:
        return []
    words = ngettext(
        "%(number)s message may or may not have gone out.",
        "%(number)s messages may or may not have gone out.",
        seen.unknowns,
    ) % {"number": f"{seen.unknowns:,}"}
    return [Trouble(words, "admin:mailing_installation_unknowns", _("Decide"))]


def _dropped(seen: Look) -> list[Trouble]:
    if not seen.dropped_messages:
        return []
    words = ngettext(
        "%(number)s message was not sent within the last day: its time was over before a mail server took it.",
        "%(number)s messages were not sent within the last day: their time was over before a mail server took them.",
        seen.dropped_messages,
    ) % {"number": f"{seen.dropped_messages:,}"}
    return [Trouble(words, "admin:mailing_outboxmessage_changelist", _("See the outbox"))]
