"""Legislators, the seats they hold, committees, who sponsors what, and how printed names were read."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from legislation.chambers import Chamber
from legislation.models.bill import Bill
from legislation.querysets import (
    CommitteeQuerySet,
    LegislatorQuerySet,
    NameMatchQuerySet,
    SponsorshipQuerySet,
)
from partners.searching import search_words


class Legislator(models.Model):
    """A member of the General Assembly, past or present. Chamber and district are those of the latest seat."""

    ocd_id = models.CharField(_("Open Civic Data id"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    given_name = models.CharField(_("given name"), max_length=80, blank=True)
    family_name = models.CharField(_("family name"), max_length=80, blank=True)
    slug = models.SlugField(_("short name"), max_length=140, unique=True)
    party = models.CharField(_("party"), max_length=40, blank=True)
    chamber = models.CharField(_("chamber"), max_length=5, choices=Chamber.choices, blank=True)
    district = models.PositiveSmallIntegerField(_("district"), null=True, blank=True)
    is_current = models.BooleanField(_("sits today"), default=False)
    email = models.CharField(_("e-mail address"), max_length=254, blank=True)
    image_url = models.URLField(_("picture at the General Assembly"), max_length=500, blank=True)
    website = models.URLField(_("website"), max_length=500, blank=True)
    ilga_url = models.URLField(_("page at the General Assembly"), max_length=500, blank=True)
    other_names = models.JSONField(_("other spellings"), default=list, blank=True)
    search = search_words(a="name")

    objects = LegislatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("legislator")
        verbose_name_plural = _("legislators")
        ordering = ["family_name", "given_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["chamber", "district"],
                condition=models.Q(is_current=True),
                name="legislator_one_per_seat",
            ),
            models.CheckConstraint(
                condition=models.Q(is_current=False) | models.Q(district__isnull=False),
                name="legislator_current_has_seat",
            ),
        ]
        indexes = [GinIndex(fields=["search"], name="legislator_search")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("legislation:legislator", args=[self.slug])

    @property
    def title(self) -> str:
        """`Rep.` or `Sen.`"""
        return {"lower": "Rep.", "upper": "Sen."}.get(self.chamber, "")

    @property
    def party_letter(self) -> str:
        return self.party[:1].upper()


class Term(models.Model):
    """One seat held by one legislator."""

    legislator = models.ForeignKey(Legislator, models.CASCADE, related_name="terms")
    chamber = models.CharField(max_length=5, choices=Chamber.choices)
    district = models.PositiveSmallIntegerField()
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["-start"]

    def __str__(self) -> str:
        return f"{self.get_chamber_display()} {self.district}"


class Office(models.Model):
    """Where a legislator is reached."""

    class Kind(models.TextChoices):
        CAPITOL = "capitol", _("Springfield office")
        DISTRICT = "district", _("district office")

    legislator = models.ForeignKey(Legislator, models.CASCADE, related_name="offices")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    fax = models.CharField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.address


class Committee(models.Model):
    """A standing, special or sub-committee."""

    class CommitteeChamber(models.TextChoices):
        LOWER = "lower", _("House")
        UPPER = "upper", _("Senate")
        JOINT = "joint", _("joint")

    ocd_id = models.CharField(_("Open Civic Data id"), max_length=70, unique=True)
    chamber = models.CharField(_("chamber"), max_length=5, choices=CommitteeChamber.choices)
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name"), max_length=220, unique=True)
    other_names = models.JSONField(_("other spellings"), default=list, blank=True)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="subcommittees")
    is_current = models.BooleanField(_("exists today"), default=True)
    source_url = models.URLField(_("page at the General Assembly"), max_length=500, blank=True)
    search = search_words(a="name")

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = _("committee")
        verbose_name_plural = _("committees")
        ordering = ["chamber", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["chamber", "name", "parent"], name="committee_name_once", nulls_distinct=False
            )
        ]
        indexes = [GinIndex(fields=["search"], name="committee_search")]

    def __str__(self) -> str:
        return f"{self.get_chamber_display()} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("legislation:committee", args=[self.slug])


class CommitteeMembership(models.Model):
    """A seat on a committee. `legislator` is empty while the printed name is not resolved."""

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="memberships")
    legislator = models.ForeignKey(
        Legislator, models.CASCADE, null=True, blank=True, related_name="committee_memberships"
    )
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=80, default="member")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("committee seat")
        verbose_name_plural = _("committee seats")
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.name}, {self.role}"


class Sponsorship(models.Model):
    """Someone's name on a measure. One who left keeps the row, with the day of leaving."""

    class Role(models.TextChoices):
        CHIEF = "chief", _("chief sponsor")
        CHIEF_COSPONSOR = "chief_cosponsor", _("chief co-sponsor")
        COSPONSOR = "cosponsor", _("co-sponsor")

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="sponsorships", db_index=False)
    legislator = models.ForeignKey(
        Legislator, models.SET_NULL, null=True, blank=True, related_name="sponsorships"
    )
    name = models.CharField(max_length=120)
    chamber = models.CharField(max_length=5, choices=Chamber.choices, blank=True)
    role = models.CharField(max_length=15, choices=Role.choices)
    position = models.PositiveSmallIntegerField(default=0)
    # From the lines "Added Co-Sponsor …" and "Removed Co-Sponsor …"; empty where no line tells.
    added_on = models.DateField(null=True, blank=True)
    removed_on = models.DateField(null=True, blank=True)

    objects = SponsorshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("sponsorship")
        verbose_name_plural = _("sponsorships")
        ordering = ["bill", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["bill", "chamber", "name"], name="sponsorship_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.get_role_display()}"


class NameMatch(models.Model):
    """How a printed name was read in one chamber of one General Assembly. Doubtful ones wait for staff."""

    class State(models.TextChoices):
        MATCHED = "matched", _("matched by the name alone")
        AMBIGUOUS = "ambiguous", _("fits several members")
        UNKNOWN = "unknown", _("fits nobody")
        DECIDED = "decided", _("decided by staff")
        NOBODY = "nobody", _("not a member, said staff")

    session = models.PositiveSmallIntegerField(_("General Assembly"))
    # Empty where the source does not say; then members of both come into question.
    chamber = models.CharField(_("chamber"), max_length=5, choices=Chamber.choices, blank=True)
    name = models.CharField(_("name as printed"), max_length=120)
    # Open Civic Data ids that sources gave along with this name.
    person_ids = models.JSONField(_("ids given with it"), default=list, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=9, choices=State.choices)
    legislator = models.ForeignKey(
        Legislator, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("legislator")
    )
    candidates = models.ManyToManyField(Legislator, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )

    objects = NameMatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("printed name")
        verbose_name_plural = _("printed names")
        ordering = ["chamber", "name"]
        constraints = [
            models.UniqueConstraint(fields=["session", "chamber", "name"], name="namematch_once"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["decided", "nobody"]) | models.Q(decided_at__isnull=False),
                name="namematch_decided_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_chamber_display()})" if self.chamber else self.name
