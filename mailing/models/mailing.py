"""A message to many, and one row for each of the people it goes to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mailing.models.consent import Topic
from mailing.querysets import DeliveryQuerySet, MailingQuerySet


class Mailing(models.Model):
    """A compiled message: fixed text with slots. Its content never changes once it is sending.

    `subject`, `text` and `html` hold slots as `mailing.compile` writes them: `{{first_name}}` is filled from
    `Delivery.slots`, `{{link:7}}` with the signed address of the mailing's link 7.
    """

    class State(models.TextChoices):
        READY = "ready", _("ready")
        SENDING = "sending", _("sending")
        PAUSED = "paused", _("paused")
        DONE = "done", _("sent")
        CANCELLED = "cancelled", _("cancelled")
        EXPIRED = "expired", _("expired")

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="mailings", verbose_name=_("topic"))
    name = models.CharField(_("name"), max_length=200)
    subject = models.CharField(_("subject"), max_length=200)
    from_header = models.CharField(_("from"), max_length=320)
    reply_to = models.CharField(_("reply to"), max_length=320, blank=True)
    text = models.TextField(_("text part"))
    html = models.TextField(_("HTML part"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.READY)
    send_at = models.DateTimeField(_("send at"))
    expires_at = models.DateTimeField(
        _("not after"), null=True, blank=True, help_text=_("Nothing goes out after this moment.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__isnull=True)
                | models.Q(expires_at__gt=models.F("send_at"))
                | models.Q(state__in=["expired", "cancelled"]),
                name="mailing_expires_after_send",
            ),
        ]
        indexes = [
            models.Index(
                fields=["send_at"], condition=models.Q(state__in=["ready", "sending"]), name="mailing_due"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One recipient's row of one mailing: who, what fills the slots, and how it went.

    pending → claimed → sending → accepted | deferred | failed | suppressed | unknown;
    `delivered`, `bounced` and `complained` come later, from the receiving side.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        CLAIMED = "claimed", _("taken by a worker")
        SENDING = "sending", _("being handed over")
        ACCEPTED = "accepted", _("accepted by the mail server")
        DEFERRED = "deferred", _("to be tried again")
        FAILED = "failed", _("refused")
        SUPPRESSED = "suppressed", _("not sent: unsubscribed or suppressed")
        UNKNOWN = "unknown", _("unknown: may have been sent, will not be sent again")
        DELIVERED = "delivered", _("delivered")
        BOUNCED = "bounced", _("bounced")
        COMPLAINED = "complained", _("reported as spam")
        CANCELLED = "cancelled", _("cancelled before it was sent")

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="deliveries", verbose_name=_("mailing"))
    recipient = models.BigIntegerField(
        _("recipient"), null=True, blank=True, help_text=_("The caller's own number for the person.")
    )
    email = models.EmailField(_("e-mail address"), max_length=254)
    address_hash = models.CharField(max_length=64, editable=False)
    slots = models.JSONField(_("personal parts"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    lease = models.UUIDField(_("lease"), null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    response = models.CharField(_("mail server's answer"), max_length=500, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["mailing", "address_hash"], name="delivery_once_per_address"),
            models.UniqueConstraint(
                fields=["mailing", "recipient"],
                condition=models.Q(recipient__isnull=False),
                name="delivery_once_per_recipient",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["claimed", "sending"])
                | models.Q(lease__isnull=False, lease_until__isnull=False),
                name="delivery_in_flight_has_lease",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="accepted") | models.Q(accepted_at__isnull=False),
                name="delivery_accepted_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["mailing", "id"],
                condition=models.Q(state__in=["pending", "deferred"]),
                name="delivery_to_send",
            ),
            models.Index(
                fields=["lease_until"],
                condition=models.Q(state__in=["claimed", "sending"]),
                name="delivery_in_flight",
            ),
            models.Index(fields=["address_hash"], name="delivery_address"),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.get_state_display()}"
