"""Technical assistance (TA): what partners ask for to put a training to use, and how soon they are answered."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.models import Organization, Person, User
from trainings.assistance_querysets import AssistanceRequestQuerySet, ResourceQuerySet
from trainings.models.course import CourseTopic
from trainings.models.session import Session


class AssistanceRequest(models.Model):
    """One request for help, from its first words to its outcome."""

    class State(models.TextChoices):
        OPEN = "open", _("waits for us")
        ANSWERED = "answered", _("waits for the partner")
        CLOSED = "closed", _("closed")

    reference = models.CharField(_("reference"), max_length=12, unique=True)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="assistance_requests", verbose_name=_("person")
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assistance_requests",
        verbose_name=_("organization at that time"),
    )
    topic = models.ForeignKey(
        CourseTopic,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assistance_requests",
        verbose_name=_("topic"),
    )
    session = models.ForeignKey(
        Session,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assistance_requests",
        verbose_name=_("training it follows"),
    )
    subject = models.CharField(_("what it is about"), max_length=160)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(_("asked"))
    assigned_to = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who looks after it")
    )
    answered_at = models.DateTimeField(_("first answer"), null=True, blank=True)
    answered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("first answer by")
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)

    history = HistoricalRecords()
    objects = AssistanceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for assistance")
        verbose_name_plural = _("requests for assistance")
        ordering = ["opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="closed") & Q(closed_at__isnull=False))
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="assistance_closed_has_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "opened_at"], name="assistance_queue")]

    def __str__(self) -> str:
        return f"{self.reference}: {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("my_trainings:assistance_request", args=[self.reference])


class AssistanceMessage(models.Model):
    """What one side wrote in a request: the partner's person, or staff."""

    request = models.ForeignKey(
        AssistanceRequest, models.CASCADE, related_name="messages", verbose_name=_("request")
    )
    staff = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("staff member")
    )
    is_ours = models.BooleanField(_("from us"), default=False)
    text = models.TextField(_("text"))
    written_at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.text[:80]


class Resource(models.Model):
    """Something to work with after a training: a guide, slides, a recording."""

    class Kind(models.TextChoices):
        GUIDE = "guide", _("guide")
        SLIDES = "slides", _("slides")
        RECORDING = "recording", _("recording")
        TEMPLATE = "template", _("template to fill in")

    class Audience(models.TextChoices):
        EVERYONE = "everyone", _("everyone")
        PARTNERS = "partners", _("people of partner organizations")

    title = models.CharField(_("title"), max_length=160)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)
    summary = models.CharField(_("summary, in one sentence"), max_length=300, blank=True)
    url = models.URLField(_("address"), max_length=500)
    topics = models.ManyToManyField(
        CourseTopic, related_name="resources", blank=True, verbose_name=_("topics")
    )
    audience = models.CharField(
        _("for whom"), max_length=8, choices=Audience.choices, default=Audience.EVERYONE
    )
    # Counted without knowing who: how often its link was opened here.
    opened = models.PositiveIntegerField(_("opened"), default=0, editable=False)
    added_on = models.DateField(_("added"), auto_now_add=True)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title
