from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('trainings', '0002_words_that_are_searched'),
    ]

    operations = [
        migrations.AlterField(
            model_name='enrollmentnotice',
            name='written_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='written'),
        ),
        migrations.AddIndex(
            model_name='enrollmentnotice',
            index=models.Index(condition=models.Q(('written_at__isnull', True)), fields=['id'], name='enrollment_notice_waits'),
        ),
    ]
