"""Events of every kind, and what belongs to one."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from meetings.querysets import EventQuerySet, FollowUpQuerySet
from partners.gatherings.models import Gathering
from partners.html import RichTextField
from partners.models import Area, User
from partners.searching import search_words


class Event(Gathering):
    """A meeting of a council, an advocacy day, a forum, a webinar or an internal event."""

    class Kind(models.TextChoices):
        COUNCIL = "council", _("Local Area Council meeting")
        ADVOCACY_DAY = "advocacy_day", _("advocacy day")
        COALITION = "coalition", _("HHS Coalition meeting")
        FORUM = "forum", _("forum")
        WEBINAR = "webinar", _("webinar")
        INTERNAL = "internal", _("internal event")

    class Audience(models.TextChoices):
        EVERYONE = "everyone", _("everyone")
        PARTNERS = "partners", _("people of partner organizations")
        STAFF = "staff", _("board and staff")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=160)
    slug = models.SlugField(_("short name"), max_length=120, unique=True)
    area = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("Local Area Council"),
        help_text=_("Of a council's meeting; for other events only where they concern one area."),
    )
    audience = models.CharField(
        _("who may come"), max_length=8, choices=Audience.choices, default=Audience.EVERYONE
    )
    summary = models.CharField(_("summary, in one sentence"), max_length=300, blank=True)
    body = RichTextField(_("about it"), blank=True)
    agenda = RichTextField(_("agenda"), blank=True)
    notes = RichTextField(_("notes"), blank=True)
    notes_published_at = models.DateTimeField(_("notes published"), null=True, blank=True, editable=False)
    notes_published_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("notes published by"),
    )
    search = search_words(a="title", b=("summary", "city", "venue"), c=("body",), d=("agenda",))

    history = HistoricalRecords()
    objects = EventQuerySet.as_manager()

    class Meta(Gathering.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["starts_at"]
        constraints = [
            *Gathering.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(kind="council") | models.Q(area__isnull=False),
                name="event_council_has_area",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="internal") | models.Q(audience="staff"),
                name="event_internal_is_for_staff",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "starts_at"], name="event_coming"),
            models.Index(fields=["area", "starts_at"], name="event_of_area"),
            GinIndex(fields=["search"], name="event_search"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:event", args=[self.slug])


class EventDocument(models.Model):
    """A file or a link that belongs to an event: slides, a handout, the minutes."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="documents", verbose_name=_("event"))
    title = models.CharField(_("title"), max_length=160)
    file = models.FileField(_("file"), upload_to="events/", blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(file="") & ~models.Q(url="")) | (~models.Q(file="") & models.Q(url="")),
                name="event_document_file_or_link",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class FollowUp(models.Model):
    """What somebody took on at an event."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="follow_ups", verbose_name=_("event"))
    task = models.CharField(_("what is to do"), max_length=300)
    owner = models.ForeignKey(
        "partners.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("who does it"),
    )
    due_on = models.DateField(_("until"), null=True, blank=True)
    # When the owner was told that it is theirs, and when that it is due: each once.
    assigned_at = models.DateTimeField(_("given to them"), null=True, blank=True, editable=False)
    assigned_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("given by"),
    )
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True, editable=False)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )

    history = HistoricalRecords()
    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.task
