"""Addresses of workers who allow no name are not made of it."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils.text import slugify


def convert(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    profiles = apps.get_model("campaigns", "WorkerProfile").objects.exclude(scope="public")
    for profile in profiles.only("slug", "name", "city", "role").iterator(500):
        hidden = _words(f"{profile.name} {profile.city}") - _words(profile.role)
        if hidden & _words(profile.slug):
            profiles.filter(pk=profile.pk).update(slug=f"worker-{profile.pk}")


def _words(text: str) -> set[str]:
    return {word for word in slugify(text).split("-") if len(word) > 1}


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0013_workers_without_a_name_are_not_searched_by_it")]

    operations = [migrations.RunPython(convert, migrations.RunPython.noop)]
