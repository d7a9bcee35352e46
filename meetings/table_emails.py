"""What staff are written about the tables we sit at."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mailing.services import Draft, Precedence
from meetings.models import Seat
from partners.emails import render_message


def terms_end(seats: Sequence[Seat], *, to: str) -> Draft:
    """That terms of seats end soon, and where staff see to them."""
    if len(seats) == 1:
        subject = _("A term ends soon: %(table)s") % {"table": Truncator(seats[0].table.title).chars(100)}
    else:
        subject = ngettext("%(n)d term ends soon", "%(n)d terms end soon", len(seats)) % {"n": len(seats)}
    rows = [
        (seat, settings.SITE_URL + reverse("admin:meetings_table_change", args=[seat.table_id]))
        for seat in seats
    ]
    message = render_message(
        "meetings/email/terms_end",
        to=to,
        subject=subject,
        rows=rows,
        url=settings.SITE_URL + reverse("admin:meetings_table_changelist"),
    )
    return Draft(**message, precedence=Precedence.NOTICE)
