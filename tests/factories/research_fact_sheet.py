"""Fact sheets for tests."""

from datetime import datetime

import factory
from django.utils import timezone

from research.models import FactSheet
from research.services.fact_sheet import publish_sheet


class FactSheetFactory(factory.django.DjangoModelFactory):
    """A draft that staff wrote."""

    class Meta:
        model = FactSheet

    kind = FactSheet.Kind.GENERAL
    title = factory.Sequence(lambda number: f"Porches matter {number}")
    slug = factory.Sequence(lambda number: f"porches-matter-{number}")
    summary = "Sample data: what porches do for a street."
    body = (
        "<h2>Why</h2><p>People <strong>meet</strong> there.</p><ul><li>They sit.</li><li>They talk.</li></ul>"
    )
    ask = "Keep the porches."


def published_sheet(now: datetime | None = None, **fields: object) -> FactSheet:
    """A sheet with its first version, public."""
    return publish_sheet(sheet=FactSheetFactory(**fields), by=None, now=now or timezone.now())
