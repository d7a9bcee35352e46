from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("research", "0003_one_row_for_each_form")]

    operations = [
        migrations.AddField(
            "finding",
            "source_tried_at",
            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="source tried"),
        ),
    ]
