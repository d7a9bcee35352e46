"""The mails about partners' positions. Each function returns what `mailing.services.queue_message` takes."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from legislation.models import Bill, BillEvent, BillTracking, OrganizationPosition
from partners.emails import Message, render_message
from partners.models import Organization, Person, User
from partners.services.identity import get_coalition


def positions_url(organization: Organization) -> str:
    """The partner's page of its positions, for links in mail."""
    return settings.SITE_URL + reverse("my_legislation:positions", args=[organization.slug])


def bill_url(bill: Bill) -> str:
    """The bill's public page, for links in mail."""
    return settings.SITE_URL + bill.get_absolute_url()


def position_proposed(position: OrganizationPosition, contact: Person) -> Message:
    """To a primary contact: a colleague proposed a position, and only you can put it on record."""
    return render_message(
        "legislation/email/position_proposed",
        to=contact.email,
        subject=_("%(bill)s: a position waits for you") % {"bill": position.bill.label},
        contact=contact,
        position=position,
        proposer=_name(position.proposed_by),
        url=positions_url(position.organization),
    )


def position_without_contact(position: OrganizationPosition) -> Message | None:
    """To the coalition: a position waits and its partner has nobody to decide. Nothing without an address."""
    to = get_coalition().email
    if not to:
        return None
    return render_message(
        "legislation/email/position_without_contact",
        to=to,
        subject=_("%(partner)s proposes a position and has no primary contact")
        % {"partner": position.organization.name},
        position=position,
        proposer=_name(position.proposed_by),
        url=settings.SITE_URL + reverse("admin:legislation_organizationposition_change", args=[position.pk]),
    )


def position_decided(position: OrganizationPosition) -> Message:
    """To whoever proposed it: on record now, or declined and why."""
    assert position.proposed_by is not None
    approved = position.state == OrganizationPosition.State.ON_RECORD
    subject = (
        _("%(bill)s: your position is on record") if approved else _("%(bill)s: your position was declined")
    )
    return render_message(
        "legislation/email/position_decided",
        to=position.proposed_by.email,
        subject=subject % {"bill": position.bill.label},
        approved=approved,
        position=position,
        by_staff=bool(position.staff_note),
        decider=_name(position.decided_by),
        url=positions_url(position.organization),
    )


def text_replaced(position: OrganizationPosition, contact: Person, events: Sequence[BillEvent]) -> Message:
    """To a primary contact: the text your position is about was replaced."""
    return render_message(
        "legislation/email/text_replaced",
        to=contact.email,
        subject=_("%(bill)s: the text was replaced since you took your position")
        % {"bill": position.bill.label},
        contact=contact,
        position=position,
        bill=position.bill,
        events=events,
        bill_url=bill_url(position.bill),
        url=positions_url(position.organization),
    )


def tracked_text_replaced(tracking: BillTracking, owner: User, events: Sequence[BillEvent]) -> Message:
    """To the staff member who looks after a bill: its text was replaced."""
    return render_message(
        "legislation/email/tracked_text_replaced",
        to=owner.email,
        subject=_("%(bill)s: the text was replaced") % {"bill": tracking.bill.label},
        tracking=tracking,
        bill=tracking.bill,
        events=events,
        bill_url=bill_url(tracking.bill),
        url=settings.SITE_URL + reverse("admin:legislation_billtracking_change", args=[tracking.pk]),
    )


def _name(user: User | None) -> str:
    return user.get_full_name() if user else _("somebody who left")
