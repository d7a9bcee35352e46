"""Tables at which the sector is represented: who sits there for us, until when, what they report, and who belongs."""

from datetime import date

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from meetings.table_querysets import SeatQuerySet, SeatReportQuerySet, TableMemberQuerySet, TableQuerySet
from partners.html import RichTextField
from partners.models import Ally, Organization, Person, SubSector, TeamMember, User


class Table(models.Model):
    """A coalition, council or committee in which we sit. What is told of an ally stands with the ally, once."""

    class Kind(models.TextChoices):
        COALITION = "coalition", _("coalition")
        STATE = "state", _("state commission, council or committee")
        POLICY = "policy", _("policy table")

    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)
    ally = models.OneToOneField(
        Ally,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="table",
        verbose_name=_("ally"),
        limit_choices_to={"kind": Ally.Kind.COALITION},
        help_text=_("Its name, words and website then come from the list of allies."),
    )
    name = models.CharField(_("name"), max_length=160, blank=True)
    slug = models.SlugField(_("short name"), max_length=120, unique=True)
    summary = models.CharField(_("what it does, in one sentence"), max_length=300, blank=True)
    website = models.URLField(_("website"), blank=True)
    is_public = models.BooleanField(_("shown to the public"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    history = HistoricalRecords()
    objects = TableQuerySet.as_manager()

    class Meta:
        verbose_name = _("table we sit at")
        verbose_name_plural = _("tables we sit at")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ally__isnull=False, name="", summary="", website="")
                | (models.Q(ally__isnull=True) & ~models.Q(name="")),
                name="table_is_told_once",
                violation_error_message=_(
                    "Choose an ally and leave name, sentence and website empty, or give the table a name of its own."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:table", args=[self.slug])

    @property
    def title(self) -> str:
        """Its name, from the ally where there is one."""
        return self.ally.name if self.ally else self.name

    @property
    def words(self) -> str:
        """What it does."""
        return self.ally.summary if self.ally else self.summary

    @property
    def address(self) -> str:
        """Its website."""
        return self.ally.website if self.ally else self.website


class Seat(models.Model):
    """A place at a table: in which role, who has it, who stands in, and until when. Nobody named: it is vacant."""

    table = models.ForeignKey(Table, models.CASCADE, related_name="seats", verbose_name=_("table"))
    role = models.CharField(_("role"), max_length=120, help_text=_("Such as: member, co-chair."))
    team_member = models.ForeignKey(
        TeamMember,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name=_("of our board or staff"),
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name=_("or somebody of a partner"),
        help_text=_("Their name is shown to the public with the table."),
    )
    alternate_member = models.ForeignKey(
        TeamMember,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="alternate_seats",
        verbose_name=_("alternate of our board or staff"),
    )
    alternate_person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="alternate_seats",
        verbose_name=_("or alternate of a partner"),
    )
    starts_on = models.DateField(_("term starts"))
    ends_on = models.DateField(_("term ends"), null=True, blank=True, help_text=_("The last day."))
    note = models.CharField(_("note for staff"), max_length=300, blank=True)

    history = HistoricalRecords()
    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["table__order", "table_id", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(team_member__isnull=True) | models.Q(person__isnull=True),
                name="seat_is_held_by_one",
                violation_error_message=_("Choose somebody of our own or somebody of a partner, not both."),
            ),
            models.CheckConstraint(
                condition=models.Q(alternate_member__isnull=True) | models.Q(alternate_person__isnull=True),
                name="seat_has_one_alternate",
                violation_error_message=_("Choose one alternate: of our own or of a partner."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="seat_ends_after_start",
                violation_error_message=_("A term ends after it starts."),
            ),
        ]
        indexes = [models.Index(fields=["ends_on"], name="seat_ends")]

    def __str__(self) -> str:
        return f"{self.table}: {self.role}"

    @property
    def holder(self) -> str:
        """Who sits there; empty while nobody does."""
        return str(self.team_member or self.person or "")

    @property
    def alternate(self) -> str:
        """Who stands in; empty where nobody does."""
        return str(self.alternate_member or self.alternate_person or "")

    def is_current(self, today: date | None = None) -> bool:
        """Whether its term runs today."""
        today = today or timezone.localdate()
        return self.starts_on <= today and (self.ends_on is None or self.ends_on >= today)


class SeatReport(models.Model):
    """What came of a meeting of a table, told by who sat there: for our people, or for everybody."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="reports", verbose_name=_("seat"))
    day = models.DateField(_("day"))
    title = models.CharField(_("title"), max_length=160)
    body = RichTextField(_("report"))
    is_public = models.BooleanField(
        _("shown to the public"), default=False, help_text=_("Otherwise only staff read it.")
    )
    written_at = models.DateTimeField(_("written"), auto_now_add=True)
    written_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("written by"),
    )

    history = HistoricalRecords()
    objects = SeatReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report from a table")
        verbose_name_plural = _("reports from tables")
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return self.title


class TableMember(models.Model):
    """An organization that belongs to a table: a partner, or one that is named. One that left stays, with the day."""

    table = models.ForeignKey(Table, models.CASCADE, related_name="members", verbose_name=_("table"))
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="table_memberships",
        verbose_name=_("partner"),
    )
    name = models.CharField(_("or the name of another organization"), max_length=200, blank=True)
    sub_sectors = models.ManyToManyField(
        SubSector,
        blank=True,
        related_name="table_members",
        verbose_name=_("sub-sectors"),
        help_text=_("Of an organization that is no partner. A partner's own are used."),
    )
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("Empty: it still belongs."))

    objects = TableMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a table")
        verbose_name_plural = _("members of tables")
        ordering = ["organization__name", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(organization__isnull=False, name="")
                | (models.Q(organization__isnull=True) & ~models.Q(name="")),
                name="table_member_partner_or_name",
                violation_error_message=_("Choose a partner, or write the name of another organization."),
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True)
                | models.Q(since__isnull=True)
                | models.Q(until__gte=models.F("since")),
                name="table_member_until_after_since",
                violation_error_message=_("An organization leaves after it joined."),
            ),
            models.UniqueConstraint(
                fields=["table", "organization"],
                condition=models.Q(until__isnull=True),
                name="table_member_partner_once",
                violation_error_message=_("This partner is on the list already."),
            ),
            models.UniqueConstraint(
                fields=["table", "name"],
                condition=models.Q(until__isnull=True, organization__isnull=True),
                name="table_member_name_once",
                violation_error_message=_("This organization is on the list already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization or self.name)


class TermNotice(models.Model):
    """That staff were told of the end of a seat's term so many days before: once for each end."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="notices", verbose_name=_("seat"))
    ends_on = models.DateField(_("term ends"))
    days = models.PositiveSmallIntegerField(_("days before"))
    written_at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("notice of a term's end")
        verbose_name_plural = _("notices of terms' ends")
        constraints = [
            models.UniqueConstraint(fields=["seat", "ends_on", "days"], name="term_notice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.days}"
