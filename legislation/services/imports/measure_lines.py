"""The lines of a measure's history: which are new, which are gone, and which stages they brought."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from hashlib import blake2b

from legislation.models import BillAction
from legislation.models.bill import Stage
from legislation.reading.stages import Reading, read_history
from legislation.records import ActionRecord
from legislation.services.imports.measure_case import Case, Kind, Line, Part

# Key of the event that a General Assembly ended with the measure pending.
SESSION_OVER = "session over"
# Chambers under which one source prints what another prints under the House or the Senate.
_ANYWHERE = {"", "executive"}


@lru_cache(maxsize=30_000)
def printed(description: str) -> str:
    """The words of a line; sources differ in the blanks between them."""
    return " ".join(description.split())


def keys_of(actions: Sequence[ActionRecord]) -> list[str]:
    """Names each line: its day, its words, and which of several alike it is."""
    times: dict[tuple[date, str], int] = {}
    keys = []
    for action in actions:
        line = (action.date, printed(action.description))
        times[line] = number = times.get(line, 0) + 1
        keys.append(f"{action.date.isoformat()} {_short(line[1])} {number}")
    return keys


@lru_cache(maxsize=30_000)
def _short(words: str) -> str:
    return blake2b(words.encode(), digest_size=8).hexdigest()


def match_lines(
    stored: Sequence[Line], actions: Sequence[ActionRecord]
) -> tuple[list[Line | None], list[Line]]:
    """The stored line behind each action (None: it is new), and the stored lines that no action stands for."""
    free: dict[tuple[date, str], list[Line]] = defaultdict(list)
    # Lines still printed come before those once removed.
    for line in sorted(stored, key=lambda line: line.removed_on is not None):
        free[line.date, printed(line.description)].append(line)
    matches: list[Line | None] = []
    for action in actions:
        alike = free.get((action.date, printed(action.description)), [])
        match = next((line for line in alike if line.chamber == action.chamber), None) or next(
            (line for line in alike if line.chamber in _ANYWHERE or action.chamber in _ANYWHERE), None
        )
        if match is not None:
            alike.remove(match)
        matches.append(match)
    return matches, [line for lines in free.values() for line in lines]


def tidy(actions: Sequence[ActionRecord]) -> Sequence[ActionRecord]:
    """The lines to be read, the same from every source: single blanks between words."""
    if all(printed(action.description) == action.description for action in actions):
        return actions
    return [ActionRecord(action.chamber, action.date, printed(action.description)) for action in actions]


def take_lines(case: Case) -> None:
    """Brings the stored lines, and what is read from them, to what the record prints."""
    actions = case.record.actions
    case.actions = tidy([line.record for line in case.stored.printed] if actions is None else actions)
    if actions is None:
        return
    quiet = case.is_first_of(Part.ACTIONS) and not case.stored.lines
    reading = read_history(case.record.identifier, case.actions, session_over=case.session_over)
    matches: list[Line | None] = [None] * len(actions)
    gone: list[Line] = []
    if case.stored.lines:
        matches, gone = match_lines(case.stored.lines, actions)
    _write_lines(case, reading, matches)
    _note_gone(case, gone)
    _note_lines(case, reading, matches, quiet)
    _take_reading(case, reading)


def _write_lines(case: Case, reading: Reading, matches: list[Line | None]) -> None:
    actions = case.record.actions or ()
    bill = case.bill_id
    for position, (action, read, stored) in enumerate(zip(actions, reading.lines, matches, strict=True)):
        if stored is None:
            case.add(
                BillAction,
                (
                    bill,
                    position,
                    action.chamber,
                    action.date,
                    read.happened_on,
                    action.description,
                    read.rule,
                    read.stage,
                    None,
                ),
            )
            continue
        now = stored._replace(
            position=position,
            # "executive" and "" say less than a chamber does.
            chamber=stored.chamber if action.chamber in _ANYWHERE else action.chamber,
            happened_on=read.happened_on,
            rule=read.rule,
            stage=read.stage,
            removed_on=None,
        )
        if now != stored:
            case.change(BillAction, now)


def _note_lines(case: Case, reading: Reading, matches: list[Line | None], quiet: bool) -> None:
    """An event for each new line and for each stage that one brought; of a first history, the stages only."""
    actions = case.record.actions or ()
    # The stage that people were told of last.
    stage = case.stored.fields.get("stage", "") if case.stored.lines else ""
    # A line that is printed late, between lines we know, did not bring the stage of today.
    last_known = max((place for place, line in enumerate(matches) if line is not None), default=-1)
    places = enumerate(zip(actions, reading.lines, matches, keys_of(actions), strict=True))
    for place, (action, read, stored, key) in places:
        if stored is not None:
            continue
        if not quiet:
            case.note(Kind.ACTION, key, after=action.description, on=read.happened_on)
        if read.stage and read.stage != stage and place > last_known:
            case.note(Kind.STAGE, key, before=stage, after=read.stage, on=read.happened_on, is_news=not quiet)
            stage = read.stage
    if reading.stage == stage or (quiet and not actions):
        return
    if case.session_over and reading.stage == Stage.DEAD:
        case.note(
            Kind.STAGE,
            SESSION_OVER,
            before=stage,
            after=reading.stage,
            on=reading.stage_on,
            is_news=not quiet,
        )
    else:
        # No new line tells why: one was taken back, printed late, or stands elsewhere now.
        key = f"{case.today.isoformat()} {stage}>{reading.stage}"
        case.note(Kind.STAGE, key, before=stage, after=reading.stage, on=case.today)


def _note_gone(case: Case, gone: list[Line]) -> None:
    """A line that is no longer printed stays, with the day it was gone."""
    gone = [line for line in gone if line.removed_on is None]
    keys = keys_of([line.record for line in gone])
    for line, key in zip(gone, keys, strict=True):
        case.change(BillAction, line._replace(removed_on=case.today))
        case.note(
            Kind.ACTION_REMOVED,
            f"{key} {case.today.isoformat()}",
            before=line.description,
            on=case.today,
        )


def _take_reading(case: Case, reading: Reading) -> None:
    actions = case.record.actions
    last = actions[-1] if actions else None
    case.fields.update(
        stage=reading.stage,
        stage_on=reading.stage_on,
        furthest_stage=reading.furthest_stage,
        current_chamber=reading.current_chamber,
        committee_name=reading.committee_name[:200],
        introduced_on=reading.introduced_on,
        last_action=last.description if last else "",
        last_action_on=last.date if last else None,
        public_act=reading.public_act[:12],
        effective_on=reading.effective_on,
    )
