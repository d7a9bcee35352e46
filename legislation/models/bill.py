"""Measures before the General Assembly, the lines of their history, their texts, and each change we observed."""

import re
from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from legislation.chambers import Chamber, GeneralAssembly
from legislation.querysets import BillEventQuerySet, BillQuerySet
from legislation.reading.titles import tidy_title

if TYPE_CHECKING:
    from legislation.models.tracking import BillTracking


class Stage(models.TextChoices):
    """Our reading of where a measure stands (see `legislation.reading.stages`)."""

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


class TitleWords(models.Func):
    """Of the search column the words of number and title alone (weight A)."""

    template = "ts_filter(%(expressions)s, '{a}'::\"char\"[])"
    output_field = SearchVectorField()


LONGEST_IN_ROW = 140
STAGE_TAGS: dict[str, str] = {
    Stage.SIGNED: "pine",
    Stage.PUBLIC_ACT: "pine",
    Stage.ADOPTED: "pine",
    Stage.CONFIRMED: "pine",
    Stage.PASSED_BOTH: "sky",
    Stage.SENT_TO_GOVERNOR: "sky",
    Stage.VETOED: "brick",
    Stage.TABLED: "brick",
    Stage.DEAD: "brick",
}


def spaced(identifier: str) -> str:
    """A number as people write it, `HB 1075`, from the stored form `HB1075`."""
    return re.sub(r"(?<=[A-Z])(?=\d)", " ", identifier, count=1)


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
    title = models.CharField(_("short title as printed"), blank=True)
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
    last_action = models.TextField(_("last action"), blank=True)
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
    # Which parts some source has told (see `services.imports.measure_case.Part`): what comes first is no change.
    told = models.PositiveSmallIntegerField(default=0, editable=False)
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
            GinIndex(TitleWords("search"), name="bill_title_search"),
            # The two orders of the list (`legislation.search.bills`).
            models.Index(
                models.F("last_action_on").desc(nulls_last=True),
                models.F("session").desc(),
                "prefix",
                "number",
                name="bill_newest",
            ),
            models.Index(fields=["-session", "prefix", "number"], name="bill_by_number"),
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
        return spaced(self.identifier)

    @property
    def assembly(self) -> GeneralAssembly:
        return GeneralAssembly(self.session)

    @property
    def public_tracking(self) -> "BillTracking | None":
        """What the public may see of our position; read with the bill (`for_rows`, select_related)."""
        tracking = getattr(self, "tracking", None)
        return tracking if tracking and tracking.is_public else None

    @property
    def shown_title(self) -> str:
        """The plain title that staff gave, else the printed short title made readable, else the number."""
        tracking = self.public_tracking
        return (tracking.plain_title if tracking else "") or tidy_title(self.title) or self.label

    @property
    def stage_label(self) -> str:
        """The stage in words, such as `In committee`; a public act with its number."""
        if self.stage == Stage.PUBLIC_ACT and self.public_act:
            return _("Public Act %(number)s") % {"number": self.public_act}
        # Straight from the enumeration: `get_stage_display` builds a table of all stages each time.
        return capfirst(str(Stage(self.stage).label))

    @property
    def last_action_start(self) -> str:
        """The last action, cut where a row of a list would grow too long."""
        # The printed line of a new law has a row of dots before its number.
        words = re.sub(r"(?: \.)+ ", " ", self.last_action)
        return words if len(words) <= LONGEST_IN_ROW else f"{words[: LONGEST_IN_ROW - 1].rstrip()}…"

    @property
    def stage_tag(self) -> str:
        """The kind of tag that shows the stage (see docs/design.md)."""
        return STAGE_TAGS.get(self.stage, "plain")


class BillAction(models.Model):
    """One line of a measure's history, in the words the General Assembly prints."""

    class ActionChamber(models.TextChoices):
        LOWER = "lower", _("House")
        UPPER = "upper", _("Senate")
        EXECUTIVE = "executive", _("governor")

    # An index of its own would only repeat the beginning of the one below; so in the other large tables of a bill.
    bill = models.ForeignKey(Bill, models.CASCADE, related_name="actions", db_index=False)
    position = models.PositiveSmallIntegerField()
    chamber = models.CharField(max_length=9, choices=ActionChamber.choices, blank=True)
    # The day under which the line is printed; `happened_on` differs where the line itself names a day.
    date = models.DateField()
    happened_on = models.DateField()
    description = models.TextField()
    # The rule of `legislation.reading.stages` that read the line, and the stage after it where it changes one.
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
        WITHDRAWN = "withdrawn", _("withdrawn")

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="documents", db_index=False)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    note = models.CharField(max_length=200)
    date = models.DateField(null=True, blank=True)
    chamber = models.CharField(max_length=5, choices=Chamber.choices, blank=True)
    amendment_number = models.PositiveSmallIntegerField(null=True, blank=True)
    fate = models.CharField(max_length=9, choices=Fate.choices, blank=True)
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

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="events", db_index=False)
    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices)
    # Says which change of this kind it is, so that it can be written only once.
    key = models.CharField(max_length=200, editable=False)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)
    # News happened while we watched; the rest is history that a measure brought along when first seen.
    is_news = models.BooleanField(_("news"), default=True)
    happened_on = models.DateField(_("happened"), null=True, blank=True)
    observed_at = models.DateTimeField(_("observed"))
    hearing = models.ForeignKey(
        "legislation.Hearing", models.SET_NULL, null=True, blank=True, related_name="events"
    )
    # When its followers were found; until then it waits, in whatever order events were committed.
    given_out_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = BillEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("bill event")
        verbose_name_plural = _("bill events")
        ordering = ["-observed_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["bill", "kind", "key"], name="billevent_once")]
        indexes = [
            models.Index(fields=["-observed_at"], condition=models.Q(is_news=True), name="billevent_news"),
            models.Index(
                fields=["id"],
                condition=models.Q(is_news=True, given_out_at__isnull=True),
                name="billevent_to_give_out",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bill}: {self.get_kind_display()}"
