"""Voices and profiles of workers, pages for audiences, explanations, and what research stands beside what."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import partners.html
import partners.searching
import simple_history.models
from django.conf import settings
from django.db import migrations, models
from partners.large_migration import LargeMigration


class Migration(LargeMigration):

    dependencies = [
        ('campaigns', '0001_squashed_0010_invitations_to_events_of_ours'),
        ('legislation', '0004_words_that_are_searched'),
        ('meetings', '0002_words_that_are_searched'),
        ('partners', '0007_pages_of_allies'),
        ('research', '0001_initial'),
        ('surveys', '0002_deeper_surveys'),
        ('trainings', '0002_words_that_are_searched'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AudiencePage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('summary', models.CharField(max_length=300, verbose_name='in one or two sentences')),
                ('body', partners.html.RichTextField(blank=True, verbose_name='text')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('published', 'published')], default='draft', max_length=9, verbose_name='state')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='short name')),
                ('audience', models.CharField(help_text='Such as business', max_length=80, verbose_name='who it is for')),
            ],
            options={
                'verbose_name': 'page for an audience',
                'verbose_name_plural': 'pages for audiences',
                'ordering': ['order', 'title'],
            },
        ),
        migrations.CreateModel(
            name='Explainer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('summary', models.CharField(max_length=300, verbose_name='in one or two sentences')),
                ('body', partners.html.RichTextField(blank=True, verbose_name='text')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('published', 'published')], default='draft', max_length=9, verbose_name='state')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('slug', models.SlugField(max_length=120, unique=True, validators=[django.core.validators.RegexValidator('^feed$', inverse_match=True)], verbose_name='short name')),
                ('search', partners.searching.SearchWords(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left('title', 100000), config='english', weight='A'), '||', django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left('summary', 100000), config='english', weight='B'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left('body', 100000), config='english', weight='C'), django.contrib.postgres.search.SearchConfig('english')), output_field=partners.searching.UnreadWords())),
            ],
            options={
                'verbose_name': 'explanation',
                'verbose_name_plural': 'explanations',
                'ordering': ['order', 'title'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalAudiencePage',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('summary', models.CharField(max_length=300, verbose_name='in one or two sentences')),
                ('body', partners.html.RichTextField(blank=True, verbose_name='text')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('published', 'published')], default='draft', max_length=9, verbose_name='state')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='changed')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('slug', models.SlugField(max_length=60, verbose_name='short name')),
                ('audience', models.CharField(help_text='Such as business', max_length=80, verbose_name='who it is for')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical page for an audience',
                'verbose_name_plural': 'historical pages for audiences',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalExplainer',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('summary', models.CharField(max_length=300, verbose_name='in one or two sentences')),
                ('body', partners.html.RichTextField(blank=True, verbose_name='text')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('published', 'published')], default='draft', max_length=9, verbose_name='state')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='changed')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('slug', models.SlugField(max_length=120, validators=[django.core.validators.RegexValidator('^feed$', inverse_match=True)], verbose_name='short name')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical explanation',
                'verbose_name_plural': 'historical explanations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalWorkerProfile',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('scope', models.CharField(choices=[('public', 'publish it with the name given here'), ('anonymous', 'publish it without a name or a place'), ('lawmakers', 'show it to lawmakers only, not to the public')], default='anonymous', max_length=10, verbose_name='what they allow')),
                ('scope_text', models.TextField(help_text='As they read it or heard it. It stays as the proof of what they allowed.', verbose_name='consent in the words they agreed to')),
                ('consented_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='consent given')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='written down')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('published', 'published'), ('withdrawn', 'withdrawn by its author')], default='draft', max_length=9, verbose_name='state')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                ('withdrawal_proof', models.CharField(blank=True, help_text='Digest of the erased text.', max_length=64, verbose_name='proof of the withdrawal')),
                ('slug', models.SlugField(max_length=120, verbose_name='short name')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical worker profile',
                'verbose_name_plural': 'historical worker profiles',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalWorkerVoice',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('scope', models.CharField(choices=[('public', 'publish it with the name given here'), ('anonymous', 'publish it without a name or a place'), ('lawmakers', 'show it to lawmakers only, not to the public')], default='anonymous', max_length=10, verbose_name='what they allow')),
                ('scope_text', models.TextField(help_text='As they read it or heard it. It stays as the proof of what they allowed.', verbose_name='consent in the words they agreed to')),
                ('consented_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='consent given')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='written down')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('published', 'published'), ('withdrawn', 'withdrawn by its author')], default='draft', max_length=9, verbose_name='state')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                ('withdrawal_proof', models.CharField(blank=True, help_text='Digest of the erased text.', max_length=64, verbose_name='proof of the withdrawal')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': "historical worker's voice",
                'verbose_name_plural': "historical workers' voices",
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='ReportEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.CharField(blank=True, help_text='Such as release, or webinar', max_length=120, verbose_name='what happens there')),
            ],
            options={
                'verbose_name': 'report at an event',
                'verbose_name_plural': 'reports at events',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='WorkerProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(choices=[('public', 'publish it with the name given here'), ('anonymous', 'publish it without a name or a place'), ('lawmakers', 'show it to lawmakers only, not to the public')], default='anonymous', max_length=10, verbose_name='what they allow')),
                ('scope_text', models.TextField(help_text='As they read it or heard it. It stays as the proof of what they allowed.', verbose_name='consent in the words they agreed to')),
                ('consented_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='consent given')),
                ('email', models.EmailField(blank=True, help_text='Never published. The link by which they withdraw goes there when it is published.', max_length=254, verbose_name='their e-mail address')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='written down')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('published', 'published'), ('withdrawn', 'withdrawn by its author')], default='draft', max_length=9, verbose_name='state')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                ('withdrawal_proof', models.CharField(blank=True, help_text='Digest of the erased text.', max_length=64, verbose_name='proof of the withdrawal')),
                ('name', models.CharField(blank=True, help_text='As they wish to be named on the site.', max_length=120, verbose_name='name')),
                ('slug', models.SlugField(max_length=120, unique=True, verbose_name='short name')),
                ('role', models.CharField(blank=True, max_length=120, verbose_name='role')),
                ('city', models.CharField(blank=True, max_length=80, verbose_name='city')),
                ('summary', models.CharField(blank=True, max_length=300, verbose_name='in one sentence')),
                ('skill', models.TextField(blank=True, help_text='What they do that not everybody could do.', verbose_name='the skill')),
                ('training', models.TextField(blank=True, help_text='How they learned it, and how long it took.', verbose_name='the training')),
                ('result', models.TextField(blank=True, help_text="For whom, and how we know. No client's name or health.", verbose_name='what it changed')),
                ('quote', models.CharField(blank=True, max_length=300, verbose_name='in their own words')),
                ('search', partners.searching.SearchWords(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left('name', 100000), config='english', weight='A'), '||', django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left('role', 100000), config='english', weight='B'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left('summary', 100000), config='english', weight='B'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left('skill', 100000), config='english', weight='C'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left('training', 100000), config='english', weight='C'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left('result', 100000), config='english', weight='C'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left('quote', 100000), config='english', weight='C'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector(django.db.models.functions.text.Left('city', 100000), config='english', weight='C'), django.contrib.postgres.search.SearchConfig('english')), output_field=partners.searching.UnreadWords())),
            ],
            options={
                'verbose_name': 'worker profile',
                'verbose_name_plural': 'worker profiles',
                'ordering': ['-published_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='WorkerVoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(choices=[('public', 'publish it with the name given here'), ('anonymous', 'publish it without a name or a place'), ('lawmakers', 'show it to lawmakers only, not to the public')], default='anonymous', max_length=10, verbose_name='what they allow')),
                ('scope_text', models.TextField(help_text='As they read it or heard it. It stays as the proof of what they allowed.', verbose_name='consent in the words they agreed to')),
                ('consented_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='consent given')),
                ('email', models.EmailField(blank=True, help_text='Never published. The link by which they withdraw goes there when it is published.', max_length=254, verbose_name='their e-mail address')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='written down')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('published', 'published'), ('withdrawn', 'withdrawn by its author')], default='draft', max_length=9, verbose_name='state')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                ('withdrawal_proof', models.CharField(blank=True, help_text='Digest of the erased text.', max_length=64, verbose_name='proof of the withdrawal')),
                ('quote', models.TextField(blank=True, max_length=600, verbose_name='what they told us')),
                ('first_name', models.CharField(blank=True, help_text='Empty for somebody who wants no name.', max_length=60, verbose_name='first name')),
                ('role', models.CharField(blank=True, help_text='Such as youth counselor', max_length=120, verbose_name='role')),
                ('place', models.CharField(blank=True, max_length=80, verbose_name='town or county')),
                ('background', models.CharField(blank=True, help_text='In their own words, if they wish. Never published: it tells us whose voices we hear.', max_length=200, verbose_name='how they describe themselves')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
            ],
            options={
                'verbose_name': "worker's voice",
                'verbose_name_plural': "workers' voices",
                'ordering': ['order', 'id'],
            },
        ),
        migrations.AddField(
            model_name='calltoaction',
            name='is_standing',
            field=models.BooleanField(db_default=False, default=False, help_text='For one call of the kind “share your story”: it has no deadline and stands on no list.', verbose_name='takes stories at any time'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='reports',
            field=models.ManyToManyField(blank=True, related_name='campaigns', to='research.report', verbose_name='reports'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='toolkits',
            field=models.ManyToManyField(blank=True, related_name='campaigns', to='research.toolkit', verbose_name='toolkits'),
        ),
        migrations.AddField(
            model_name='priority',
            name='fact_sheet',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='priorities', to='research.factsheet', verbose_name='fact sheet'),
        ),
        migrations.AddField(
            model_name='priority',
            name='no_voice_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='said by'),
        ),
        migrations.AddField(
            model_name='priority',
            name='reports',
            field=models.ManyToManyField(blank=True, related_name='priorities', to='research.report', verbose_name='reports'),
        ),
        migrations.AddField(
            model_name='story',
            name='reports',
            field=models.ManyToManyField(blank=True, related_name='stories', to='research.report', verbose_name='reports behind it'),
        ),
        migrations.AddField(
            model_name='historicalcalltoaction',
            name='is_standing',
            field=models.BooleanField(db_default=False, default=False, help_text='For one call of the kind “share your story”: it has no deadline and stands on no list.', verbose_name='takes stories at any time'),
        ),
        migrations.AddField(
            model_name='priority',
            name='no_voice_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='said'),
        ),
        migrations.AddField(
            model_name='priority',
            name='no_voice_reason',
            field=models.CharField(blank=True, db_default='', max_length=300, verbose_name="why it has no worker's voice"),
        ),
        migrations.AlterField(
            model_name='calltoaction',
            name='slug',
            field=models.SlugField(max_length=120, unique=True, validators=[django.core.validators.RegexValidator('^(feed|confirm|issues|people|share)$', 'This short name is an address of the portal itself. Choose another.', code='reserved', inverse_match=True)], verbose_name='short name'),
        ),
        migrations.AlterField(
            model_name='historicalcalltoaction',
            name='slug',
            field=models.SlugField(max_length=120, validators=[django.core.validators.RegexValidator('^(feed|confirm|issues|people|share)$', 'This short name is an address of the portal itself. Choose another.', code='reserved', inverse_match=True)], verbose_name='short name'),
        ),
        migrations.AlterField(
            model_name='historicalstory',
            name='slug',
            field=models.SlugField(max_length=120, validators=[django.core.validators.RegexValidator('^(feed|confirm|issues|people|share)$', 'This short name is an address of the portal itself. Choose another.', code='reserved', inverse_match=True)], verbose_name='short name'),
        ),
        migrations.AlterField(
            model_name='story',
            name='slug',
            field=models.SlugField(max_length=120, unique=True, validators=[django.core.validators.RegexValidator('^(feed|confirm|issues|people|share)$', 'This short name is an address of the portal itself. Choose another.', code='reserved', inverse_match=True)], verbose_name='short name'),
        ),
        migrations.AddConstraint(
            model_name='calltoaction',
            constraint=models.CheckConstraint(condition=models.Q(('is_standing', False), models.Q(('audience', 'everyone'), ('kind', 'story')), _connector='OR'), name='cta_standing_takes_stories'),
        ),
        migrations.AddConstraint(
            model_name='calltoaction',
            constraint=models.UniqueConstraint(condition=models.Q(('is_standing', True), ('status__in', ['draft', 'published'])), fields=('is_standing',), name='cta_one_standing'),
        ),
        migrations.AddConstraint(
            model_name='priority',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('no_voice_at__isnull', True), ('no_voice_reason', '')), models.Q(models.Q(('no_voice_reason', ''), _negated=True), ('no_voice_at__isnull', False)), _connector='OR'), name='priority_reason_has_moment'),
        ),
        migrations.AddField(
            model_name='audiencepage',
            name='fact_sheets',
            field=models.ManyToManyField(blank=True, related_name='audience_pages', to='research.factsheet', verbose_name='fact sheets'),
        ),
        migrations.AddField(
            model_name='audiencepage',
            name='findings',
            field=models.ManyToManyField(blank=True, related_name='audience_pages', to='research.finding', verbose_name='findings'),
        ),
        migrations.AddField(
            model_name='audiencepage',
            name='reports',
            field=models.ManyToManyField(blank=True, related_name='audience_pages', to='research.report', verbose_name='reports'),
        ),
        migrations.AddField(
            model_name='audiencepage',
            name='stories',
            field=models.ManyToManyField(blank=True, related_name='audience_pages', to='campaigns.story', verbose_name='stories'),
        ),
        migrations.AddField(
            model_name='explainer',
            name='call_to_action',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='explainers', to='campaigns.calltoaction', verbose_name='its call to action'),
        ),
        migrations.AddField(
            model_name='explainer',
            name='reports',
            field=models.ManyToManyField(blank=True, related_name='explainers', to='research.report', verbose_name='reports'),
        ),
        migrations.AddField(
            model_name='historicalaudiencepage',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalexplainer',
            name='call_to_action',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.calltoaction', verbose_name='its call to action'),
        ),
        migrations.AddField(
            model_name='historicalexplainer',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalworkerprofile',
            name='entered_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written down by'),
        ),
        migrations.AddField(
            model_name='historicalworkerprofile',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalworkerprofile',
            name='organization',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partners.organization', verbose_name='organization'),
        ),
        migrations.AddField(
            model_name='historicalworkervoice',
            name='entered_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written down by'),
        ),
        migrations.AddField(
            model_name='historicalworkervoice',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalworkervoice',
            name='priority',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaigns.priority', verbose_name='priority it is about'),
        ),
        migrations.AddField(
            model_name='historicalworkervoice',
            name='sub_sector',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partners.subsector', verbose_name='sub-sector they work in'),
        ),
        migrations.AddField(
            model_name='reportevent',
            name='event',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='report_events', to='meetings.event', verbose_name='event'),
        ),
        migrations.AddField(
            model_name='reportevent',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='report_events', to='research.report', verbose_name='report'),
        ),
        migrations.AddField(
            model_name='reportevent',
            name='session',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='report_events', to='trainings.session', verbose_name='training session'),
        ),
        migrations.AddField(
            model_name='workerprofile',
            name='entered_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written down by'),
        ),
        migrations.AddField(
            model_name='workerprofile',
            name='organization',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='worker_profiles', to='partners.organization', verbose_name='organization'),
        ),
        migrations.AddField(
            model_name='workervoice',
            name='entered_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written down by'),
        ),
        migrations.AddField(
            model_name='workervoice',
            name='priority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voices', to='campaigns.priority', verbose_name='priority it is about'),
        ),
        migrations.AddField(
            model_name='workervoice',
            name='sub_sector',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='partners.subsector', verbose_name='sub-sector they work in'),
        ),
        migrations.AddConstraint(
            model_name='audiencepage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='audience_page_public_has_time'),
        ),
        migrations.AddIndex(
            model_name='explainer',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='explainer_search'),
        ),
        migrations.AddConstraint(
            model_name='explainer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), models.Q(('published_at__isnull', False), models.Q(('body', ''), _negated=True)), _connector='OR'), name='explainer_public_has_text'),
        ),
        migrations.AddConstraint(
            model_name='reportevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('event__isnull', False), ('session__isnull', True)), models.Q(('event__isnull', True), ('session__isnull', False)), _connector='OR'), name='report_event_is_one_occasion', violation_error_message='Choose an event or a training session, not both.'),
        ),
        migrations.AddConstraint(
            model_name='reportevent',
            constraint=models.UniqueConstraint(fields=('report', 'event'), name='report_at_event_once'),
        ),
        migrations.AddConstraint(
            model_name='reportevent',
            constraint=models.UniqueConstraint(fields=('report', 'session'), name='report_at_session_once'),
        ),
        migrations.AddIndex(
            model_name='workerprofile',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='workerprofile_search'),
        ),
        migrations.AddConstraint(
            model_name='workerprofile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('organization__isnull', True), ('withdrawn_at__isnull', False), ('city', ''), ('email', ''), ('name', ''), ('quote', ''), ('result', ''), ('role', ''), ('skill', ''), ('summary', ''), ('training', ''), models.Q(('withdrawal_proof', ''), _negated=True)), _connector='OR'), name='worker_profile_withdrawn_is_erased'),
        ),
        migrations.AddConstraint(
            model_name='workerprofile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), models.Q(('published_at__isnull', False), models.Q(('name', ''), _negated=True), models.Q(('skill', ''), _negated=True)), _connector='OR'), name='worker_profile_published_is_whole'),
        ),
        migrations.AddIndex(
            model_name='workervoice',
            index=models.Index(fields=['priority', 'state'], name='voice_of_priority'),
        ),
        migrations.AddConstraint(
            model_name='workervoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('first_name', ''), ('place', ''), ('quote', ''), ('role', ''), ('withdrawn_at__isnull', False), ('background', ''), ('email', ''), models.Q(('withdrawal_proof', ''), _negated=True)), _connector='OR'), name='voice_withdrawn_is_erased'),
        ),
        migrations.AddConstraint(
            model_name='workervoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), models.Q(('published_at__isnull', False), models.Q(('quote', ''), _negated=True)), _connector='OR'), name='voice_published_has_words'),
        ),
    ]
