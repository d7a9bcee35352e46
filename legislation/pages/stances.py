"""Where legislators stand on one bill: who has their name on it, and what others answered when they were asked."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from legislation.models import Bill, LegislatorAsk, Sponsorship
from partners.models import User

_Stance = LegislatorAsk.Stance


class Standing(models.TextChoices):
    """How far a legislator is from putting their name on a bill, as the map and the list of targets tell it."""

    SPONSOR = "sponsor", _("name on the bill")
    FAVORABLE = "favorable", _("for it")
    UNDECIDED = "undecided", _("asked, and undecided or silent")
    AGAINST = "against", _("against it")
    NOT_ASKED = "not_asked", _("not asked yet")


_OF_STANCE = {
    _Stance.SUPPORTS: Standing.FAVORABLE,
    _Stance.LEANS_FOR: Standing.FAVORABLE,
    _Stance.UNDECIDED: Standing.UNDECIDED,
    _Stance.UNKNOWN: Standing.UNDECIDED,
    _Stance.LEANS_AGAINST: Standing.AGAINST,
    _Stance.OPPOSES: Standing.AGAINST,
}


@dataclass
class MemberStance:
    """One legislator and one bill. `asks` are the conversations, the newest first."""

    sponsorship: Sponsorship | None = None
    asks: list[LegislatorAsk] = field(default_factory=list)

    @property
    def latest(self) -> LegislatorAsk | None:
        """The conversation that counts: the newest in which they said something, else the newest."""
        said = [ask for ask in self.asks if ask.stance != _Stance.UNKNOWN or ask.will_sponsor]
        counting = said or self.asks
        return counting[0] if counting else None

    @property
    def promised(self) -> bool:
        """Whether they said that they would put their name on it, and have not taken it back since."""
        latest = self.latest
        return bool(latest and latest.will_sponsor)

    @property
    def standing(self) -> Standing:
        if self.sponsorship is not None:
            return Standing.SPONSOR
        latest = self.latest
        if latest is None:
            return Standing.NOT_ASKED
        return Standing.FAVORABLE if latest.will_sponsor else _OF_STANCE[_Stance(latest.stance)]

    @property
    def words(self) -> str:
        """The standing with what they said, such as “leans toward it”."""
        if self.sponsorship is not None:
            return self.sponsorship.get_role_display()
        latest = self.latest
        if latest is None:
            return str(Standing.NOT_ASKED.label)
        return str(
            _("promised to put their name on it") if latest.will_sponsor else latest.get_stance_display()
        )


def member_stances(bill: Bill) -> dict[int, MemberStance]:
    """By legislator, everybody who has their name on the bill or was asked about it. Two queries."""
    found: dict[int, MemberStance] = defaultdict(MemberStance)
    names = Sponsorship.objects.active().filter(bill=bill, legislator__isnull=False)
    for sponsorship in names.order_by("-position", "-pk"):
        if sponsorship.legislator_id is not None:
            found[sponsorship.legislator_id].sponsorship = sponsorship
    asks = LegislatorAsk.objects.filter(bill=bill).select_related("organization")
    for ask in asks.order_by("-asked_on", "-pk"):
        found[ask.legislator_id].asks.append(ask)
    return dict(found)


def readable_notes(bill: Bill, user: User | AnonymousUser) -> set[int]:
    """The conversations on a bill whose notes this person may read: their own organization's; staff, all."""
    return set(LegislatorAsk.objects.visible_to(user).filter(bill=bill).values_list("pk", flat=True))
