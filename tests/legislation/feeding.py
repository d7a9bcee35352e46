"""Hands records to an importer as a run does, and takes stock of what it left in the database."""

from datetime import UTC, datetime

from django.apps import apps
from django.forms.models import model_to_dict

from legislation.services.imports.base import Summary

NOON = datetime(2026, 3, 2, 18, tzinfo=UTC)  # noon in Illinois


def feed(importer, *records, at=NOON, source="test"):
    """One run with these records; its summary, with what still waits as `waiting`."""
    summary = Summary()
    run = importer(source=source, observed_at=at, summary=summary)
    for record in records:
        run.add(record)
    run.flush()
    run.retry_waiting()
    summary.waiting = run.waiting
    return summary


def outcome(summary):
    """(added, changed, unchanged, rejected)."""
    return (*(summary.total(what) for what in ("added", "changed", "unchanged")), len(summary.rejected))


def everything(*models):
    """All rows of the models, with their keys: equal before and after a run that changed nothing."""
    found = {}
    for name in models:
        model = apps.get_model("legislation", name)
        rows = []
        for row in model.objects.order_by("pk"):
            values = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
            many = {
                field.name: sorted(other.pk for other in model_to_dict(row, [field.name])[field.name])
                for field in model._meta.many_to_many
            }
            rows.append(values | many)
        found[name] = rows
    return found
