"""What the page of one roll call reads: both counts, the picture by party, and every vote by name."""

from collections import Counter
from dataclasses import dataclass

from legislation.models import Bill, RollCall, Vote
from legislation.pages.vote_pictures import CountRow, PartyBar, count_rows, party_bars

_ORDER = {option: place for place, option in enumerate(Vote.Option.values)}


@dataclass
class RollCallPage:
    """One roll call of a bill. `votes` by party and name."""

    bill: Bill
    roll_call: RollCall
    counts: list[CountRow]
    bars: list[PartyBar]
    votes: list[Vote]

    @property
    def unmatched(self) -> int:
        """Names that no member could be found for."""
        return sum(1 for vote in self.votes if vote.legislator_id is None)


def load_roll_call_page(session: int, identifier: str, pk: int) -> RollCallPage | None:
    """Two reads; None where the bill has no such roll call."""
    roll_call = (
        RollCall.objects.filter(pk=pk, bill__session=session, bill__identifier=identifier)
        .select_related("bill__tracking", "committee")
        .defer("bill__search", "bill__synopsis")
        .first()
    )
    if roll_call is None:
        return None
    votes = list(Vote.objects.filter(roll_call=roll_call).select_related("legislator"))
    votes.sort(
        key=lambda vote: (_ORDER[vote.option], vote.legislator.family_name if vote.legislator else vote.name)
    )
    counts = Counter((vote.legislator.party if vote.legislator else "", vote.option) for vote in votes)
    return RollCallPage(roll_call.bill, roll_call, count_rows(roll_call), party_bars(counts), votes)
