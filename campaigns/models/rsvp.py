"""An event that a call to action invites to, and who comes."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaigns.models.action import ActionTaken
from campaigns.models.call_to_action import CallToAction
from meetings.models import Event


class CallEvent(models.Model):
    """When and where, for a call of the kind RSVP."""

    call_to_action = models.OneToOneField(
        CallToAction, models.CASCADE, related_name="event", verbose_name=_("call to action")
    )
    # What follows is then a copy, which follows the meeting; seats and places are the meeting's alone.
    meeting = models.ForeignKey(
        Event,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations_by_calls",
        verbose_name=_("event of ours"),
        help_text=_("Then time, place and seats come from it, and who says yes is registered there."),
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=300, blank=True)
    online_url = models.URLField(
        _("address to join online"), blank=True, help_text=_("Shown only to those who said that they come.")
    )
    access = models.CharField(
        _("access"), max_length=300, blank=True, help_text=_("Ramps, captions, interpreters, parking.")
    )
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    # Counted up with each change of time or place, for calendars (SEQUENCE).
    revision = models.PositiveSmallIntegerField(default=0, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="call_event_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return str(self.call_to_action)

    @property
    def has_begun(self) -> bool:
        """Whether it is too late to answer, move or cancel."""
        return self.starts_at <= timezone.now()


class Rsvp(models.Model):
    """One person's answer to an invitation."""

    class Coming(models.TextChoices):
        YES = "yes", _("I will come")
        MAYBE = "maybe", _("I may come")
        NO = "no", _("I cannot come")

    action = models.OneToOneField(
        ActionTaken, models.PROTECT, related_name="rsvp", verbose_name=_("action taken")
    )
    coming = models.CharField(_("answer"), max_length=5, choices=Coming.choices)
    guests = models.PositiveSmallIntegerField(_("people they bring along"), default=0)
    needs = models.CharField(_("access needs"), max_length=300, blank=True)
    # When the reminder for the event's present time was written; empty again when the time changes.
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("answer to an invitation")
        verbose_name_plural = _("answers to invitations")
        constraints = [
            models.CheckConstraint(condition=models.Q(guests__lte=20), name="rsvp_guests_at_most_20"),
        ]

    def __str__(self) -> str:
        return f"{self.action.person}: {self.get_coming_display()}"

    @property
    def answer_url(self) -> str:
        """The full address at which this person, who has it from our mail, changes the answer."""
        from campaigns.invitation_links import answer_token

        path = reverse("campaigns:invitation_answer", args=[answer_token(self.action_id)])
        return f"{settings.SITE_URL}{path}"

    @property
    def calendar_url(self) -> str:
        """The full address of the event's calendar file, which holds what this person may know."""
        action = self.action
        path = reverse("campaigns:own_event_ics", args=[action.call_to_action.slug, action.reference])
        return f"{settings.SITE_URL}{path}"
