"""A gathering, who comes to it, and which notices about it were written."""

from datetime import datetime

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models import Organization, Person, User


class Mode(models.TextChoices):
    """How people take part."""

    IN_PERSON = "in_person", _("in person")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("in person and online")


class Gathering(models.Model):
    """When and where people come together. Without `capacity` everybody finds a seat.

    The capacity of a hybrid gathering is that of its room: online there is always a seat.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        CANCELLED = "cancelled", _("cancelled")
        HELD = "held", _("held")

    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.DRAFT)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    mode = models.CharField(_("how people take part"), max_length=9, choices=Mode.choices)
    venue = models.CharField(_("place"), max_length=160, blank=True)
    street = models.CharField(_("street address"), max_length=160, blank=True)
    city = models.CharField(_("city, state and ZIP"), max_length=120, blank=True)
    join_url = models.URLField(
        _("address to join online"),
        max_length=500,
        blank=True,
        help_text=_("Shown only to those who have a seat."),
    )
    capacity = models.PositiveIntegerField(
        _("seats"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: as many as come. In a hybrid event these are the seats in the room."),
    )
    languages = models.CharField(
        _("languages"),
        max_length=120,
        blank=True,
        help_text=_("Such as: English, with Spanish interpretation."),
    )
    has_captions = models.BooleanField(_("with live captions"), default=False)
    access = models.CharField(
        _("access"), max_length=300, blank=True, help_text=_("Ramps, elevators, interpreters, parking.")
    )
    registration_closes_at = models.DateTimeField(
        _("registration closes"), null=True, blank=True, help_text=_("Empty: when it starts.")
    )
    # Counted up with each change of time, place or state, for calendars (SEQUENCE) and for notices.
    revision = models.PositiveSmallIntegerField(default=0, editable=False)
    check_in_code = models.CharField(_("check-in code"), max_length=8, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("published by"),
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    cancelled_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("cancelled by"),
    )
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=300, blank=True, editable=False)
    held_at = models.DateTimeField(_("attendance closed"), null=True, blank=True, editable=False)
    held_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("attendance closed by"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="%(class)s_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(capacity__isnull=True) | models.Q(capacity__gt=0),
                name="%(class)s_has_seats",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="cancelled") | models.Q(cancelled_at__isnull=False),
                name="%(class)s_cancelled_has_time",
            ),
        ]

    @property
    def is_online(self) -> bool:
        """Whether one can join over the internet."""
        return self.mode != Mode.IN_PERSON

    @property
    def is_in_person(self) -> bool:
        """Whether one can come to a place."""
        return self.mode != Mode.ONLINE

    @property
    def registers_until(self) -> datetime:
        """The first moment at which nobody registers any more."""
        return min(self.registration_closes_at or self.starts_at, self.starts_at)

    def takes_registrations(self, now: datetime) -> bool:
        """Whether people can register, be it for the waiting list."""
        return self.state == self.State.PUBLISHED and now < self.registers_until

    def is_over(self, now: datetime) -> bool:
        """Whether it has ended or will never be."""
        return self.state in {self.State.CANCELLED, self.State.HELD} or self.ends_at <= now


class Attendee(models.Model):
    """One person's place at a gathering, from registering to having been there: one row for each person.

    `organization` is theirs at that time. It stays as it was when they change employers later.
    """

    class Status(models.TextChoices):
        REGISTERED = "registered", _("registered")
        WAITLISTED = "waitlisted", _("on the waiting list")
        OFFERED = "offered", _("offered a seat")
        ATTENDED = "attended", _("attended")
        ABSENT = "absent", _("absent")
        EXCUSED = "excused", _("excused")
        CANCELLED = "cancelled", _("cancelled")

    class CheckIn(models.TextChoices):
        """How we know that somebody was there."""

        QR = "qr", _("own QR code at the door")
        CODE = "code", _("code shown in the room")
        STAFF = "staff", _("ticked by staff")
        IMPORT = "import", _("attendance report")

    # Who takes a seat. An offered seat is kept free for the one it is offered to.
    SEATED = (Status.REGISTERED, Status.OFFERED, Status.ATTENDED)

    person = models.ForeignKey(Person, models.PROTECT, related_name="%(class)ss", verbose_name=_("person"))
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("organization at that time"),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    is_online = models.BooleanField(_("takes part online"), default=False)
    needs = models.CharField(_("access needs"), max_length=300, blank=True)
    language = models.CharField(_("preferred language"), max_length=40, blank=True)
    source = models.CharField(
        _("source code"), max_length=60, blank=True, help_text=_("Of the link by which they came.")
    )
    registered_at = models.DateTimeField(_("registered"))
    registered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("registered by")
    )
    # Since when they wait: the order in which seats that become free are given away.
    waiting_since = models.DateTimeField(_("waits since"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    check_in = models.CharField(_("checked in by"), max_length=6, choices=CheckIn.choices, blank=True)
    checked_in_at = models.DateTimeField(_("checked in"), null=True, blank=True)
    checked_in_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("checked in by")
    )
    minutes = models.PositiveSmallIntegerField(_("minutes there"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status__in=["waitlisted", "offered"])
                | models.Q(waiting_since__isnull=False),
                name="%(class)s_waiting_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="attended") | models.Q(checked_in_at__isnull=False),
                name="%(class)s_attended_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="cancelled") | models.Q(cancelled_at__isnull=False),
                name="%(class)s_cancelled_has_time",
            ),
        ]

    @property
    def has_seat(self) -> bool:
        """Whether the join link and the reminders are for them."""
        return self.status in {self.Status.REGISTERED, self.Status.ATTENDED}


class Notice(models.Model):
    """That somebody was told something about a gathering, written with the message: told once and never twice."""

    class Kind(models.TextChoices):
        WEEK = "week", _("a week before")
        DAY = "day", _("a day before")
        HOUR = "hour", _("an hour before")
        MOVED = "moved", _("time or place changed")
        CANCELLED = "cancelled", _("cancelled")
        FEEDBACK = "feedback", _("asked how it was")

    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)
    # The gathering's revision it tells of; a moved gathering is reminded of anew.
    revision = models.PositiveSmallIntegerField(_("revision"))
    # Without a time, the message waits for the worker.
    written_at = models.DateTimeField(_("written"), null=True, blank=True)

    class Meta:
        abstract = True


class Tick(models.Model):
    """One tick of a phone at the door, sent as often as it takes until it arrives; its key makes it count once.

    `made_at` is when somebody tapped, which may be long before it arrived. An older tick never undoes a newer one.
    """

    class Action(models.TextChoices):
        IN = "in", _("checked in")
        OUT = "out", _("taken back")

    key = models.UUIDField(_("key"), unique=True)
    action = models.CharField(_("what was done"), max_length=3, choices=Action.choices)
    made_at = models.DateTimeField(_("done"))
    made_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )
    received_at = models.DateTimeField(_("arrived"))

    class Meta:
        abstract = True
