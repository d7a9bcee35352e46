"""What the desk's review of recorded slips reads: the words that wait, the partners they may mean, what was decided."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Min, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from legislation.models import RecordedSlip, SlipMatch

State = SlipMatch.State
# By what a partner was found, in words for staff. Keys as `Finding.reason` and the decisions have them.
REASONS = {
    "name": _("Its name, word for word."),
    "alias": _("Another name that is recorded for it."),
    "order": _("Its name, in another order."),
    "typo": _("Its name, but for a letter or two."),
    "short": _("Its name with words shortened."),
    "general": _("All or most words of its name, but many organizations have such names."),
    "part": _("Part of its name."),
    "longer": _("Its name with words added: perhaps a branch, perhaps another body."),
    "like": _("A name that is like it."),
    "initials": _("The initials of its name."),
    "several": _("The words fit more than one partner."),
    "beside": _("Its name is one common word, and other words stand beside it."),
    "self": _("The witness works there, but speaks only in their own name."),
    "person": _("A client, member or employee of it speaks."),
    "staff": _("Named by staff."),
}
# The tabs of the page: what each shows, the decisions newest first.
TABS = {
    "review": (_("To review"), (State.DOUBTFUL,)),
    "decided": (_("Decided"), (State.CONFIRMED, State.REJECTED)),
    "sure": (_("Found by name"), (State.SURE,)),
}


@dataclass
class Likely:
    """A partner that some words may mean. `match` stands for all rows with these words and this partner."""

    match: SlipMatch
    slips: int

    @property
    def reason(self) -> str:
        return str(REASONS.get(self.match.reason, ""))


@dataclass
class Words:
    """Words on slips with the partners they may mean; `slip` is an example."""

    text: str
    slips: int
    likely: list[Likely] = field(default_factory=list)
    slip: RecordedSlip | None = None


def words_of(tab: str, search: str) -> "QuerySet[SlipMatch, Any]":
    """The different words under a tab: those on most slips first, decided ones by the time of the decision."""
    rows = SlipMatch.objects.filter(state__in=TABS[tab][1])
    if search:
        rows = rows.filter(text__icontains=search) | rows.filter(organization__name__icontains=search)
    found = rows.order_by().annotate(words=Lower("text")).values("words")
    found = found.annotate(slips=Count("slip", distinct=True), decided=Max("decided_at"))
    return found.order_by("-decided", "words") if tab == "decided" else found.order_by("-slips", "words")


def with_partners(tab: str, page: list[dict[str, Any]]) -> list[Words]:
    """The words of one page with partners, reasons and an example slip. Two reads for any number."""
    wanted = [row["words"] for row in page]
    rows = SlipMatch.objects.filter(state__in=TABS[tab][1]).order_by().annotate(words=Lower("text"))
    groups = (
        rows.filter(words__in=wanted)
        .values("words", "organization")
        .annotate(first=Min("pk"), slips=Count("pk"), score_=Max("score"))
    )
    # Where two fit alike, the one on more slips; then always in the same order.
    found = sorted(groups, key=lambda group: (-group["score_"], -group["slips"], group["first"]))
    matches = SlipMatch.objects.select_related("organization", "decided_by", "slip__bill").in_bulk(
        [group["first"] for group in found]
    )
    likely: dict[str, list[Likely]] = defaultdict(list)
    for group in found:
        if (match := matches.get(group["first"])) is not None:
            likely[group["words"]].append(Likely(match, group["slips"]))
    return [
        Words(partners[0].match.text, row["slips"], partners, partners[0].match.slip)
        for row in page
        if (partners := likely[row["words"]])
    ]
