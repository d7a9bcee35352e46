"""An e-mail that asks an audience to act: what it says, to whom, how it goes out, and what it cost."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaigns.models.call_to_action import CallToAction
from campaigns.querysets import AlertQuerySet
from mailing.models import Mailing, MailingContent
from partners.html import RichTextField
from partners.models import User


class ActionAlert(models.Model):
    """What is said, about which call to action, to whom. Once it is sending, `mailing` holds the compiled copy.

    A reminder is an alert of its own, with `reminder_of` pointing to the alert whose people it reminds.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        WAITING = "waiting", _("waits for a second person's approval")
        SCHEDULED = "scheduled", _("scheduled")
        SENDING = "sending", _("sending")
        PAUSED = "paused", _("paused")
        SENT = "sent", _("sent")
        CANCELLED = "cancelled", _("cancelled")
        EXPIRED = "expired", _("expired: the call to action closed, or its hearing was over, first")

    class Test(models.TextChoices):
        """What an A/B test compares."""

        NONE = "", _("no test: everybody gets the same")
        SUBJECT = "subject", _("two subjects")
        CONTENT = "content", _("two contents")

    class Lobbying(models.TextChoices):
        """How the tax law sees the message (26 CFR 56.4911-2 and -5)."""

        NONE = "none", _("not lobbying")
        DIRECT = "direct", _("direct lobbying")
        GRASSROOTS = "grassroots", _("grassroots lobbying")

    call_to_action = models.ForeignKey(
        CallToAction, models.PROTECT, related_name="alerts", verbose_name=_("call to action")
    )
    subject = models.CharField(
        _("subject"), max_length=150, help_text=_("May hold merge fields such as {{ first_name|Friend }}.")
    )
    subject_es = models.CharField(_("subject in Spanish"), max_length=150, blank=True)
    preheader = models.CharField(
        _("preheader"),
        max_length=150,
        blank=True,
        help_text=_("The line mail programs show after the subject."),
    )
    preheader_es = models.CharField(_("preheader in Spanish"), max_length=150, blank=True)

    # --- to whom
    rules = models.JSONField(
        _("audience"), default=dict, blank=True, help_text=_("A tree of conditions; see campaigns.audience.")
    )
    include_subscribers = models.BooleanField(
        _("also everyone who subscribed to action alerts"),
        default=False,
        help_text=_("People outside of partner organizations who confirmed that they want alerts."),
    )

    # --- how it goes out
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.DRAFT)
    send_at = models.DateTimeField(_("send at"), null=True, blank=True)
    in_recipients_window = models.BooleanField(
        _("in each recipient's own time of day"),
        default=False,
        help_text=_("People who chose a time of day on their preference page get it then, others at once."),
    )
    rate_per_minute = models.PositiveIntegerField(
        _("at most so many a minute"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: as fast as the mail server takes them."),
    )
    test = models.CharField(_("A/B test"), max_length=7, choices=Test.choices, blank=True)
    test_subject = models.CharField(_("subject of variant B"), max_length=150, blank=True)
    test_subject_es = models.CharField(_("subject of variant B in Spanish"), max_length=150, blank=True)
    test_percent = models.PositiveSmallIntegerField(
        _("share that takes part in the test, in percent"),
        default=20,
        validators=[MinValueValidator(2), MaxValueValidator(100)],
        help_text=_("Half of them get A, half B. The rest gets what brought more actions."),
    )
    test_hours = models.PositiveSmallIntegerField(
        _("hours until the test is judged"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(72)],
    )
    test_winner = models.CharField(
        _("variant that won"),
        max_length=1,
        choices=MailingContent.Variant.choices,
        blank=True,
        editable=False,
    )
    test_judged_at = models.DateTimeField(_("test judged"), null=True, blank=True, editable=False)
    # The numbers the decision rests on, as campaigns.services.ab_tests writes them: they stay when the rest goes out.
    test_result = models.JSONField(_("numbers of the test"), default=dict, blank=True, editable=False)
    reminder_days = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("reminders after days"),
        default=list,
        blank=True,
        help_text=_("Such as 3, 6: sent by itself to those who have not acted, while the call is open."),
    )
    reminder_of = models.ForeignKey(
        "self",
        models.CASCADE,
        related_name="reminders",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("reminder of"),
    )
    reminder_number = models.PositiveSmallIntegerField(
        _("which reminder"), null=True, blank=True, editable=False, help_text=_("1 for the first.")
    )
    reminders_stopped_at = models.DateTimeField(_("reminders stopped"), null=True, blank=True, editable=False)
    mailing = models.OneToOneField(
        Mailing,
        models.PROTECT,
        related_name="alert",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("mailing"),
    )

    # --- for the accountant
    lobbying = models.CharField(
        _("lobbying class"), max_length=10, choices=Lobbying.choices, default=Lobbying.NONE
    )
    staff_minutes = models.PositiveIntegerField(
        _("staff time in minutes"), default=0, help_text=_("Time that went into this alert.")
    )
    other_cost = models.DecimalField(
        _("other cost in dollars"),
        max_digits=9,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
    )

    # --- who did what
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )
    submitted_at = models.DateTimeField(_("submitted for approval"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("submitted by")
    )
    # What was submitted, words and audience: whoever approves approves exactly this.
    submitted_digest = models.CharField(max_length=64, blank=True, editable=False, default="", db_default="")
    approved_at = models.DateTimeField(_("approved for sending"), null=True, blank=True)
    approved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )

    history = HistoricalRecords()
    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("action alert")
        verbose_name_plural = _("action alerts")
        ordering = ["-created_at"]
        permissions = [("approve_actionalert", _("Can approve alerts that others wrote"))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "waiting", "cancelled"])
                | models.Q(mailing__isnull=False, approved_at__isnull=False),
                name="alert_on_its_way_has_mailing",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="waiting") | models.Q(submitted_at__isnull=False),
                name="alert_waiting_was_submitted",
            ),
            models.CheckConstraint(
                condition=models.Q(test_winner="") | models.Q(test_judged_at__isnull=False),
                name="alert_winner_was_judged",
            ),
            # Two runs of beat, or one that was cut off and began again, make one reminder.
            models.UniqueConstraint(fields=["reminder_of", "reminder_number"], name="alert_reminder_once"),
            models.CheckConstraint(
                condition=models.Q(reminder_of__isnull=True, reminder_number__isnull=True)
                | models.Q(reminder_of__isnull=False, reminder_number__isnull=False),
                name="alert_reminder_has_number",
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class AlertBlock(models.Model):
    """One part of an alert's message, from top to bottom. Which fields count depends on its kind."""

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        FACTS = "facts", _("facts")  # One fact a line in `text`: "$15 million | cut from child care".
        BUTTON = "button", _("button to the call to action")
        QUOTE = "quote", _("quote")  # `text`, and who said it in `label`.
        DIVIDER = "divider", _("dividing line")
        IMAGE = "image", _("picture")  # `url`, and what it shows in `label`.

    class Shown(models.TextChoices):
        BOTH = "", _("in both variants")
        A = "A", _("only in variant A")
        B = "B", _("only in variant B")

    alert = models.ForeignKey(ActionAlert, models.CASCADE, related_name="blocks", verbose_name=_("alert"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices, default=Kind.TEXT)
    text = RichTextField(_("text"), blank=True)
    text_es = RichTextField(_("text in Spanish"), blank=True)
    label = models.CharField(
        _("label"),
        max_length=160,
        blank=True,
        help_text=_("Words on the button, who is quoted, or what the picture shows."),
    )
    label_es = models.CharField(_("label in Spanish"), max_length=160, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True, help_text=_("Of the picture."))
    shown = models.CharField(_("shown"), max_length=1, choices=Shown.choices, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        ordering = ["alert", "order", "pk"]

    def __str__(self) -> str:
        return f"{self.order}. {self.get_kind_display()}"
