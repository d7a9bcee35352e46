"""The funnel in words: each step with what it counts, for the page and for the files."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import ActionAlert
from campaigns.results.funnel import Funnel, funnel_of, percent

P2_DEFINITION = gettext_lazy(
    "Indicator P2, conversion: completed actions per delivered alert. A delivered alert is a message that the mail "
    "server accepted and that was not sent back. An action counts when it was completed over the message's own link."
)


@dataclass(frozen=True)
class Step:
    """One number of the funnel, in messages or in people, with what it counts."""

    key: str
    label: str | Promise
    value: int
    note: str | Promise
    percent: int = 0
    bad: bool = False
    told: bool = True  # False where nobody tells us, so that 0 would say too much.


def steps_of(funnel: Funnel) -> list[Step]:
    """From the audience to the act, then what went wrong or was left out."""
    return [*main_steps(funnel), *side_steps(funnel)]


def main_steps(funnel: Funnel, *, reports: bool = True) -> list[Step]:
    """The funnel itself, each step as a share of the audience. `reports`: somebody tells us what was delivered."""
    delivered = _("Confirmed by the receiving side: we were told of %(coverage)d%% of the accepted messages.")
    note = delivered % {"coverage": funnel.coverage}
    if not reports:
        note = _("Nobody reports deliveries to us. Whether accepted mail reached the inbox, we cannot say.")
    rows = [
        ("audience", _("audience"), funnel.audience, _("Messages written, one per address, nobody twice.")),
        (
            "accepted",
            _("accepted by the mail server"),
            funnel.accepted,
            _("Handed over. What came back later is part of it."),
        ),
        ("delivered", _("delivered"), funnel.delivered, note),
        (
            "clicked",
            _("clicked"),
            funnel.clicked,
            _(
                "People with a visit three minutes or more after arrival, when mail scanners are done, or who acted."
            ),
        ),
        ("acted", _("acted"), funnel.acted, _("Completed the call to action over a link of this message.")),
    ]
    return [
        Step(key, label, value, why, percent(value, funnel.audience), told=reports or key != "delivered")
        for key, label, value, why in rows
    ]


def side_steps(funnel: Funnel) -> list[Step]:
    """Everything else that happened to messages; what worries is marked where it happened."""
    rows = [
        ("waiting", _("waiting"), funnel.waiting, _("Not handed over yet."), False),
        ("failed", _("refused"), funnel.failed, _("The mail server said no for good."), True),
        ("bounced", _("bounced"), funnel.bounced, _("Accepted first, sent back later."), True),
        (
            "complained",
            _("reported as spam"),
            funnel.complained,
            _("Readers' reports. Providers want fewer than 1 in 1,000, and block at 3."),
            True,
        ),
        (
            "unknown",
            _("unknown"),
            funnel.unknown,
            _("The connection broke in the middle: it may have arrived. Nothing is sent twice by itself."),
            True,
        ),
        (
            "suppressed",
            _("skipped"),
            funnel.suppressed,
            _("Unsubscribed, paused, suppressed, or acted before it went out."),
            False,
        ),
        (
            "summarized",
            _("in a weekly summary"),
            funnel.summarized,
            _("They chose one summary a week."),
            False,
        ),
        (
            "cancelled",
            _("never sent"),
            funnel.cancelled,
            _("Waiting when the alert ended."),
            False,
        ),
        (
            "unsubscribed",
            _("unsubscribed"),
            funnel.unsubscribed,
            _("Refused action alerts, or all mail, after this message."),
            False,
        ),
    ]
    return [
        Step(key, label, value, note, percent(value, funnel.audience), bad=worries and value > 0)
        for key, label, value, note, worries in rows
    ]


def family_funnels(alert: ActionAlert) -> list[tuple[str, Funnel]]:
    """The alert's own numbers, then those of each of its reminders."""
    return [
        (_("alert"), funnel_of(alert)),
        *((name, funnel) for _one, name, funnel in reminder_funnels(alert)),
    ]


def reminder_funnels(alert: ActionAlert) -> Sequence[tuple[ActionAlert, str, Funnel]]:
    """Each reminder of the alert with its name and numbers, the first one first."""
    reminders = alert.reminders.select_related("mailing").order_by("reminder_number")
    return [(one, _("reminder %(n)d") % {"n": one.reminder_number}, funnel_of(one)) for one in reminders]
