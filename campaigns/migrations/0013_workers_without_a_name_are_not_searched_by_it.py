"""The words of a worker's profile without the name and the place that its page does not show."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
import partners.searching
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0012_words_that_are_searched'),
    ]

    # PostgreSQL cannot change how a column is generated: it is made anew.
    operations = [
        migrations.RemoveIndex(model_name='workerprofile', name='workerprofile_search'),
        migrations.RemoveField(model_name='workerprofile', name='search'),
        migrations.AddField(
            model_name='workerprofile',
            name='search',
            field=partners.searching.SearchWords(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left(models.Case(models.When(scope='public', then='name'), default=models.Value('')), 100000), config='english', weight='A'), '||', django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left('role', 100000), config='english', weight='B'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left('summary', 100000), config='english', weight='B'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left('skill', 100000), config='english', weight='C'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left('training', 100000), config='english', weight='C'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left('result', 100000), config='english', weight='C'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left('quote', 100000), config='english', weight='C'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left(models.Case(models.When(scope='public', then='city'), default=models.Value('')), 100000), config='english', weight='C'), django.contrib.postgres.search.SearchConfig('english')), output_field=partners.searching.UnreadWords()),
        ),
        migrations.AddIndex(
            model_name='workerprofile',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='workerprofile_search'),
        ),
    ]
