"""The two variants of an A/B test side by side, and how sure the difference is, in words."""

from collections import Counter
from dataclasses import asdict, dataclass
from enum import Enum
from math import erfc, sqrt
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import ActionAlert, ActionTaken
from campaigns.results.funnel import ACCEPTED, actions_over, counted_clicks
from mailing.models import Batch, Mailing, MailingContent

A, B = MailingContent.Variant.A.value, MailingContent.Variant.B.value
# Under so many expected acts the normal distribution says nothing.
FEWEST_EXPECTED = 5
# Probabilities that chance alone makes a difference this large.
FAIRLY_SURE, VERY_SURE = 0.05, 0.01


@dataclass(frozen=True)
class VariantNumbers:
    """One variant's messages that were accepted, and how many of their readers clicked and acted."""

    accepted: int = 0
    clicked: int = 0
    acted: int = 0

    @property
    def action_rate(self) -> float:
        """Actions per accepted message, 0 to 1."""
        return self.acted / self.accepted if self.accepted else 0.0

    @property
    def action_percent(self) -> float:
        """The same in percent."""
        return 100 * self.action_rate

    @property
    def click_rate(self) -> float:
        """Readers with a counted click per accepted message, 0 to 1."""
        return self.clicked / self.accepted if self.accepted else 0.0


class Sureness(Enum):
    """How sure it is that one variant is better."""

    CLOSE = gettext_lazy("too close to call")
    FAIR = gettext_lazy("fairly sure: chance alone would do this less than once in 20 tests")
    VERY = gettext_lazy("very sure: chance alone would do this less than once in 100 tests")


@dataclass(frozen=True)
class Comparison:
    """Both variants, the one that is ahead, and by what: its actions, its clicks, or nothing at all."""

    a: VariantNumbers
    b: VariantNumbers

    @property
    def judged_by(self) -> str:
        """`actions`; `clicks` where both brought as many actions; `none` where nothing parts them."""
        if self.a.action_rate != self.b.action_rate:
            return "actions"
        return "clicks" if self.a.click_rate != self.b.click_rate else "none"

    @property
    def ahead(self) -> str:
        """The variant that brought more per accepted message; A where nothing parts them."""
        if self.judged_by == "actions":
            return A if self.a.action_rate > self.b.action_rate else B
        return A if self.a.click_rate >= self.b.click_rate else B

    @property
    def sureness(self) -> Sureness:
        """How much the difference in actions, or else in clicks, says."""
        if self.judged_by == "clicks":
            return two_proportions(self.a.clicked, self.a.accepted, self.b.clicked, self.b.accepted)
        return two_proportions(self.a.acted, self.a.accepted, self.b.acted, self.b.accepted)

    def words(self) -> str:
        """One sentence: what parts the two, and how sure that is."""
        ahead = _("Variant %(variant)s") % {"variant": self.ahead}
        reason = {
            "actions": _("%(variant)s brought more actions per message: %(sure)s."),
            "clicks": _(
                "Both brought as many actions per message. %(variant)s brought more clicks: %(sure)s."
            ),
            "none": _("Both brought as many actions and clicks per message: %(sure)s."),
        }[self.judged_by]
        return reason % {"variant": ahead, "sure": self.sureness.value}

    def stored(self) -> dict[str, Any]:
        """As `ActionAlert.test_result` keeps it."""
        return {A: asdict(self.a), B: asdict(self.b), "by": self.judged_by}

    @classmethod
    def of_stored(cls, stored: dict[str, Any]) -> "Comparison":
        """The numbers a decision was made on."""
        return cls(VariantNumbers(**stored[A]), VariantNumbers(**stored[B]))


def two_proportions(hits_a: int, all_a: int, hits_b: int, all_b: int) -> Sureness:
    """The two-sided z-test for two proportions with a pooled estimate, as any textbook has it."""
    if not all_a or not all_b:
        return Sureness.CLOSE
    pooled = (hits_a + hits_b) / (all_a + all_b)
    expected = [size * share for size in (all_a, all_b) for share in (pooled, 1 - pooled)]
    if min(expected) < FEWEST_EXPECTED:
        return Sureness.CLOSE
    error = sqrt(pooled * (1 - pooled) * (1 / all_a + 1 / all_b))
    chance = erfc(abs(hits_a / all_a - hits_b / all_b) / error / sqrt(2))
    if chance < VERY_SURE:
        return Sureness.VERY
    return Sureness.FAIR if chance < FAIRLY_SURE else Sureness.CLOSE


def variant_numbers(mailing: Mailing) -> Comparison:
    """Both variants as they stand, whoever got them. Sums batches; counts only clicks and actions."""
    accepted: Counter[str] = Counter()
    for variant, tally in Batch.objects.filter(mailing=mailing).values_list("variant", "tally"):
        accepted[variant] += sum(tally.get(state, 0) for state in ACCEPTED)
    acted = dict(
        actions_over(mailing)
        .values_list("via__batch__variant")
        .annotate(Count("via", distinct=True))
        .order_by()
    )
    only_looked = counted_clicks(mailing.pk).filter(
        ~Exists(ActionTaken.objects.filter(via=OuterRef("delivery")))
    )
    looked = dict(
        only_looked.values_list("delivery__batch__variant")
        .annotate(Count("delivery", distinct=True))
        .order_by()
    )

    def numbers(variant: str) -> VariantNumbers:
        acts = acted.get(variant, 0)
        return VariantNumbers(accepted[variant], looked.get(variant, 0) + acts, acts)

    return Comparison(numbers(A), numbers(B))


def comparison(alert: ActionAlert) -> Comparison | None:
    """The test's numbers: those the decision was made on, or else as they stand; nothing where nothing is tested."""
    if not alert.test or alert.mailing is None:
        return None
    if alert.test_result:
        return Comparison.of_stored(alert.test_result)
    return variant_numbers(alert.mailing)
