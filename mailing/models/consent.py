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

    email = models.EmailField(_("e-mail address"), max_length=254)
    address_hash = models.CharField(max_length=64, editable=False)
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="subscriptions", verbose_name=_("topic"))
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


class Suppression(models.Model):
    """An address that must not get bulk mail, with the reason. Kept by hash, so that it outlives erasure."""

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", _("asked for no more mail")
        BOUNCED = "bounced", _("the mailbox does not exist")
        COMPLAINED = "complained", _("reported our mail as spam")
        STAFF = "staff", _("stopped by staff")

    address_hash = models.CharField(_("address hash"), max_length=64, unique=True)
    hint = models.CharField(
        _("address, shortened"), max_length=120, blank=True, help_text=_("Such as m…@example.org")
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.hint or self.address_hash[:12]
