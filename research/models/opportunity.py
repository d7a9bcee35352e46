"""Opportunities to present our research: who asked, what we answered, and who listened."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from research.querysets.opportunity import OpportunityQuerySet


class Opportunity(models.Model):
    """One chance to present: offered → accepted → delivered, or declined, or withdrawn."""

    class Kind(models.TextChoices):
        TALK = "talk", _("talk")
        PANEL = "panel", _("panel")
        WEBINAR = "webinar", _("webinar")
        TESTIMONY = "testimony", _("testimony")
        BRIEFING = "briefing", _("briefing")

    class State(models.TextChoices):
        OFFERED = "offered", _("offered")
        ACCEPTED = "accepted", _("accepted")
        DELIVERED = "delivered", _("delivered")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    host = models.CharField(_("host"), max_length=200, help_text=_("Who asks us to present."))
    is_external = models.BooleanField(
        _("the host is somebody else"),
        default=True,
        help_text=_("Only these count in indicator R2; what we host ourselves does not."),
    )
    title = models.CharField(_("what for"), max_length=200)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)
    report = models.ForeignKey(
        "research.Report",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opportunities",
        verbose_name=_("report"),
        help_text=_("Empty where it is about our work as a whole."),
    )
    offered_on = models.DateField(_("offered on"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.OFFERED)
    answered_on = models.DateField(_("accepted or declined on"), null=True, blank=True)
    on = models.DateField(_("day of the presentation"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    audience_size = models.PositiveIntegerField(_("people in the audience"), null=True, blank=True)
    outcome = models.CharField(_("what came of it"), max_length=500, blank=True)

    history = HistoricalRecords()
    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("opportunity to present")
        verbose_name_plural = _("opportunities to present")
        ordering = ["-offered_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["accepted", "delivered", "declined"], answered_on__isnull=False)
                | Q(state="offered", answered_on__isnull=True)
                | Q(state="withdrawn"),
                name="opportunity_answer_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(on__isnull=False), name="opportunity_delivered_has_day"
            ),
            models.CheckConstraint(
                condition=Q(state="delivered") | Q(audience_size__isnull=True),
                name="opportunity_audience_when_delivered",
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True) | Q(answered_on__gte=models.F("offered_on")),
                name="opportunity_answered_after_offer",
            ),
        ]
        indexes = [models.Index(fields=["state", "offered_on"], name="opportunity_state")]

    def __str__(self) -> str:
        return f"{self.title} ({self.host})"
