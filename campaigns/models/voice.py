"""What the people who do the work said about a priority of the agenda."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaigns.models.agenda import Priority
from campaigns.models.consent import GivenWords
from campaigns.querysets import VoiceQuerySet
from partners.models import SubSector


class WorkerVoice(GivenWords):
    """A few sentences of a frontline worker on a priority, as far as they allow them to be told."""

    WORDS = ("quote", "first_name", "role", "place", "background", "email")

    priority = models.ForeignKey(
        Priority, models.PROTECT, related_name="voices", verbose_name=_("priority it is about")
    )
    quote = models.TextField(_("what they told us"), max_length=600, blank=True)
    first_name = models.CharField(
        _("first name"), max_length=60, blank=True, help_text=_("Empty for somebody who wants no name.")
    )
    role = models.CharField(_("role"), max_length=120, blank=True, help_text=_("Such as youth counselor"))
    place = models.CharField(_("town or county"), max_length=80, blank=True)
    sub_sector = models.ForeignKey(
        SubSector,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sub-sector they work in"),
    )
    background = models.CharField(
        _("how they describe themselves"),
        max_length=200,
        blank=True,
        help_text=_("In their own words, if they wish. Never published: it tells us whose voices we hear."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    history = HistoricalRecords(
        excluded_fields=["quote", "first_name", "role", "place", "background", "email"]
    )
    objects = VoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("worker's voice")
        verbose_name_plural = _("workers' voices")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="withdrawn")
                | models.Q(withdrawn_at__isnull=False, quote="", first_name="", role="", place="")
                & models.Q(background="", email="")
                & ~models.Q(withdrawal_proof=""),
                name="voice_withdrawn_is_erased",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="published")
                | models.Q(published_at__isnull=False) & ~models.Q(quote=""),
                name="voice_published_has_words",
            ),
        ]
        indexes = [models.Index(fields=["priority", "state"], name="voice_of_priority")]

    def __str__(self) -> str:
        # Without the words: the desk's log keeps this name after they are erased.
        return gettext("Voice %(number)s") % {"number": self.pk or ""}

    @property
    def shown_name(self) -> str:
        """The name under the words, as far as its author allows; empty for none."""
        return self.first_name if self.scope == self.Scope.PUBLIC else ""

    @property
    def shown_role(self) -> str:
        """Role and place under the words: somebody without a name is not named by their town either."""
        parts = [self.role, self.place if self.scope == self.Scope.PUBLIC else ""]
        return ", ".join(part for part in parts if part)
