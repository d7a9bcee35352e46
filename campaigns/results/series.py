"""What became of each message of a series."""

from dataclasses import dataclass

from campaigns.models import Series, SeriesStep
from campaigns.results.funnel import ACCEPTED, counted_clicks
from campaigns.services.series import mailings_of
from mailing.models import Delivery
from mailing.services import mailing_tally
from mailing.services.tallies import WAITING

State = Delivery.State


@dataclass(frozen=True)
class StepNumbers:
    """One message: people it was given to, what became of it, and how many looked. `earlier`: versions before it."""

    step: SeriesStep
    people: int
    accepted: int
    waiting: int
    trouble: int
    skipped: int
    clicked: int
    earlier: int


def step_numbers(series: Series) -> list[StepNumbers]:
    """Each message's numbers, those of its earlier versions included."""
    return [_numbers(step) for step in series.steps.prefetch_related("earlier")]


def _numbers(step: SeriesStep) -> StepNumbers:
    mailings = mailings_of(step)
    tallies = [mailing_tally(number) for number in mailings]

    def rows(*states: str) -> int:
        return sum(tally.get(state, 0) for tally in tallies for state in states)

    clicked = counted_clicks(*mailings).values("delivery").distinct().count()
    cancelled = rows(State.CANCELLED)
    return StepNumbers(
        step=step,
        people=sum(sum(tally.values()) for tally in tallies) - cancelled,
        accepted=rows(*ACCEPTED),
        waiting=rows(*WAITING),
        trouble=rows(State.FAILED, State.BOUNCED, State.COMPLAINED, State.UNKNOWN),
        skipped=rows(State.SUPPRESSED, State.SUMMARIZED),
        clicked=clicked,
        earlier=max(0, len(mailings) - 1),
    )
