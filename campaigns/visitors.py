"""Who answers a call to action: somebody signed in, somebody who came over an alert's link, or a stranger."""

from dataclasses import dataclass, replace

from django.http import HttpRequest

from campaigns.models import ActionAlert, ActionTaken, CallToAction
from campaigns.permissions import organization_for
from mailing.models import Delivery
from mailing.tokens import read_recipient
from partners.models import Organization, Person


@dataclass(frozen=True)
class Visitor:
    """What is known of the person at the page. Without `person` they must confirm from their mailbox.

    `token` is the alert's signed token, kept in the form; `token_failed` says that one came and was no good.
    """

    person: Person | None = None
    organization: Organization | None = None
    verified: str = ""
    via: Delivery | None = None
    token: str = ""
    email: str = ""
    token_failed: bool = False


def recognize(request: HttpRequest, call: CallToAction) -> Visitor:
    """The visitor of a call's page. A login is stronger than a link that may have been passed on."""
    token = (request.POST.get("r") or request.GET.get("r") or "")[:500]
    linked = _by_token(token, call) if token else Visitor()
    signed_in = _by_login(request, call)
    if not signed_in.person:
        return linked if linked.person or linked.token_failed or linked.email else signed_in
    if linked.person and linked.person.pk == signed_in.person.pk:
        return replace(signed_in, via=linked.via, token=linked.token)
    return signed_in


def _by_login(request: HttpRequest, call: CallToAction) -> Visitor:
    if not request.user.is_authenticated:
        return Visitor()
    person = Person.objects.filter(user=request.user).first()
    if person is None:
        return Visitor(email=request.user.email)
    return Visitor(
        person=person,
        organization=organization_for(call, person),
        verified=ActionTaken.Verified.LOGIN,
    )


def _by_token(token: str, call: CallToAction) -> Visitor:
    delivery = read_recipient(token)
    if delivery is None:
        return Visitor(token_failed=True)
    if not ActionAlert.objects.filter(mailing=delivery.mailing_id, call_to_action=call).exists():
        # Mail is passed on: its link speaks for its reader on the call it is about, and on no other.
        return Visitor()
    known = Person.objects.filter(pk=delivery.recipient) if delivery.recipient else Person.objects.none()
    person = known.first() or Person.objects.by_email(delivery.email).first()
    if person is None:
        # A subscriber whose name we do not know: the form asks for it.
        return Visitor(email=delivery.email)
    return Visitor(
        person=person,
        organization=organization_for(call, person),
        verified=ActionTaken.Verified.ALERT,
        via=delivery,
        token=token,
    )
