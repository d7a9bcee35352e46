"""A message to many: what it says, the recipients' rows, and the batches in which workers send them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from mailing.models.consent import Topic
from mailing.querysets import BatchQuerySet, DeliveryQuerySet, MailingQuerySet

# Raised when a change would make older workers send a mailing wrongly; they leave newer mailings alone.
ENGINE_FORMAT = 2


class Mailing(models.Model):
    """A compiled message on its way. What it says stands in its contents and never changes once approved."""

    class State(models.TextChoices):
        READY = "ready", _("ready")
        SENDING = "sending", _("sending")
        PAUSED = "paused", _("paused")
        DONE = "done", _("sent")
        CANCELLED = "cancelled", _("cancelled")
        EXPIRED = "expired", _("expired")

    class PauseReason(models.TextChoices):
        STAFF = "staff", _("staff paused it")
        RELAY = "relay", _("no mail server answers; it goes on by itself")
        RESTORED = "restored", _("the database was restored; staff decide")

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="mailings", verbose_name=_("topic"))
    name = models.CharField(_("name"), max_length=200)
    from_header = models.CharField(_("from"), max_length=320)
    reply_to = models.CharField(_("reply to"), max_length=320, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.READY)
    pause_reason = models.CharField(
        _("why paused"), max_length=10, choices=PauseReason.choices, blank=True, db_default="", default=""
    )
    engine_format = models.PositiveSmallIntegerField(default=ENGINE_FORMAT, db_default=1, editable=False)
    standing = models.BooleanField(
        _("takes new recipients for good"),
        default=False,
        db_default=False,
        help_text=_("A step of a series: it is never done, recipients are added as their time comes."),
    )
    rate_per_minute = models.PositiveIntegerField(
        _("at most so many a minute"),
        null=True,
        blank=True,
        help_text=_("Empty: as fast as the relay takes."),
    )
    in_recipients_window = models.BooleanField(
        _("in each recipient's own time of day"), default=False, db_default=False
    )
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
            models.CheckConstraint(
                condition=models.Q(state="paused") | models.Q(pause_reason=""),
                name="mailing_paused_has_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["send_at"], condition=models.Q(state__in=["ready", "sending"]), name="mailing_due"
            )
        ]

    def __str__(self) -> str:
        return self.name


class MailingContent(models.Model):
    """What a mailing says in one language and one variant: fixed text with slots, as `mailing.composing.compile` writes them.

    `{{first_name}}` is filled from `Delivery.slots`, `{{first_name|Friend}}` with "Friend" where it is empty,
    and `{{link:7}}` with the signed address of the mailing's link 7.
    """

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        SPANISH = "es", _("Spanish")

    class Variant(models.TextChoices):
        A = "A", _("variant A")
        B = "B", _("variant B")

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="contents", verbose_name=_("mailing"))
    variant = models.CharField(_("variant"), max_length=1, choices=Variant.choices, default=Variant.A)
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.ENGLISH
    )
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("text part"))
    html = models.TextField(_("HTML part"))

    class Meta:
        verbose_name = _("content of a mailing")
        verbose_name_plural = _("contents of mailings")
        ordering = ["mailing", "variant", "language"]
        constraints = [
            models.UniqueConstraint(fields=["mailing", "variant", "language"], name="content_once")
        ]

    def __str__(self) -> str:
        return self.subject


class Batch(models.Model):
    """Some hundred recipients of one mailing, which one worker sends in one go, in the order of their numbers.

    The row is fence, lease, pause switch and write-ahead mark in one. While a worker has it, rows with a number
    up to `cursor` are handed over (accepted, unless `exceptions` says otherwise), rows up to `window_end` may be
    with the mail server at this moment, and the rest has not been begun.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        DONE = "done", _("done")

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="batches", verbose_name=_("mailing"))
    # Empty while the variant is not decided yet: the remainder of an A/B test. Such a batch is not sent.
    variant = models.CharField(_("variant"), max_length=1, blank=True, default="A")
    # Set where the recipients' domain has a limit of its own: then all of the batch go to this domain.
    domain = models.CharField(_("domain"), max_length=255, blank=True, default="")
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    not_before = models.DateTimeField(_("not before"), db_default=Now())
    lease = models.UUIDField(_("lease"), null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True, editable=False)
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    cursor = models.BigIntegerField(default=0, db_default=0)
    window_end = models.BigIntegerField(default=0, db_default=0)
    # What this turn found that is not "accepted": [[number, state, answer, next attempt or null, attempts], …].
    exceptions = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    # Numbers of rows that somebody took back after the batch was claimed: unsubscribed, suppressed, erased.
    withdrawn = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    # How many of its rows are in which state, kept with every change, so that nobody counts millions.
    tally = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="sending")
                | models.Q(lease__isnull=False, lease_until__isnull=False, claimed_at__isnull=False),
                name="batch_sending_has_lease",
            ),
            models.CheckConstraint(
                condition=models.Q(window_end__gte=models.F("cursor")), name="batch_window_after_cursor"
            ),
        ]
        indexes = [
            # In the order in which they are claimed, so that a claim reads one entry of thousands.
            models.Index(
                fields=["mailing", "not_before", "id"],
                condition=models.Q(state="waiting"),
                name="batch_to_send",
            ),
            # Not by the lease's end, which every window moves: so the fence touches no index.
            models.Index(fields=["mailing"], condition=models.Q(state="sending"), name="batch_in_flight"),
        ]

    def __str__(self) -> str:
        return f"{self.mailing_id}/{self.pk}: {self.get_state_display()}"


