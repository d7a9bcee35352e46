"""A fact sheet as search engines read it (schema.org)."""

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString

from partners.structured_data import json_ld
from research.models import FactSheet, FactSheetVersion


def fact_sheet_document(sheet: FactSheet, version: FactSheetVersion) -> SafeString:
    """The sheet with its version, its publisher and its PDF."""
    content = version.content
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "DigitalDocument",
        "name": content["title"],
        "description": content["summary"],
        "url": content["address"],
        "version": str(version.number),
        "dateModified": version.made_at.isoformat(),
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "publisher": {"@type": "Organization", "name": content["sender"], "url": f"{settings.SITE_URL}/"},
        "encoding": {
            "@type": "MediaObject",
            "encodingFormat": "application/pdf",
            "contentUrl": settings.SITE_URL
            + reverse("research:fact_sheet_version_pdf", args=[sheet.slug, version.number]),
        },
    }
    if content["place"]:
        data["spatialCoverage"] = f"{content['title']}, Illinois"
    return json_ld(data)
