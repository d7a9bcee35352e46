"""Each ally gets a page of its own, with a short name in its address."""

from django.db import migrations, models
from django.utils.text import slugify


def name_them(apps, schema_editor):
    """Short names made of the names; the number keeps two alike apart."""
    taken = set()
    for ally in apps.get_model("partners", "Ally").objects.order_by("pk"):
        wanted = slugify(ally.name)[:100] or "ally"
        ally.slug = f"{wanted}-{ally.pk}" if wanted in taken else wanted
        taken.add(ally.slug)
        ally.save(update_fields=["slug"])


class Migration(migrations.Migration):
    dependencies = [("partners", "0006_words_that_are_searched")]

    operations = [
        migrations.AddField(
            model_name="ally",
            name="slug",
            field=models.SlugField(db_index=False, max_length=120, null=True, verbose_name="short name"),
        ),
        migrations.RunPython(name_them, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="ally",
            name="slug",
            field=models.SlugField(
                blank=True,
                help_text="Stands in the address of its page. Made of the name when empty.",
                max_length=120,
                unique=True,
                verbose_name="short name",
            ),
        ),
    ]
