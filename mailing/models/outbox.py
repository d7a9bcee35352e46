"""Single messages that somebody's own act asked for: confirmations, invitations, password resets."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mailing.querysets import OutboxQuerySet


class OutboxMessage(models.Model):
    """One transactional message, written in the transaction that caused it, sent by the worker after it."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        SENDING = "sending", _("being handed over")
        SENT = "sent", _("accepted by the mail server")
        FAILED = "failed", _("refused")
        UNKNOWN = "unknown", _("unknown: may have been sent")
        EXPIRED = "expired", _("dropped: its time was over")

    class Precedence(models.IntegerChoices):
        """Lower goes first, whatever waits behind it."""

        ANSWER = 0, _("somebody waits for it")  # Password resets, confirmations, invitations.
        NOTICE = 1, _("news")  # Digests, notices to followers, weekly summaries.

    precedence = models.PositiveSmallIntegerField(
        _("precedence"), choices=Precedence.choices, default=Precedence.ANSWER, db_default=0
    )
    to = models.EmailField(_("to"), max_length=254)
    subject = models.CharField(_("subject"), max_length=300)
    message = models.BinaryField(_("message"), help_text=_("The whole message as it goes over the wire."))
    message_id = models.CharField(_("message ID"), max_length=200, unique=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"))
    expires_at = models.DateTimeField(
        _("worth sending until"),
        null=True,
        blank=True,
        help_text=_("After that it would mislead, as a reminder of a hearing that is over, and is not sent."),
    )
    lease = models.UUIDField(_("lease"), null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    response = models.CharField(_("mail server's answer"), max_length=500, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("single message")
        verbose_name_plural = _("single messages (outbox)")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="sending")
                | models.Q(lease__isnull=False, lease_until__isnull=False),
                name="outbox_sending_has_lease",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False),
                name="outbox_sent_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="expired") | models.Q(expires_at__isnull=False),
                name="outbox_expired_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["precedence", "next_attempt_at"],
                condition=models.Q(state__in=["pending", "sending"]),
                name="outbox_to_send",
            ),
            models.Index(
                fields=["state", "created_at"],
                condition=models.Q(state__in=["failed", "unknown", "expired"]),
                name="outbox_troubled",
            ),
            models.Index(fields=["to"], name="outbox_to"),
            models.Index(
                fields=["expires_at"],
                condition=models.Q(state="pending", expires_at__isnull=False),
                name="outbox_to_drop",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"
