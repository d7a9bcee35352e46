"""One thing to do before a deadline."""

from datetime import datetime

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaigns.models.addresses import not_reserved
from campaigns.models.campaign import Campaign
from campaigns.querysets import CallToActionQuerySet
from legislation.models import Bill, Hearing
from partners.html import RichTextField
from partners.searching import search_words
from surveys.models import Survey


class CallToAction(models.Model):
    """A call to action (CTA). It is open while it is published and now lies between its two dates."""

    class Kind(models.TextChoices):
        PETITION = "petition", _("petition")
        PLEDGE = "pledge", _("pledge")
        EMAIL = "email", _("e-mail your legislators")
        PHONE = "phone", _("call your legislators")
        SLIP = "slip", _("witness slip")
        SIGN_ON = "sign_on", _("sign-on letter")
        STORY = "story", _("share your story")
        SURVEY = "survey", _("survey")
        RSVP = "rsvp", _("invitation")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        CLOSED = "closed", _("closed")
        ARCHIVED = "archived", _("archived")

    class Audience(models.TextChoices):
        EVERYONE = "everyone", _("everyone")
        PARTNERS = "partners", _("people of partner organizations")
        ACTORS = "actors", _("primary contacts and advocates of partners")
        SPEAKERS = "speakers", _("those who may speak for a partner: its primary contacts")

    class Unit(models.TextChoices):
        """What the goal counts."""

        PEOPLE = "people", _("people")
        ORGANIZATIONS = "organizations", _("partner organizations")

    title = models.CharField(_("headline"), max_length=160)
    slug = models.SlugField(_("short name"), max_length=120, unique=True, validators=[not_reserved])
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.PETITION)
    campaign = models.ForeignKey(
        Campaign,
        models.PROTECT,
        related_name="calls_to_action",
        null=True,
        blank=True,
        verbose_name=_("campaign"),
    )
    ask = models.CharField(_("the ask, in one sentence"), max_length=300)
    why = RichTextField(_("why it matters"))
    statement = models.TextField(
        _("what people put their name to"),
        blank=True,
        help_text=_(
            "The words of the petition, the pledge or the letter, as decision makers will read them."
        ),
    )
    bill = models.ForeignKey(
        Bill,
        models.SET_NULL,
        related_name="calls_to_action",
        null=True,
        blank=True,
        verbose_name=_("bill it is about"),
    )
    ends_with_stage = models.BooleanField(
        _("ends when the bill moves on"),
        default=False,
        help_text=_("It closes by itself when the bill leaves the stage that it has when this is published."),
    )
    # The stage of the bill when the call was published.
    bill_stage = models.CharField(max_length=20, blank=True, editable=False)
    audience = models.CharField(
        _("who may act"), max_length=8, choices=Audience.choices, default=Audience.EVERYONE
    )
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.DRAFT)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    hearing = models.ForeignKey(
        Hearing,
        models.SET_NULL,
        related_name="calls_to_action",
        null=True,
        blank=True,
        verbose_name=_("hearing it is about"),
        help_text=_("Alerts stop when the hearing begins, and wait when it is cancelled."),
    )
    goal = models.PositiveIntegerField(_("goal"), null=True, blank=True)
    goal_unit = models.CharField(_("goal counts"), max_length=13, choices=Unit.choices, default=Unit.PEOPLE)
    survey = models.ForeignKey(
        Survey,
        models.PROTECT,
        related_name="calls_to_action",
        null=True,
        blank=True,
        verbose_name=_("survey"),
    )
    consent_text = models.CharField(
        _("privacy line"),
        max_length=400,
        help_text=_("What happens with a person's name and answer. Stored with each action."),
    )
    next_step = models.CharField(_("next step after acting"), max_length=200, blank=True)
    next_step_url = models.URLField(_("address of the next step"), blank=True)
    is_standing = models.BooleanField(
        _("takes stories at any time"),
        default=False,
        db_default=False,
        help_text=_("For one call of the kind “share your story”: it has no deadline and stands on no list."),
    )
    outcome = models.TextField(_("outcome"), blank=True, help_text=_("What came of it, with numbers."))
    successor = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("continued by"),
        help_text=_("An archived call leads its visitors here, or else to its campaign."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    search = search_words(a="title", b=("ask",), c=("why", "outcome"), d=("statement",))

    history = HistoricalRecords()
    objects = CallToActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("call to action")
        verbose_name_plural = _("calls to action")
        ordering = ["closes_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="cta_closes_after_opening"
            ),
            # Nobody signs for an organization who may not speak for it.
            models.CheckConstraint(
                condition=~models.Q(kind="sign_on") | models.Q(audience="speakers"),
                name="cta_sign_on_is_for_speakers",
            ),
            models.CheckConstraint(
                condition=models.Q(is_standing=False) | models.Q(kind="story", audience="everyone"),
                name="cta_standing_takes_stories",
            ),
            models.UniqueConstraint(
                fields=["is_standing"],
                condition=models.Q(is_standing=True) & models.Q(status__in=["draft", "published"]),
                name="cta_one_standing",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "closes_at"], name="cta_open"),
            GinIndex(fields=["search"], name="cta_search"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("campaigns:action", args=[self.slug])

    def is_open(self, now: datetime | None = None) -> bool:
        """Whether people can act at this moment."""
        now = now or timezone.now()
        return self.status == self.Status.PUBLISHED and self.opens_at <= now < self.closes_at

    def is_over(self, now: datetime | None = None) -> bool:
        """Whether the time to act has passed."""
        now = now or timezone.now()
        return self.status in {self.Status.CLOSED, self.Status.ARCHIVED} or self.closes_at <= now

    @property
    def mail_until(self) -> datetime:
        """When alerts about it stop: at its deadline, or when its hearing begins or has ended, if that is sooner."""
        moments = [self.closes_at]
        if self.hearing is not None and not self.hearing_is_off:
            moments += [moment for moment in (self.hearing.starts_at, self.hearing.ended_at) if moment]
        return min(moments)

    @property
    def hearing_is_off(self) -> bool:
        """Whether its hearing was cancelled, or another posting took its place: staff decide what comes now."""
        hearing = self.hearing
        if hearing is None or hearing.state == Hearing.State.SCHEDULED:
            return False
        return hearing.state == Hearing.State.CANCELLED or hearing.moved_from is None

    @property
    def act_label(self) -> str:
        """What the button says."""
        return str(_ACT_LABELS[self.Kind(self.kind)])


_ACT_LABELS = {
    CallToAction.Kind.PETITION: _("Add my name"),
    CallToAction.Kind.PLEDGE: _("Make my pledge"),
    CallToAction.Kind.EMAIL: _("E-mail my legislators"),
    CallToAction.Kind.PHONE: _("Call my legislators"),
    CallToAction.Kind.SLIP: _("File a witness slip"),
    CallToAction.Kind.SIGN_ON: _("Sign for my organization"),
    CallToAction.Kind.STORY: _("Share my story"),
    CallToAction.Kind.SURVEY: _("Send my answers"),
    CallToAction.Kind.RSVP: _("Answer the invitation"),
}
