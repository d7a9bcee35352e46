"""Committee hearings, what they take up, and the witness slips that the General Assembly lists."""

import re
from datetime import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from legislation.models.bill import Bill
from legislation.models.people import Committee
from legislation.querysets import HearingQuerySet


class Hearing(models.Model):
    """One posting of a committee's meeting. A meeting moved to another day is a new posting for slips."""

    class HearingChamber(models.TextChoices):
        LOWER = "lower", _("House")
        UPPER = "upper", _("Senate")
        JOINT = "joint", _("joint")

    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("scheduled")
        CANCELLED = "cancelled", _("cancelled")
        MOVED = "moved", _("moved to another day")

    # The chamber and the General Assembly's hearing number, or the source's own id: "lower:15597".
    key = models.CharField(max_length=80, unique=True)
    session = models.PositiveSmallIntegerField(_("General Assembly"))
    chamber = models.CharField(_("chamber"), max_length=5, choices=HearingChamber.choices)
    committee = models.ForeignKey(
        Committee,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="hearings",
        verbose_name=_("committee"),
    )
    committee_name = models.CharField(_("committee as printed"), max_length=200)
    starts_at = models.DateTimeField(_("starts"))
    posted_at = models.DateTimeField(_("posted"), null=True, blank=True)
    location = models.CharField(_("place"), max_length=300, blank=True)
    subject = models.TextField(_("subject matter"), blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.SCHEDULED)
    # A changed notice of the same day: slips stay valid. Counted up for calendars (SEQUENCE).
    revision = models.PositiveSmallIntegerField(default=0)
    # The day this posting was for before it moved; slips filed for that day must be filed again.
    moved_from = models.DateTimeField(_("moved from"), null=True, blank=True)
    ended_at = models.DateTimeField(
        _("ended"), null=True, blank=True, help_text=_("House slips close when the hearing ends.")
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("noted by"),
    )
    # What followers were told, so that a run need not look again: the day of the reminder, the news of its committee.
    reminded_for = models.DateField(null=True, blank=True, editable=False)
    told = models.CharField(max_length=30, blank=True, editable=False, db_default="")
    source_url = models.URLField(_("page at the General Assembly"), max_length=500, blank=True)
    changed_at = models.DateTimeField(_("last change we observed"))

    objects = HearingQuerySet.as_manager()

    class Meta:
        verbose_name = _("hearing")
        verbose_name_plural = _("hearings")
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["starts_at"], name="hearing_starts")]

    def __str__(self) -> str:
        return f"{self.committee_name}, {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("legislation:hearing", args=[self.pk])

    @property
    def committee_title(self) -> str:
        """The committee with its chamber, `House Human Services`; as printed where we do not know it."""
        if self.committee is not None:
            return str(self.committee)
        if self.chamber == self.HearingChamber.JOINT:
            return self.committee_name
        return f"{self.get_chamber_display()} {self.committee_name}"

    @property
    def number(self) -> str:
        """The hearing's number at the General Assembly; "" where the source gave an id of its own."""
        number = self.key.rpartition(":")[2]
        return number if number.isascii() and number.isdigit() else ""

    def is_over(self, now: datetime) -> bool:
        """Whether its day has passed, or staff said that it ended."""
        if self.ended_at:
            return True
        return timezone.localdate(now) > timezone.localdate(self.starts_at)


class HearingDocument(models.Model):
    """A measure, or one amendment to it, before a hearing: what a witness slip belongs to."""

    hearing = models.ForeignKey(Hearing, models.CASCADE, related_name="documents")
    bill = models.ForeignKey(Bill, models.CASCADE, null=True, blank=True, related_name="hearing_documents")
    identifier = models.CharField(_("measure as printed"), max_length=20)
    amendment = models.CharField(_("amendment"), max_length=80, blank=True)
    removed_at = models.DateTimeField(_("taken off the notice"), null=True, blank=True)

    class Meta:
        verbose_name = _("document before a hearing")
        verbose_name_plural = _("documents before hearings")
        ordering = ["identifier", "amendment"]
        constraints = [
            models.UniqueConstraint(
                fields=["hearing", "identifier", "amendment"], name="hearingdocument_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.identifier} {self.amendment}".strip()

    @property
    def label(self) -> str:
        """As people write it: `HB 1075`, or `HB 1075, House Amendment 1`."""
        number = re.sub(r"(?<=[A-Z])(?=\d)", " ", self.identifier, count=1)
        return f"{number}, {self.amendment}" if self.amendment else number


class RecordedSlip(models.Model):
    """One witness slip as the General Assembly lists it. Self-reports are counted elsewhere, never with these."""

    class Position(models.TextChoices):
        PROPONENT = "proponent", _("proponent")
        OPPONENT = "opponent", _("opponent")
        NO_POSITION = "no_position", _("no position")

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="recorded_slips")
    amendment = models.CharField(_("amendment"), max_length=80, blank=True)
    hearing = models.ForeignKey(
        Hearing, models.SET_NULL, null=True, blank=True, related_name="recorded_slips"
    )
    committee_name = models.CharField(_("committee as printed"), max_length=200)
    scheduled_at = models.DateTimeField(_("hearing"))
    name = models.CharField(_("name"), max_length=200)
    firm = models.CharField(_("firm, business or agency"), max_length=300, blank=True)
    representation = models.CharField(_("representation"), max_length=300, blank=True)
    position = models.CharField(_("position"), max_length=11, choices=Position.choices)
    imported_at = models.DateTimeField(_("imported"))

    class Meta:
        verbose_name = _("recorded witness slip")
        verbose_name_plural = _("recorded witness slips")
        ordering = ["bill", "amendment", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "bill",
                    "amendment",
                    "committee_name",
                    "scheduled_at",
                    "name",
                    "firm",
                    "representation",
                ],
                name="recordedslip_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_position_display()}"
