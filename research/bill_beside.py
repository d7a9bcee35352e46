"""What we published about a bill, beside it on its page."""

from datetime import datetime

from django.db.models import CharField, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from legislation.models import Bill
from partners.related import Group, Link, beside
from research.models import FactSheet, Report


@beside(Bill)
def research_on_bill(bill: Bill, now: datetime) -> Group:
    """Published reports that name the bill, the newest first, then its fact sheets: one read for both."""
    page = Value("research:report", output_field=CharField())
    reports = Report.objects.published().filter(bills=bill).order_by()
    sheets = FactSheet.objects.published().filter(bill=bill).order_by()
    found = reports.values_list(page, "title", "slug", "published_at").union(
        sheets.values_list(
            Value("research:fact_sheet", output_field=CharField()), "released_title", "slug", "published_at"
        ),
        all=True,
    )
    rows = sorted(found, key=lambda row: (row[0] == "research:report", row[3]), reverse=True)
    return Group(
        _("Our research"),
        [Link(title, reverse(page, args=[slug]), _detail(page, day)) for page, title, slug, day in rows],
    )


def _detail(page: str, published: datetime) -> str:
    day = date_format(timezone.localtime(published), "F j, Y")
    return day if page == "research:report" else _("fact sheet, one page")
