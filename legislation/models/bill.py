"""Measures before the General Assembly, the lines of their history, their texts, and each change we observed."""

import re

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from legislation.chambers import Chamber, GeneralAssembly
from legislation.querysets import BillEventQuerySet, BillQuerySet, SubjectQuerySet


class Stage(models.TextChoices):
    """Our reading of where a measure stands (see `legislation.stages`)."""

    INTRODUCED = "introduced", _("introduced")
    IN_COMMITTEE = "in_committee", _("in committee")
    PASSED_COMMITTEE = "passed_committee", _("passed committee")
    SECOND_READING = "second_reading", _("second reading")
    PASSED_CHAMBER = "passed_chamber", _("passed its first chamber")
    CROSSED = "crossed", _("in the second chamber")
    PASSED_BOTH = "passed_both", _("passed both chambers")
    SENT_TO_GOVERNOR = "sent_to_governor", _("sent to the governor")
    SIGNED = "signed", _("signed")
    PUBLIC_ACT = "public_act", _("public act")
    ADOPTED = "adopted", _("adopted")
    CONFIRMED = "confirmed", _("confirmed")
    VETOED = "vetoed", _("vetoed")
    RE_REFERRED = "re_referred", _("sent back to the rules committee")
    TABLED = "tabled", _("tabled")
    DEAD = "dead", _("dead")


