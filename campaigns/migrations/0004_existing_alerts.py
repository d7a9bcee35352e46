"""Alerts that are there keep their words and their audience: as blocks, and as conditions."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def convert(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alert_model, block_model = apps.get_model("campaigns", "ActionAlert"), apps.get_model("campaigns", "AlertBlock")
    for alert in alert_model.objects.iterator(500):
        conditions = [
            ("area", list(alert.areas.values_list("slug", flat=True))),
            ("sub_sector", list(alert.sub_sectors.values_list("slug", flat=True))),
            ("role", list(alert.roles)),
        ]
        wanted = [{"field": field, "is": values} for field, values in conditions if values]
        alert_model.objects.filter(pk=alert.pk).update(rules={"all": wanted} if wanted else {})
        block_model.objects.bulk_create(
            [
                block_model(alert_id=alert.pk, order=1, kind="text", text=alert.body),
                block_model(alert_id=alert.pk, order=2, kind="button"),
            ]
        )


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0003_alerts_by_blocks_and_rules")]

    operations = [migrations.RunPython(convert, migrations.RunPython.noop)]
