"""The people who work in human services: what they can do, how they learned it, what it changes."""

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Value, When
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaigns.models.consent import GivenWords
from campaigns.querysets import NAMELESS, ProfileQuerySet
from partners.models import Organization
from partners.searching import search_words

_ERASED = ("name", "role", "city", "summary", "skill", "training", "result", "quote", "email")


def _if_public(field: str) -> Case:
    """A field for those who allow their name, and nothing for others."""
    return Case(When(scope="public", then=field), default=Value(""))


class WorkerProfile(GivenWords):
    """One skilled worker's page, told with their consent and without a photo."""

    WORDS = _ERASED
    TELLING_ADDRESS = _("They allow no name and no place, and the short name stands in the page's address.")

    name = models.CharField(
        _("name"), max_length=120, blank=True, help_text=_("As they wish to be named on the site.")
    )
    slug = models.SlugField(_("short name"), max_length=120, unique=True)
    role = models.CharField(_("role"), max_length=120, blank=True)
    organization = models.ForeignKey(
        Organization,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="worker_profiles",
        verbose_name=_("organization"),
    )
    city = models.CharField(_("city"), max_length=80, blank=True)
    summary = models.CharField(_("in one sentence"), max_length=300, blank=True)
    skill = models.TextField(
        _("the skill"), blank=True, help_text=_("What they do that not everybody could do.")
    )
    training = models.TextField(
        _("the training"), blank=True, help_text=_("How they learned it, and how long it took.")
    )
    result = models.TextField(
        _("what it changed"),
        blank=True,
        help_text=_("For whom, and how we know. No client's name or health."),
    )
    quote = models.CharField(_("in their own words"), max_length=300, blank=True)

    # No search finds by what their page does not show.
    search = search_words(
        a=_if_public("name"),
        b=("role", "summary"),
        c=("skill", "training", "result", "quote", _if_public("city")),
    )

    history = HistoricalRecords(excluded_fields=[*_ERASED, "search"])
    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("worker profile")
        verbose_name_plural = _("worker profiles")
        ordering = ["-published_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="withdrawn")
                | models.Q(withdrawn_at__isnull=False, organization__isnull=True)
                & models.Q(**dict.fromkeys(_ERASED, ""))
                & ~models.Q(withdrawal_proof=""),
                name="worker_profile_withdrawn_is_erased",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="published")
                | models.Q(published_at__isnull=False) & ~models.Q(name="") & ~models.Q(skill=""),
                name="worker_profile_published_is_whole",
            ),
        ]
        indexes = [GinIndex(fields=["search"], name="workerprofile_search")]

    def __str__(self) -> str:
        # Without the name: the desk's log keeps it after it is erased.
        return gettext("Worker profile %(number)s") % {"number": self.pk or ""}

    def clean(self) -> None:
        super().clean()
        if self.address_names_them:
            raise ValidationError({"slug": self.TELLING_ADDRESS})

    def get_absolute_url(self) -> str:
        return reverse("campaigns:profile", args=[self.slug])

    @property
    def address_names_them(self) -> bool:
        """Whether the address holds a part of a name or a place that they do not let us tell."""
        if self.scope == self.Scope.PUBLIC:
            return False
        hidden = _address_words(f"{self.name} {self.city}") - _address_words(self.role)
        return bool(hidden & _address_words(self.slug))

    @property
    def shown_name(self) -> str:
        """The name on the page; for one who allows none, what they do."""
        if self.scope == self.Scope.PUBLIC:
            return self.name
        return self.role or str(NAMELESS)

    @property
    def shown_role(self) -> str:
        return self.role if self.scope == self.Scope.PUBLIC else ""

    @property
    def shown_city(self) -> str:
        return self.city if self.scope == self.Scope.PUBLIC else ""


def _address_words(text: str) -> set[str]:
    """The words of a text as an address spells them; single letters say nothing."""
    return {word for word in slugify(text).split("-") if len(word) > 1}
