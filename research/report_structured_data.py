"""What machines that read pages are told of a report and its tables (schema.org)."""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from partners.models import Coalition
from partners.structured_data import json_ld
from research.citing import DOI_ADDRESS, Author
from research.models import Report, ReportVersion
from research.report_content import ReadReport, ReadTable

# Search engines want at least so many letters of description.
LEAST_DESCRIPTION = 50


def report_data(
    report: Report, shown: ReadReport, version: ReportVersion | None, coalition: Coalition
) -> SafeString:
    """A report with its data sets. Sources: https://schema.org/Report, https://schema.org/Dataset"""
    page = f"{settings.SITE_URL}{report.get_absolute_url()}"
    publisher = {"@type": "Organization", "name": coalition.name, "url": settings.SITE_URL}
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Report",
        "@id": page,
        "url": page,
        "name": shown.full_title,
        "headline": shown.title[:110],
        "abstract": shown.summary,
        "inLanguage": "en",
        "author": [_author(author) for author in shown.authors] or [publisher],
        "publisher": publisher,
        "about": [topic.name for topic in report.topics.all()],
        "image": f"{settings.SITE_URL}{staticfiles_storage.url('img/share.png')}",
    }
    data |= _release(report, version)
    data["hasPart"] = [_dataset(report, table, page, publisher) for table in shown.tables]
    return json_ld(data)


def _release(report: Report, version: ReportVersion | None) -> dict[str, Any]:
    """Its days, its version and its files; nothing before it is out but the DOI."""
    data: dict[str, Any] = {}
    if report.published_at and version:
        data["datePublished"] = report.published_at.isoformat()
        data["dateModified"] = version.released_at.isoformat()
        data["version"] = str(version.number)
        data["encoding"] = {
            "@type": "MediaObject",
            "encodingFormat": "application/pdf",
            "contentUrl": f"{settings.SITE_URL}{reverse('research:report_pdf', args=[report.slug])}",
        }
    if report.doi:
        data["identifier"] = {"@type": "PropertyValue", "propertyID": "DOI", "value": report.doi}
        data["sameAs"] = f"{DOI_ADDRESS}{report.doi}"
    return data


def _author(author: Author) -> dict[str, str]:
    if author.is_organization:
        return {"@type": "Organization", "name": author.family}
    return {
        "@type": "Person",
        "name": author.straight,
        "givenName": author.given,
        "familyName": author.family,
    }


def _dataset(report: Report, table: ReadTable, page: str, publisher: dict[str, str]) -> dict[str, Any]:
    address = reverse("research:report_table", args=[report.slug, table.number])
    data: dict[str, Any] = {
        "@type": "Dataset",
        "@id": f"{page}#table-{table.number}",
        "url": f"{page}#table-{table.number}",
        "name": table.title,
        "description": _description(report, table),
        "creator": publisher,
        "isAccessibleForFree": True,
        "variableMeasured": table.heads[1:],
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "text/csv",
                "contentUrl": f"{settings.SITE_URL}{address}",
            }
        ],
    }
    if table.source:
        data["isBasedOn"] = table.source_url or table.source
    return data


def _description(report: Report, table: ReadTable) -> str:
    said = ". ".join(part.rstrip(".") for part in (table.title, table.unit, table.note) if part)
    if len(said) < LEAST_DESCRIPTION:
        said = _("%(said)s. Figures of the report “%(report)s”.") % {"said": said, "report": report.title}
    return said[:5000]
