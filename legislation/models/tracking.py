"""What the coalition and its partners think of a bill."""

from django.conf import settings
from django.core.validators import FileExtensionValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from legislation.models.bill import Bill, BillEvent
from legislation.querysets import BillTrackingQuerySet, OrganizationPositionQuerySet
from partners.html import RichTextField
from partners.models import Organization


class Position(models.TextChoices):
    """An organization's stance on a bill."""

    SUPPORT = "support", _("support")
    OPPOSE = "oppose", _("oppose")
    NEUTRAL = "neutral", _("neutral")


class BillTracking(models.Model):
    """The coalition follows this bill: its position, how much it matters, who looks after it, what to say."""

    class Priority(models.TextChoices):
        LEAD = "lead", _("lead")
        SUPPORT = "support", _("support")
        MONITOR = "monitor", _("monitor")

    Position = Position

    bill = models.OneToOneField(Bill, models.CASCADE, related_name="tracking", verbose_name=_("bill"))
    position = models.CharField(
        _("our position"), max_length=7, choices=Position.choices, default=Position.NEUTRAL
    )
    priority = models.CharField(
        _("priority"), max_length=7, choices=Priority.choices, default=Priority.MONITOR
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="tracked_bills",
        limit_choices_to={"is_staff": True},
        verbose_name=_("looked after by"),
    )
    plain_title = models.CharField(
        _("plain title"), max_length=160, blank=True, help_text=_("What the bill does, in everyday words.")
    )
    summary = models.CharField(_("why it matters, in a sentence"), max_length=300, blank=True)
    talking_points = RichTextField(_("talking points"), blank=True)
    is_public = models.BooleanField(
        _("position is public"), default=True, help_text=_("Otherwise only staff see that we follow it.")
    )
    credited = models.ManyToManyField(
        Organization,
        blank=True,
        related_name="credited_bills",
        verbose_name=_("in partnership with"),
        help_text=_("Partners named on the bill's page."),
    )
    credit_text = models.CharField(
        _("other partners named"),
        max_length=300,
        blank=True,
        help_text=_("Allies who are not in the directory."),
    )
    fact_sheet = models.FileField(
        _("fact sheet (PDF)"),
        upload_to="fact-sheets/",
        blank=True,
        validators=[FileExtensionValidator(["pdf"])],
    )
    fact_sheet_on = models.DateField(_("fact sheet of"), null=True, blank=True)
    created_at = models.DateTimeField(_("followed since"), auto_now_add=True)

    history = HistoricalRecords(m2m_fields=[credited])
    objects = BillTrackingQuerySet.as_manager()

    class Meta:
        verbose_name = _("tracked bill")
        verbose_name_plural = _("tracked bills")
        ordering = ["bill"]

    def __str__(self) -> str:
        return f"{self.bill}: {self.get_position_display()}"


class OrganizationPosition(models.Model):
    """A partner's own stance on a bill. It is on record once somebody who may speak for the partner said so."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for the primary contact")
        ON_RECORD = "on_record", _("on record")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    Position = Position

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="organization_positions")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="bill_positions")
    position = models.CharField(_("position"), max_length=7, choices=Position.choices)
    statement = models.CharField(_("why, in your words"), max_length=600, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.PROPOSED)
    proposed_at = models.DateTimeField(_("proposed"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("proposed by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decline_reason = models.CharField(_("why it was declined"), max_length=600, blank=True)
    # Where staff decided or withdrew for the partner: how the partner told them.
    staff_note = models.CharField(_("staff's note"), max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )

    history = HistoricalRecords()
    objects = OrganizationPositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner's position")
        verbose_name_plural = _("partners' positions")
        ordering = ["organization__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["bill", "organization"],
                condition=models.Q(state="on_record"),
                name="position_one_on_record",
            ),
            models.UniqueConstraint(
                fields=["bill", "organization"],
                condition=models.Q(state="proposed"),
                name="position_one_proposed",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["on_record", "declined"]) | models.Q(decided_at__isnull=False),
                name="position_decided_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="withdrawn") | models.Q(withdrawn_at__isnull=False),
                name="position_withdrawn_has_time",
            ),
        ]
        indexes = [models.Index(fields=["organization", "state"], name="position_of_partner")]

    def __str__(self) -> str:
        return f"{self.organization}: {self.get_position_display()}"


class ReplacementWarning(models.Model):
    """A warning that went out because a bill's text was replaced: once per event and partner.

    Without an organization it is the one to the staff member who looks after the bill.
    """

    event = models.ForeignKey(BillEvent, models.CASCADE, related_name="warnings")
    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="replacement_warnings"
    )
    sent_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("warning of a replaced text")
        verbose_name_plural = _("warnings of replaced texts")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "organization"], name="replacementwarning_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.organization or _('our staff')}"
