"""What links with a source code brought, told to the page of a report's reach."""

from collections.abc import Collection

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.models import ActionTaken
from meetings.models import Attendance
from research.credits import counts_by_source
from trainings.models import Enrollment


@counts_by_source(_("registrations for trainings"))
def trainings(codes: Collection[str]) -> dict[str, int]:
    """Places asked for in trainings, whatever came of them."""
    return _counted(Enrollment.objects.filter(source__in=codes), "source")


@counts_by_source(_("registrations for events"))
def events(codes: Collection[str]) -> dict[str, int]:
    """Places asked for at events, whatever came of them."""
    return _counted(Attendance.objects.filter(source__in=codes), "source")


@counts_by_source(_("actions taken"))
def actions(codes: Collection[str]) -> dict[str, int]:
    """Completed actions."""
    return _counted(ActionTaken.objects.filter(source_code__in=codes), "source_code")


def _counted(rows: QuerySet, field: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(field).annotate(number=Count("pk")))
