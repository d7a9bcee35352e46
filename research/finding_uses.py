"""Where a finding stands in our own research: reports that quote it, and the service map."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.related import Group, Link
from research.models import Finding, Report


def uses_in_research(finding: Finding) -> list[Group]:
    """Groups of links, without empty ones. What higher floors have is asked for by `groups_beside`."""
    if finding.is_retracted:
        return []
    quoting = Q(key_findings__finding=finding) | Q(chapters__body__contains=finding.mark)
    reports = Report.objects.published().filter(Q(pk=finding.report_id) | quoting).distinct()
    services = finding.connections.select_related("source", "target")
    page = reverse("research:service_map")
    groups = [
        Group(_("Reports"), [Link(report.title, report.get_absolute_url()) for report in reports]),
        Group(
            _("On the service map"),
            [
                Link(f"{one.source} → {one.target}", f"{page}?service={one.source.slug}#connections")
                for one in services
            ],
        ),
    ]
    return [group for group in groups if group.links]
