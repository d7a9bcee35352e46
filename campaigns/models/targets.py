"""Legislators whom a call to action asks people to write to or to call, and what each person did about them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaigns.models.action import ActionTaken
from campaigns.models.call_to_action import CallToAction
from campaigns.querysets import LegislatorContactQuerySet
from legislation.chambers import Chamber
from legislation.models import Committee, Legislator
from mailing.models import OutboxMessage
from partners.html import RichTextField

# Kinds of calls by which people reach legislators.
REACHING = (CallToAction.Kind.EMAIL, CallToAction.Kind.PHONE)


class LegislatorTargets(models.Model):
    """Whom to reach, as a rule that is read anew for each visitor: it follows the bill of the call."""

    class Rule(models.TextChoices):
        MINE = "mine", _("the person's own two legislators")
        COMMITTEE = "committee", _("the members of a committee")
        SPONSORS = "sponsors", _("sponsors of the bill, to thank them")
        NOT_SPONSORS = "not_sponsors", _("legislators who do not sponsor the bill yet")
        LEADERSHIP = "leadership", _("the leaders of the chamber")
        CHOSEN = "chosen", _("legislators chosen one by one")

    call_to_action = models.OneToOneField(
        CallToAction, models.CASCADE, related_name="targets", verbose_name=_("call to action")
    )
    rule = models.CharField(_("who is asked"), max_length=12, choices=Rule.choices, default=Rule.MINE)
    committee = models.ForeignKey(
        Committee,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("committee"),
        help_text=_("Leave it empty to follow the bill: the committee where it is on that day."),
    )
    chamber = models.CharField(
        _("chamber"),
        max_length=5,
        choices=Chamber.choices,
        blank=True,
        help_text=_(
            "Leave it empty to follow the bill: the chamber where it is on that day. Sponsors to thank, and leaders "
            "where there is no bill, then come from both."
        ),
    )
    legislators = models.ManyToManyField(
        Legislator, blank=True, related_name="+", verbose_name=_("legislators chosen")
    )
    only_own = models.BooleanField(
        _("only those who represent the person"),
        default=False,
        help_text=_("Offices listen to their own constituents."),
    )
    most = models.PositiveSmallIntegerField(
        _("at most so many for one person"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    through_us = models.BooleanField(
        _("we may send it for them"),
        default=False,
        help_text=_(
            "Where the legislator has an address. Otherwise people send it from their own mail program."
        ),
    )
    hourly_cap = models.PositiveSmallIntegerField(
        _("messages to one legislator in an hour"),
        default=60,
        validators=[MinValueValidator(1)],
        help_text=_("What comes above it waits for the next hour, so that no office shuts us out."),
    )
    talking_points = RichTextField(_("talking points"), blank=True)
    script = models.TextField(
        _("script for a telephone call"), blank=True, help_text=_("What to say, in everyday words.")
    )

    history = HistoricalRecords(m2m_fields=[legislators])

    class Meta:
        verbose_name = _("legislators to reach")
        verbose_name_plural = _("legislators to reach")

    def __str__(self) -> str:
        return self.get_rule_display()


class MessageVariant(models.Model):
    """One wording of the message to legislators. People get one of them by turns and may change it."""

    call_to_action = models.ForeignKey(
        CallToAction, models.CASCADE, related_name="message_variants", verbose_name=_("call to action")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    subject = models.CharField(_("subject"), max_length=160)
    text = models.TextField(
        _("message"),
        max_length=4000,
        help_text=_("Greeting and signature are added: write what stands between them."),
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("wording of the message")
        verbose_name_plural = _("wordings of the message")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.subject


class LegislatorContact(models.Model):
    """One person's message or telephone call to one legislator, within their answer to a call to action."""

    class Way(models.TextChoices):
        OWN_MAIL = "own_mail", _("from their own mail program")
        THROUGH_US = "through_us", _("sent by us")
        PHONE = "phone", _("by telephone")

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for its turn")
        HANDED_OVER = "handed_over", _("in our outbox")
        DONE = "done", _("done")
        FAILED = "failed", _("could not be sent")
        CANCELLED = "cancelled", _("taken back before it was sent")

    class Outcome(models.TextChoices):
        SPOKE = "spoke", _("spoke with somebody")
        VOICEMAIL = "voicemail", _("left a message")
        NO_ANSWER = "no_answer", _("nobody answered")

    class Reply(models.TextChoices):
        PERSONAL = "personal", _("a personal reply")
        AUTOMATIC = "automatic", _("an automatic reply")
        NONE = "none", _("no reply")

    action = models.ForeignKey(
        ActionTaken, models.CASCADE, related_name="contacts", verbose_name=_("action taken")
    )
    legislator = models.ForeignKey(
        Legislator, models.PROTECT, related_name="contacts", verbose_name=_("legislator")
    )
    way = models.CharField(_("way"), max_length=10, choices=Way.choices)
    state = models.CharField(_("state"), max_length=11, choices=State.choices, default=State.DONE)
    subject = models.CharField(_("subject"), max_length=160, blank=True)
    text = models.TextField(_("message"), blank=True)
    outcome = models.CharField(_("how the call went"), max_length=9, choices=Outcome.choices, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    message = models.OneToOneField(
        OutboxMessage,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="legislator_contact",
        verbose_name=_("message in our outbox"),
    )
    contacted_at = models.DateTimeField(_("written or called"))
    handed_over_at = models.DateTimeField(_("put into the outbox"), null=True, blank=True)
    reply_asked_at = models.DateTimeField(_("asked about a reply"), null=True, blank=True)
    reply = models.CharField(_("reply"), max_length=9, choices=Reply.choices, blank=True)
    reply_noted_at = models.DateTimeField(_("reply noted"), null=True, blank=True)

    history = HistoricalRecords()
    objects = LegislatorContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact with a legislator")
        verbose_name_plural = _("contacts with legislators")
        ordering = ["-contacted_at"]
        constraints = [
            models.UniqueConstraint(fields=["action", "legislator"], name="contact_once_per_legislator"),
            models.CheckConstraint(
                condition=models.Q(reply="") | models.Q(reply_noted_at__isnull=False),
                name="contact_reply_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["legislator", "contacted_at"],
                condition=models.Q(state="waiting"),
                name="contact_waiting",
            ),
            models.Index(fields=["legislator", "handed_over_at"], name="contact_handed_over"),
        ]

    def __str__(self) -> str:
        return f"{self.action.person}: {self.legislator}"

    @property
    def may_have_reply(self) -> bool:
        """Whether it left as a message, and nobody told us yet what came back."""
        return self.way != self.Way.PHONE and self.state == self.State.DONE and not self.reply

    @property
    def shown_state(self) -> str:
        """What became of it, in words: how the call went, or how far the message got."""
        if self.way == self.Way.PHONE:
            return str(self.get_outcome_display())
        if self.way == self.Way.OWN_MAIL:
            return str(_("sent from a mail program"))
        if self.state == self.State.HANDED_OVER and self.message is not None:
            return str(self.message.get_state_display())
        if self.state == self.State.DONE:
            return str(OutboxMessage.State.SENT.label)
        return str(self.get_state_display())
