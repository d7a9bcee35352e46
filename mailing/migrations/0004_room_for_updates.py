"""Keeps half of each page of deliveries free, so that their outcome is written beside them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mailing", "0003_existing_mailings")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE mailing_delivery SET (fillfactor = 50)",
            "ALTER TABLE mailing_delivery RESET (fillfactor)",
        ),
        migrations.RunSQL(
            "ALTER TABLE mailing_batch SET (fillfactor = 50)", "ALTER TABLE mailing_batch RESET (fillfactor)"
        ),
    ]
