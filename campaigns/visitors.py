"""Who answers a call to action: somebody signed in, somebody who came over an alert's link, or a stranger."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.http import HttpRequest

from campaigns.models import ActionTaken, CallToAction
from campaigns.permissions import can_answer, organization_for
from legislation.chambers import SEATS, Chamber
from mailing.plans import columns, fetch, made_of
from mailing.tokens import read_recipient
from partners.models import Organization, Person

# Whom a message reached: the address, whether the message is about the call, and the person.
_REACHED = f"""
SELECT delivery.email,
       EXISTS (SELECT FROM campaigns_actionalert AS alert
               WHERE alert.mailing_id = delivery.mailing_id AND alert.call_to_action_id = %s),
       {columns(Person, "person")}
FROM mailing_delivery AS delivery LEFT JOIN partners_person AS person ON person.id = delivery.recipient
WHERE delivery.id = %s AND delivery.email <> ''
"""  # noqa: S608 - nothing in it comes from outside


@dataclass(frozen=True)
class Visitor:
    """What is known of the person at the page of `call`. Without `person` they must confirm from their mailbox.

    `token` is the alert's signed token, kept in the form; `token_failed` says that one came and was no good.
    """

    person: Person | None = None
    call: CallToAction | None = None
    verified: str = ""
    # The number of the alert's row for them.
    via_id: int | None = None
    token: str = ""
    email: str = ""
    token_failed: bool = False
    # The House district in which they say they live; an address is never carried along.
    house: int | None = None

    @cached_property
    def organization(self) -> Organization | None:
        """The partner for which the person acts here; looked up once somebody asks."""
        return organization_for(self.call, self.person) if self.call and self.person else None

    def may_answer(self, call: CallToAction) -> bool:
        """Whether this visitor may answer; asks for their partner only where that matters."""
        return call.audience == CallToAction.Audience.EVERYONE or can_answer(call, self.organization)


def recognize(request: HttpRequest, call: CallToAction) -> Visitor:
    """The visitor of a call's page. A login is stronger than a link that may have been passed on."""
    return replace(_recognize(request, call), house=house_in(request))


def house_in(request: HttpRequest) -> int | None:
    """The House district that a page's address or a form names, if there is such a district."""
    said = request.POST.get("house") or request.GET.get("house") or ""
    number = int(said) if said.isdecimal() and len(said) <= 3 else 0
    return number if 1 <= number <= SEATS[Chamber.LOWER] else None


def _recognize(request: HttpRequest, call: CallToAction) -> Visitor:
    token = (request.POST.get("r") or request.GET.get("r") or "")[:500]
    linked = _by_token(token, call) if token else Visitor()
    signed_in = _by_login(request, call)
    if not signed_in.person:
        return linked if linked.person or linked.token_failed or linked.email else signed_in
    if linked.person and linked.person.pk == signed_in.person.pk:
        return replace(signed_in, via_id=linked.via_id, token=linked.token)
    return signed_in


def _by_login(request: HttpRequest, call: CallToAction) -> Visitor:
    if not request.user.is_authenticated:
        return Visitor()
    person = Person.objects.filter(user=request.user).first()
    if person is None:
        return Visitor(email=request.user.email)
    return Visitor(
        person=person,
        call=call,
        verified=ActionTaken.Verified.LOGIN,
    )


def _by_token(token: str, call: CallToAction) -> Visitor:
    delivery_id = read_recipient(token)
    reached = fetch(_REACHED, [call.pk, delivery_id]) if delivery_id else []
    if not reached:
        return Visitor(token_failed=True)
    email, is_about_call, *found = reached[0]
    if not is_about_call:
        # Mail is passed on: its link speaks for its reader on the call it is about, and on no other.
        return Visitor()
    person = made_of(Person, found) if found[0] else Person.objects.by_email(email).first()
    if person is None:
        # A subscriber whose name we do not know: the form asks for it.
        return Visitor(email=email)
    return Visitor(
        person=person,
        call=call,
        verified=ActionTaken.Verified.ALERT,
        via_id=delivery_id,
        token=token,
    )