class Delivery(models.Model):
    """One recipient's row of one mailing: who, what fills the slots, and how it went.

    pending → accepted | deferred | failed | suppressed | unknown; `delivered`, `bounced` and `complained` come
    later, from the receiving side. While its batch is being sent, a row stays pending; the batch knows more.

    No index names `state` or `accepted_at`: so an update stays on its page and touches no index (PostgreSQL's
    heap-only tuples, for which the table keeps half of each page free).
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        ACCEPTED = "accepted", _("accepted by the mail server")
        DEFERRED = "deferred", _("to be tried again")
        FAILED = "failed", _("refused")
        SUPPRESSED = "suppressed", _("not sent: unsubscribed, paused or suppressed")
        SUMMARIZED = "summarized", _("goes into the person's weekly summary")
        UNKNOWN = "unknown", _("unknown: may have been sent, will not be sent again by itself")
        DELIVERED = "delivered", _("delivered")
        BOUNCED = "bounced", _("bounced")
        COMPLAINED = "complained", _("reported as spam")
        CANCELLED = "cancelled", _("cancelled before it was sent")

    # No foreign keys in the database and no more indexes than needed: a million rows are written in one go, and a
    # million checks would take longer than the rest. One function writes rows with their batches, under the lock
    # of their mailing. The mailing needs no index of its own: `delivery_once_per_recipient` begins with it.
    mailing = models.ForeignKey(
        Mailing,
        models.CASCADE,
        related_name="deliveries",
        db_constraint=False,
        db_index=False,
        verbose_name=_("mailing"),
    )
    batch = models.ForeignKey(
        Batch, models.DO_NOTHING, related_name="deliveries", db_constraint=False, verbose_name=_("batch")
    )
    recipient = models.BigIntegerField(
        _("recipient"), null=True, blank=True, help_text=_("The caller's own number for the person.")
    )
    party = models.BigIntegerField(
        _("party"), null=True, blank=True, help_text=_("The caller's own number for whom the person stands.")
    )
    email = models.EmailField(_("e-mail address"), max_length=254)
    address_hash = models.CharField(max_length=64, editable=False)
    language = models.CharField(_("language"), max_length=2, default="en", db_default="en")
    slots = models.JSONField(_("personal parts"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    response = models.CharField(_("mail server's answer"), max_length=500, blank=True, db_default="")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["id"]
        constraints = [
            # The mailing first: so the index of a new mailing grows at its end. All mail of an address is found over
            # it too, a step for each mailing (PostgreSQL 18 skips from one to the next).
            models.UniqueConstraint(fields=["mailing", "address_hash"], name="delivery_once_per_address"),
            # Rows without a number do not count as the same recipient.
            models.UniqueConstraint(fields=["mailing", "recipient"], name="delivery_once_per_recipient"),
            models.CheckConstraint(
                condition=~models.Q(state="accepted") | models.Q(accepted_at__isnull=False),
                name="delivery_accepted_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="deferred") | models.Q(next_attempt_at__isnull=False),
                name="delivery_deferred_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.get_state_display()}"


class DeliveryEvent(models.Model):
    """What became of a message after our mail server took it, or what a person decided about it. Never changed.

    `event_id` is the provider's own, or a digest of the report where it has none: a report that comes twice is
    one row.
    """

    class Kind(models.TextChoices):
        DELIVERED = "delivered", _("delivered")
        DEFERRED = "deferred", _("delayed on the way")
        BOUNCED = "bounced", _("bounced")
        SOFT_BOUNCED = "soft_bounced", _("bounced for now")
        COMPLAINED = "complained", _("reported as spam")
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed at the provider")
        REJECTED = "rejected", _("refused by the provider")
        COUNTED = "counted", _("staff count it as sent")
        RESENT = "resent", _("staff had it sent again")
        LIFTED = "lifted", _("staff let the address get mail again")

    provider = models.CharField(_("reported by"), max_length=40)
    event_id = models.CharField(_("the provider's number"), max_length=200)
    kind = models.CharField(_("what happened"), max_length=12, choices=Kind.choices)
    delivery = models.ForeignKey(
        Delivery,
        models.CASCADE,
        related_name="events",
        null=True,
        blank=True,
        verbose_name=_("delivery"),
    )
    address_hash = models.CharField(max_length=64, blank=True, editable=False)
    message_id = models.CharField(_("message ID"), max_length=250, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    happened_at = models.DateTimeField(_("happened"))
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    by = models.CharField(_("by"), max_length=254, blank=True)

    class Meta:
        verbose_name = _("delivery event")
        verbose_name_plural = _("delivery events")
        ordering = ["-happened_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="event_once_per_provider")
        ]
        indexes = [
            models.Index(fields=["address_hash", "kind"], name="event_address"),
            models.Index(fields=["kind", "-happened_at"], name="event_kind_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.provider})"