class Bill(models.Model):
    """One measure of one General Assembly. `identifier` is stored without a space, `HB1075`."""

    class Kind(models.TextChoices):
        BILL = "bill", _("bill")
        RESOLUTION = "resolution", _("resolution")
        JOINT_RESOLUTION = "joint_resolution", _("joint resolution")
        AMENDMENT = "constitutional_amendment", _("constitutional amendment")
        APPOINTMENT = "appointment", _("appointment")
        EXECUTIVE_ORDER = "executive_order", _("executive order")

    Stage = Stage

    session = models.PositiveSmallIntegerField(_("General Assembly"))
    identifier = models.CharField(_("number"), max_length=20)
    prefix = models.CharField(max_length=6, editable=False)
    number = models.PositiveIntegerField(editable=False)
    ocd_id = models.CharField(_("Open Civic Data id"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    chamber = models.CharField(_("chamber of origin"), max_length=5, choices=Chamber.choices)
    title = models.CharField(_("short title as printed"), max_length=500, blank=True)
    synopsis = models.TextField(_("synopsis as introduced, with amendments"), blank=True)
    stage = models.CharField(_("stage"), max_length=16, choices=Stage.choices, default=Stage.INTRODUCED)
    stage_on = models.DateField(_("in this stage since"), null=True, blank=True)
    # Where a measure that was sent back had got to, for the stage track.
    furthest_stage = models.CharField(max_length=16, choices=Stage.choices, default=Stage.INTRODUCED)
    current_chamber = models.CharField(_("now in"), max_length=5, choices=Chamber.choices, blank=True)
    committee_name = models.CharField(_("committee it lies in"), max_length=200, blank=True)
    committee = models.ForeignKey(
        "legislation.Committee",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="bills",
        verbose_name=_("committee"),
    )
    introduced_on = models.DateField(_("filed"), null=True, blank=True)
    last_action = models.CharField(_("last action"), max_length=1000, blank=True)
    last_action_on = models.DateField(_("date of the last action"), null=True, blank=True)
    public_act = models.CharField(_("Public Act"), max_length=12, blank=True)
    effective_on = models.DateField(_("effective"), null=True, blank=True)
    replaces_everything = models.BooleanField(
        _("an amendment replaces everything"),
        default=False,
        help_text=_("A text adopted or filed says “replaces everything after the enacting clause”."),
    )
    source_url = models.URLField(_("page at the General Assembly"), max_length=500, blank=True)
    search = SearchVectorField(editable=False, null=True)
    first_seen_at = models.DateTimeField(_("first seen"))
    changed_at = models.DateTimeField(_("last change we observed"))

    objects = BillQuerySet.as_manager()

    class Meta:
        verbose_name = _("bill")
        verbose_name_plural = _("bills")
        ordering = ["-session", "prefix", "number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "identifier"], name="bill_once_per_session"),
        ]
        indexes = [
            GinIndex(fields=["search"], name="bill_search"),
            models.Index(fields=["session", "-last_action_on"], name="bill_recent"),
            models.Index(fields=["session", "stage"], name="bill_stage"),
            models.Index(fields=["number", "session"], name="bill_number"),
            models.Index(fields=["changed_at"], name="bill_changed"),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("legislation:bill", args=[self.session, self.identifier.lower()])

    @property
    def label(self) -> str:
        """The number as people write it: `HB 1075`."""
        return re.sub(r"(?<=[A-Z])(?=\d)", " ", self.identifier, count=1)

    @property
    def assembly(self) -> GeneralAssembly:
        return GeneralAssembly(self.session)


class BillAction(models.Model):
    """One line of a measure's history, in the words the General Assembly prints."""

    class ActionChamber(models.TextChoices):
        LOWER = "lower", _("House")
        UPPER = "upper", _("Senate")
        EXECUTIVE = "executive", _("governor")

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="actions")
    position = models.PositiveSmallIntegerField()
    chamber = models.CharField(max_length=9, choices=ActionChamber.choices, blank=True)
    # The day under which the line is printed; `happened_on` differs where the line itself names a day.
    date = models.DateField()
    happened_on = models.DateField()
    description = models.CharField(max_length=1000)
    # The rule of `legislation.stages` that read the line, and the stage after it where it changes one.
    rule = models.CharField(max_length=40, blank=True)
    stage = models.CharField(max_length=16, choices=Stage.choices, blank=True)
    # A line that the source no longer prints stays, with the day it was gone.
    removed_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("action of a bill")
        verbose_name_plural = _("actions of bills")
        ordering = ["bill", "position", "id"]
        indexes = [models.Index(fields=["bill", "position"], name="billaction_in_order")]

    def __str__(self) -> str:
        return f"{self.date}: {self.description}"


class BillDocument(models.Model):
    """A text of a measure, or an amendment to it."""

    class Kind(models.TextChoices):
        TEXT = "text", _("text of the bill")
        AMENDMENT = "amendment", _("amendment")
        OTHER = "other", _("other document")

    class Fate(models.TextChoices):
        FILED = "filed", _("filed")
        ADOPTED = "adopted", _("adopted")
        TABLED = "tabled", _("tabled")
        LOST = "lost", _("lost")

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    note = models.CharField(max_length=200)
    date = models.DateField(null=True, blank=True)
    chamber = models.CharField(max_length=5, choices=Chamber.choices, blank=True)
    amendment_number = models.PositiveSmallIntegerField(null=True, blank=True)
    fate = models.CharField(max_length=7, choices=Fate.choices, blank=True)
    replaces_everything = models.BooleanField(default=False)
    html_url = models.URLField(max_length=500, blank=True)
    pdf_url = models.URLField(max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("document of a bill")
        verbose_name_plural = _("documents of bills")
        ordering = ["bill", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["bill", "note"], name="billdocument_once")]

    def __str__(self) -> str:
        return self.note


class BillEvent(models.Model):
    """One change we observed, once. Alerts, feeds, digests and the watch list read these."""

    class Kind(models.TextChoices):
        ADDED = "added", _("added to our records")
        STAGE = "stage", _("stage changed")
        ACTION = "action", _("new action")
        ACTION_REMOVED = "action_removed", _("action no longer printed")
        SPONSOR_ADDED = "sponsor_added", _("sponsor joined")
        SPONSOR_REMOVED = "sponsor_removed", _("sponsor left")
        SPONSOR_ROLE = "sponsor_role", _("sponsor's role changed")
        TITLE = "title", _("title changed")
        SYNOPSIS = "synopsis", _("synopsis changed")
        DOCUMENT = "document", _("new text or amendment")
        REPLACED = "replaced", _("replaced by an amendment")
        ROLL_CALL = "roll_call", _("roll call")
        ROLL_CALL_CORRECTED = "roll_call_corrected", _("roll call corrected")
        HEARING_POSTED = "hearing_posted", _("hearing posted")
        HEARING_MOVED = "hearing_moved", _("hearing moved")
        HEARING_CANCELLED = "hearing_cancelled", _("hearing cancelled")

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="events")
    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices)
    # Says which change of this kind it is, so that it can be written only once.
    key = models.CharField(max_length=200, editable=False)
    before = models.CharField(_("before"), max_length=1000, blank=True)
    after = models.CharField(_("after"), max_length=1000, blank=True)
    # News happened while we watched; the rest is history that a measure brought along when first seen.
    is_news = models.BooleanField(_("news"), default=True)
    happened_on = models.DateField(_("happened"), null=True, blank=True)
    observed_at = models.DateTimeField(_("observed"))
    hearing = models.ForeignKey(
        "legislation.Hearing", models.SET_NULL, null=True, blank=True, related_name="events"
    )

    objects = BillEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("bill event")
        verbose_name_plural = _("bill events")
        ordering = ["-observed_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["bill", "kind", "key"], name="billevent_once")]
        indexes = [
            models.Index(fields=["-observed_at"], condition=models.Q(is_news=True), name="billevent_news"),
        ]

    def __str__(self) -> str:
        return f"{self.bill}: {self.get_kind_display()}"


class BillRelation(models.Model):
    """Lineage: the same idea in an earlier General Assembly, or its companion in the other chamber."""

    class Kind(models.TextChoices):
        REINTRODUCES = "reintroduces", _("brings back")
        COMPANION = "companion", _("companion in the other chamber")

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="relations", verbose_name=_("bill"))
    kind = models.CharField(_("relation"), max_length=12, choices=Kind.choices, default=Kind.REINTRODUCES)
    # The other measure by name: an earlier one may never have been in our records.
    session = models.PositiveSmallIntegerField(_("its General Assembly"))
    identifier = models.CharField(_("its number"), max_length=20)
    title = models.CharField(_("its title"), max_length=300, blank=True)
    outcome = models.CharField(_("what became of it"), max_length=300, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("related bill")
        verbose_name_plural = _("related bills")
        ordering = ["-session", "identifier"]
        constraints = [
            models.UniqueConstraint(fields=["bill", "session", "identifier"], name="billrelation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.identifier} ({GeneralAssembly(self.session)})"


class Subject(models.Model):
    """A field of policy that bills are found by. Which bills belong to it is a search, kept by staff."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("short name"), unique=True)
    words = models.CharField(
        _("words that mark it"),
        max_length=1000,
        help_text=_(
            "As in a web search: “foster care” or DCFS or “child welfare”. A bill belongs to the subject "
            "when its title or synopsis matches."
        ),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("subject of bills")
        verbose_name_plural = _("subjects of bills")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name
