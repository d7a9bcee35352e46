from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('surveys', '0002_deeper_surveys'),
    ]

    operations = [
        migrations.AddField(
            model_name='surveyinvitation',
            name='waits',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddIndex(
            model_name='surveyinvitation',
            index=models.Index(condition=models.Q(('waits', True)), fields=['id'], name='survey_invitation_unwritten'),
        ),
    ]
