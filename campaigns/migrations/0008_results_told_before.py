"""Results that were told before keep their moment, so that nobody is told twice; how many that were, nobody wrote down."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def convert(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    call_model, report_model = apps.get_model("campaigns", "CallToAction"), apps.get_model("campaigns", "ResultReport")
    for call in call_model.objects.filter(told_at__isnull=False).iterator(500):
        report_model.objects.create(
            call_to_action_id=call.pk, asked_at=call.told_at, finished_at=call.told_at, people=0
        )


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0007_results_told_by_the_worker")]

    operations = [migrations.RunPython(convert, migrations.RunPython.noop)]
