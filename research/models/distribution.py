"""How a report gets to its readers: the plan by channel, and the announcements that go out by our own mail."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from mailing.models import Mailing, Topic
from partners.gatherings.sources import CODE
from partners.html import RichTextField
from partners.models import User
from research.querysets.distribution import AnnouncementQuerySet, DistributionStepQuerySet


class DistributionStep(models.Model):
    """One thing we do so that a report is read: through which channel, for whom, by when, and what came of it."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        PARTNERS = "partners", _("partners")
        LEGISLATORS = "legislators", _("legislators")
        MEDIA = "media", _("media")
        SOCIAL = "social", _("social media")
        WEBINAR = "webinar", _("webinar")
        EVENT = "event", _("event")
        PRINT = "print", _("print")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    report = models.ForeignKey(
        "research.Report", models.CASCADE, related_name="distribution", verbose_name=_("report")
    )
    channel = models.CharField(_("channel"), max_length=11, choices=Channel.choices)
    audience = models.CharField(
        _("for whom"), max_length=200, help_text=_("Such as “members of the appropriations committees”.")
    )
    planned_on = models.DateField(_("planned for"))
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who looks after it")
    )
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.PLANNED)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    sent_count = models.PositiveIntegerField(
        _("sent or handed out"),
        null=True,
        blank=True,
        help_text=_("How many we wrote to, invited or gave it to. Our own mail is counted by itself."),
    )
    source_code = models.CharField(
        _("source code of its links"),
        max_length=60,
        blank=True,
        validators=[
            RegexValidator(
                rf"^{CODE.pattern}\Z", _("Use letters, digits, dots, underscores and hyphens."), "invalid"
            )
        ],
        help_text=_("Such as rates-media-june, of no other link: it tells us what this step brought."),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)

    history = HistoricalRecords()
    objects = DistributionStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("distribution step")
        verbose_name_plural = _("distribution plan")
        ordering = ["planned_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False)
                | (~Q(state="done") & Q(done_on__isnull=True)),
                name="distribution_done_has_day",
            ),
            models.CheckConstraint(
                condition=Q(state="done") | Q(sent_count__isnull=True), name="distribution_sent_when_done"
            ),
            # Two steps with one code would each get what the other brought.
            models.UniqueConstraint(
                fields=["source_code"],
                condition=~Q(source_code=""),
                name="distribution_source_code_once",
                violation_error_message=_("Another step has this source code. Choose another."),
            ),
        ]
        indexes = [models.Index(fields=["state", "planned_on"], name="distribution_plan")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.audience}"


class Announcement(models.Model):
    """The message of a distribution step that our own mail sends; `mailing` says what became of it.

    It goes out once, when somebody sends it or at `send_at`: who gets it is decided in that moment. What could not
    go out at its time is held, and says why.
    """

    class Readers(models.TextChoices):
        SUBSCRIBERS = "subscribers", _("everybody who subscribed to the topic")
        CONTACTS = "contacts", _("primary contacts of active partners")

    step = models.OneToOneField(
        DistributionStep, models.CASCADE, related_name="announcement", verbose_name=_("distribution step")
    )
    readers = models.CharField(_("who gets it"), max_length=11, choices=Readers.choices)
    topic = models.ForeignKey(
        Topic,
        models.PROTECT,
        related_name="+",
        verbose_name=_("topic"),
        help_text=_(
            "What people unsubscribe from. Who said no to this topic gets nothing, partners included."
        ),
    )
    subject = models.CharField(_("subject"), max_length=150)
    body = RichTextField(_("text"))
    written_at = models.DateTimeField(_("last changed"))
    written_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("last changed by")
    )
    send_at = models.DateTimeField(_("goes out"), null=True, blank=True)
    send_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("scheduled by")
    )
    held_because = models.CharField(_("why it did not go out"), max_length=400, blank=True)
    mailing = models.OneToOneField(
        Mailing, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("mailing")
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    sent_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("sent by")
    )

    history = HistoricalRecords()
    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        permissions = (("send_announcement", _("Can send announcements of reports")),)
        constraints = [
            models.CheckConstraint(
                condition=Q(mailing__isnull=True, sent_at__isnull=True)
                | Q(mailing__isnull=False, sent_at__isnull=False),
                name="announcement_sent_has_mailing",
            ),
            models.CheckConstraint(
                condition=Q(held_because="") | Q(send_at__isnull=False, mailing__isnull=True),
                name="announcement_held_was_scheduled",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_scheduled(self) -> bool:
        """Whether it goes out by itself; not once it was sent, nor while it is held."""
        return self.send_at is not None and self.mailing_id is None and not self.held_because
