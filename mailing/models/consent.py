"""What an address wants to receive, and what it must never receive."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mailing.querysets import SubscriptionQuerySet, SuppressionQuerySet, TopicQuerySet


class Topic(models.Model):
    """A kind of mail that people choose or refuse, such as action alerts or the Issue of the Week."""

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("what one gets"), max_length=300)
    is_public = models.BooleanField(
        _("open to everyone"), default=True, help_text=_("Offered on the public sign-up page.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Subscription(models.Model):
    """One address's word on one topic. Nobody is subscribed before they confirmed it from their mailbox."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for confirmation")
        SUBSCRIBED = "subscribed", _("subscribed")
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")

    class Frequency(models.TextChoices):
        EACH = "each", _("each message when it is sent")
        WEEKLY = "weekly", _("one summary a week")

    email = models.EmailField(_("e-mail address"), max_length=254)
    address_hash = models.CharField(max_length=64, editable=False)
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="subscriptions", verbose_name=_("topic"))
    frequency = models.CharField(
        _("how often"), max_length=6, choices=Frequency.choices, default=Frequency.EACH, db_default="each"
    )
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PENDING)
    consent_text = models.TextField(_("consent given"), blank=True)
    source = models.CharField(_("where from"), max_length=80, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    asked_at = models.DateTimeField(
        _("asked for"),
        null=True,
        blank=True,
        help_text=_("Somebody typed the address; the mailbox has not said yes."),
    )
    asked_by_mail_at = models.DateTimeField(_("confirmation mailed"), null=True, blank=True, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    unsubscribed_at = models.DateTimeField(_("unsubscribed"), null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(fields=["address_hash", "topic"], name="subscription_once_per_topic"),
            models.CheckConstraint(
                condition=~models.Q(state="subscribed") | models.Q(confirmed_at__isnull=False),
                name="subscription_confirmed_before_subscribed",
            ),
        ]
        indexes = [models.Index(fields=["topic", "state"], name="subscription_topic_state")]

    def __str__(self) -> str:
        return f"{self.email}: {self.topic}"


class Preference(models.Model):
    """How one address wants its mail, whatever the topic. An address without a row has said nothing."""

    class Hours(models.TextChoices):
        ANY = "", _("any time")
        MORNING = "morning", _("in the morning, 7 to 9")
        NOON = "noon", _("around noon, 11 to 1")
        EVENING = "evening", _("in the evening, 5 to 7")

    email = models.EmailField(_("e-mail address"), max_length=254)
    address_hash = models.CharField(max_length=64, unique=True, editable=False)
    language = models.CharField(
        _("language"), max_length=2, choices=[("en", _("English")), ("es", _("Spanish"))], blank=True
    )
    hours = models.CharField(_("time of day"), max_length=8, choices=Hours.choices, blank=True)
    paused_until = models.DateTimeField(_("no mail until"), null=True, blank=True)
    summary_sent_at = models.DateTimeField(_("last weekly summary"), null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("mail preference")
        verbose_name_plural = _("mail preferences")
        indexes = [models.Index(fields=["email"], name="preference_email")]

    def __str__(self) -> str:
        return self.email


class Suppression(models.Model):
    """An address that must not get bulk mail, with the reason. Kept by hash, so that it outlives erasure."""

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", _("asked for no more mail")
        BOUNCED = "bounced", _("the mailbox does not exist")
        COMPLAINED = "complained", _("reported our mail as spam")
        STAFF = "staff", _("stopped by staff")
        ERASED = "erased", _("asked to be forgotten")

    address_hash = models.CharField(_("address hash"), max_length=64, unique=True)
    hint = models.CharField(
        _("address, shortened"), max_length=120, blank=True, help_text=_("Such as m…@example.org")
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    reviewed_at = models.DateTimeField(
        _("reviewed"),
        null=True,
        blank=True,
        help_text=_("Staff looked at a bounce or complaint and kept it."),
    )
    reviewed_by = models.CharField(_("reviewed by"), max_length=254, blank=True, db_default="", default="")

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reviewed_at__isnull=True, reviewed_by="")
                | models.Q(reviewed_at__isnull=False) & ~models.Q(reviewed_by=""),
                name="suppression_review_complete",
            )
        ]

    def __str__(self) -> str:
        return self.hint or self.address_hash[:12]
