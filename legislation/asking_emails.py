"""The mail that asks a partner for its position on a bill."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from legislation.models import PositionRequest
from legislation.position_emails import bill_url
from mailing.models import OutboxMessage
from partners.emails import Message, render_message
from partners.models import Person

NOTICE = OutboxMessage.Precedence.NOTICE


def position_requested(request: PositionRequest, contact: Person) -> Message:
    """To a primary contact: where does your organization stand on this bill? Or the reminder of that question."""
    tracking, is_reminder = request.bill.tracking, request.mail == PositionRequest.Mail.REMINDER
    subject = _("Reminder: where do you stand on %s?") if is_reminder else _("Where do you stand on %s?")
    address = reverse("my_legislation:position_asked", args=[request.organization.slug, request.bill_id])
    return render_message(
        "legislation/email/position_requested",
        to=contact.email,
        subject=subject % request.bill.label,
        contact=contact,
        tracking=tracking,
        bill=request.bill,
        organization=request.organization,
        is_reminder=is_reminder,
        bill_url=bill_url(request.bill),
        url=settings.SITE_URL + address,
    )
