"""Checks before an alert is sent: each finding stops it or warns, in words, and says where."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from campaigns.messages.checks.links import link_problems
from campaigns.messages.checks.outside import try_links
from campaigns.messages.checks.problems import Problem, stop, warn
from campaigns.messages.checks.sending import ab_problems, call_problems, spanish_problems, timing_problems
from campaigns.messages.checks.words import block_problems, frame_problems, head_problems
from campaigns.messages.contents import build_contents
from campaigns.models import ActionAlert, AlertBlock

__all__ = ["Problem", "link_problems", "problems_before_sending", "stops", "try_links", "warn"]


def problems_before_sending(
    alert: ActionAlert, *, send_at: datetime, reached: int | None = None, spanish_readers: int | None = None
) -> list[Problem]:
    """Everything to know before the alert goes out at `send_at`, what stops it first.

    `reached` is how many would get it, `spanish_readers` how many of them chose Spanish; None where nobody
    counted. Asks the database, never another site.
    """
    blocks: Sequence[AlertBlock] = list(alert.blocks.all())
    found = [
        *call_problems(alert, send_at),
        *head_problems(alert),
        *block_problems(alert, blocks),
        *frame_problems(build_contents(alert)),
        *ab_problems(alert, blocks, reached),
        *timing_problems(alert, send_at, reached),
        *spanish_problems(alert, blocks, spanish_readers),
    ]
    if reached is not None and reached <= 0:
        found.append(stop(_("The audience is empty: nobody would get the alert."), _("Audience")))
    return sorted(dict.fromkeys(found), key=lambda problem: not problem.stops)


def stops(problems: Sequence[Problem]) -> list[str]:
    """The words of what keeps an alert from going out."""
    return [str(problem) for problem in problems if problem.stops]
