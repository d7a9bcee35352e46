"""Sessions of trainings, as the month shows them: each day of its own."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.translation import gettext as _

from partners.models import User
from partners.months import Entry, in_months
from trainings.models import Course, Session


@in_months
def sessions(start: datetime, end: datetime, user: User | AnonymousUser) -> list[Entry]:
    """Days of sessions that begin in the month, also of those that were called off. Two reads."""
    shown = Session.objects.visible_to(user).exclude(state=Session.State.DRAFT)
    found = (
        shown.filter(Q(starts_at__lt=end, ends_at__gte=start), course__state=Course.State.PUBLISHED)
        .select_related("course")
        .prefetch_related("parts")
    )
    return [
        Entry(
            starts_at=day.starts_at,
            title=session.course.title,
            url=session.get_absolute_url(),
            kind=_("Training, day %(n)d") % {"n": number} if len(session.days) > 1 else _("Training"),
            detail=session.city if session.is_in_person else str(session.get_mode_display()),
            is_cancelled=session.state == Session.State.CANCELLED,
        )
        for session in found
        for number, day in enumerate(session.days, 1)
        if start <= day.starts_at < end
    ]
