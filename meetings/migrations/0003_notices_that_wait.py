from django.db import migrations, models


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
    ]
