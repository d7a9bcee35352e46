from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0008_results_told_before")]

    operations = [
        migrations.RemoveField(model_name="calltoaction", name="told_at"),
        migrations.RemoveField(model_name="historicalcalltoaction", name="told_at"),
    ]
