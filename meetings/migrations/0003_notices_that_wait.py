from django.db import migrations, models


def drop_waiting(apps, schema_editor):
    """On the way back each notice has its time again; what nobody was written yet has none."""
    apps.get_model("meetings", "AttendanceNotice").objects.filter(written_at=None).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0002_words_that_are_searched'),
    ]

    operations = [
        migrations.AlterField(
            model_name='attendancenotice',
            name='written_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='written'),
        ),
        migrations.AddIndex(
            model_name='attendancenotice',
            index=models.Index(condition=models.Q(('written_at__isnull', True)), fields=['id'], name='attendance_notice_waits'),
        ),
        # The last one, so that it is the first on the way back.
        migrations.RunPython(migrations.RunPython.noop, drop_waiting),
    ]
