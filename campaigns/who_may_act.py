"""Who may answer a call to action, in words, and who in one's own organization that is."""

from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from campaigns import kinds
from campaigns.models import CallToAction
from campaigns.permissions import roles_for
from partners.models import Membership, Organization, User

_SHOWN = 5
Audience = CallToAction.Audience


@dataclass(frozen=True)
class Colleagues:
    """One's own organization, one's role there, and its people who may act."""

    organization: Organization
    role: str
    names: list[str]


@dataclass(frozen=True)
class WhoMayAct:
    """Whom a call is for, in a sentence, and for somebody signed in who of their organizations that is."""

    sentence: str
    own: list[Colleagues] = field(default_factory=list)


def audience_sentence(call: CallToAction) -> str:
    """Whom a call is for."""
    if call.audience == Audience.EVERYONE and not kinds.of(call).open_to_strangers:
        return _("Everybody with an account can act. Sign in first.")
    return {
        Audience.EVERYONE: _("Everybody can act. You need no account."),
        Audience.PARTNERS: _(
            "People of partner organizations can act, whatever their role. They sign in first."
        ),
        Audience.ACTORS: _(
            "Primary contacts and advocates of partner organizations can act. They sign in first."
        ),
        Audience.SPEAKERS: _(
            "Only those who may speak for a partner organization can act: its primary contacts. They sign in first."
        ),
    }[Audience(call.audience)]


def who_may_act(call: CallToAction, user: User | AnonymousUser) -> WhoMayAct:
    """Whom the call is for; each of the user's organizations with its people who have the role that it takes."""
    if not user.is_authenticated:
        return WhoMayAct(audience_sentence(call))
    own = Membership.objects.of(user).filter(organization__status=Organization.Status.ACTIVE)
    found = [
        Colleagues(membership.organization, membership.get_role_display(), _names(call, membership))
        for membership in own.select_related("organization").order_by("started_on", "id")
    ]
    return WhoMayAct(audience_sentence(call), found)


def _names(call: CallToAction, own: Membership) -> list[str]:
    roles = roles_for(call)
    people = Membership.objects.current().filter(organization=own.organization_id)
    if roles is not None:
        people = people.filter(role__in=roles)
    people = people.select_related("person").order_by("person__last_name", "person__first_name")
    return [membership.person.name for membership in people[:_SHOWN]]
