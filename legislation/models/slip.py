"""Witness slips from our side: what our people pledged and filed, and whom the General Assembly's list names."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from legislation.models.hearing import HearingDocument, RecordedSlip
from legislation.querysets import ReportedSlipQuerySet
from partners.models import Organization, Person


class ReportedSlip(models.Model):
    """What a person says: first that they will file a slip, then that they filed it, for themself or a partner.

    A slip belongs to one posting: `posting_on` is the day for which the hearing was set when it was filed. A hearing
    moved to another day needs a new slip, which is a new row. Never counted with the slips that are on record.
    """

    class Testimony(models.TextChoices):
        RECORD = "record", _("Record of Appearance Only")
        WRITTEN = "written", _("Written Statement Filed")
        ORAL = "oral", _("Oral")

    Position = RecordedSlip.Position

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="reported_slips", verbose_name=_("person")
    )
    # For whom the slip speaks; nobody's where the person speaks for themself.
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reported_slips",
        verbose_name=_("on behalf of"),
    )
    # To which partner the person belonged at that time, whomever they spoke for.
    member_of = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organization at that time"),
    )
    document = models.ForeignKey(
        HearingDocument, models.PROTECT, related_name="reported_slips", verbose_name=_("document")
    )
    posting_on = models.DateField(_("for the hearing on"))
    position = models.CharField(_("position"), max_length=11, choices=Position.choices)
    testimony = models.CharField(
        _("testimony"), max_length=7, choices=Testimony.choices, default=Testimony.RECORD
    )
    pledged_at = models.DateTimeField(_("pledged"), null=True, blank=True)
    filed_at = models.DateTimeField(_("filed, as they say"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("last reminded"), null=True, blank=True)
    told_again_at = models.DateTimeField(_("told to file again"), null=True, blank=True)
    consent_text = models.TextField(_("consent given"))
    source_code = models.CharField(_("source"), max_length=60, blank=True)

    history = HistoricalRecords()
    objects = ReportedSlipQuerySet.as_manager()

    class Meta:
        verbose_name = _("self-reported witness slip")
        verbose_name_plural = _("self-reported witness slips")
        ordering = ["-filed_at", "-pledged_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "document", "posting_on", "organization"],
                name="reportedslip_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(pledged_at__isnull=False) | models.Q(filed_at__isnull=False),
                name="reportedslip_pledged_or_filed",
            ),
        ]
        indexes = [models.Index(fields=["document", "organization"], name="reportedslip_of_document")]

    def __str__(self) -> str:
        return f"{self.person}: {self.document}"


class SlipMatch(models.Model):
    """A partner that a recorded slip names. A slip may name several; doubtful ones wait for staff."""

    class State(models.TextChoices):
        SURE = "sure", _("found by name")
        DOUBTFUL = "doubtful", _("waits for review")
        CONFIRMED = "confirmed", _("confirmed by staff")
        REJECTED = "rejected", _("not this partner, said staff")

    slip = models.ForeignKey(
        RecordedSlip, models.CASCADE, related_name="matches", verbose_name=_("recorded slip")
    )
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="slip_matches", verbose_name=_("partner")
    )
    text = models.CharField(_("words on the slip"), max_length=300)
    score = models.PositiveSmallIntegerField(_("likeness, 0 to 100"))
    reason = models.CharField(_("found by"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State.choices)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )

    class Meta:
        verbose_name = _("partner on a recorded slip")
        verbose_name_plural = _("partners on recorded slips")
        ordering = ["-score"]
        constraints = [
            models.UniqueConstraint(fields=["slip", "organization"], name="slipmatch_once"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["confirmed", "rejected"]) | models.Q(decided_at__isnull=False),
                name="slipmatch_decided_has_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "organization"], name="slipmatch_of_partner")]

    def __str__(self) -> str:
        return f"{self.organization}: {self.get_state_display()}"
