"""Paying by card on the card service's own page: the pages we opened, and what the service told us."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models import User
from trainings.models.money import Invoice
from trainings.money_querysets import PaymentEventQuerySet


class Checkout(models.Model):
    """A page at the card service on which one invoice can be paid. No card number ever comes here."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        PAID = "paid", _("paid")
        ENDED = "ended", _("ended without payment")

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="checkouts", verbose_name=_("invoice"))
    session_id = models.CharField(_("number at the card service"), max_length=120, unique=True)
    url = models.URLField(_("address"), max_length=1000)
    amount = models.DecimalField(_("amount"), max_digits=9, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="usd")
    state = models.CharField(_("state"), max_length=5, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(_("opened"))
    expires_at = models.DateTimeField(_("works until"))

    class Meta:
        verbose_name = _("card page")
        verbose_name_plural = _("card pages")
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="checkout_asks_for_something"),
            models.UniqueConstraint(
                fields=["invoice"], condition=models.Q(state="open"), name="checkout_open_once_per_invoice"
            ),
        ]

    def __str__(self) -> str:
        return self.session_id


class PaymentEvent(models.Model):
    """One message of the card service, kept by its number: the same message a second time changes nothing."""

    class Outcome(models.TextChoices):
        HANDLED = "handled", _("handled")
        IGNORED = "ignored", _("does not concern us")
        # A refund may be told before the payment it belongs to.
        WAITING = "waiting", _("waits for its payment")
        TROUBLE = "trouble", _("needs a person")

    event_id = models.CharField(_("number at the card service"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=80)
    invoice = models.ForeignKey(
        Invoice,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="payment_events",
        verbose_name=_("invoice"),
    )
    payment_intent = models.CharField(_("payment at the card service"), max_length=120, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=11, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    note = models.CharField(_("what is the matter"), max_length=300, blank=True)
    received_at = models.DateTimeField(_("received"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("settled by")
    )

    objects = PaymentEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("message of the card service")
        verbose_name_plural = _("messages of the card service")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(
                fields=["payment_intent"],
                condition=models.Q(outcome="waiting"),
                name="payment_event_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.event_id
