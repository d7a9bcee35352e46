"""The coalition's own facts, which staff edit: name, address, mission, board, staff, allies."""

from itertools import count
from typing import Any

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _


class Coalition(models.Model):
    """The one row that says who runs this portal."""

    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=60)
    tagline = models.CharField(_("one sentence"), max_length=200)
    mission = models.TextField(_("mission"))
    about = models.TextField(_("about us"), blank=True)
    street = models.CharField(_("street address"), max_length=120)
    city_line = models.CharField(_("city, state and ZIP"), max_length=120)
    phone = models.CharField(_("phone"), max_length=30)
    email = models.EmailField(_("e-mail address"))
    logo = models.ImageField(
        _("logo"),
        upload_to="logos/",
        blank=True,
        help_text=_("PNG, JPEG or WebP of at most 2 MB. Without one, pages show the drawn mark."),
    )
    facebook_url = models.URLField(_("Facebook page"), blank=True)
    x_url = models.URLField(_("X page"), blank=True)
    linkedin_url = models.URLField(_("LinkedIn page"), blank=True)
    partner_goal = models.PositiveIntegerField(_("goal: active partners"), null=True, blank=True)
    participant_goal = models.PositiveIntegerField(
        _("goal: people who act, per fiscal year"), null=True, blank=True
    )
    approval_above = models.PositiveIntegerField(
        _("alerts to more people need a second person"),
        default=500,
        db_default=500,
        help_text=_("Whoever wrote or submitted such an alert can't be the one who approves it."),
    )
    staff_hour_cost = models.DecimalField(
        _("cost of an hour of staff time, in dollars"),
        max_digits=7,
        decimal_places=2,
        default=0,
        db_default=0,
        help_text=_("For the lobbying report; with benefits and overhead."),
    )

    class Meta:
        verbose_name = _("coalition")
        verbose_name_plural = _("coalition")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="coalition_one_row")]

    def __str__(self) -> str:
        return self.name

    @property
    def postal_address(self) -> str:
        """One line, as the law wants it under every bulk message."""
        return f"{self.street}, {self.city_line}"

    @property
    def address_lines(self) -> list[str]:
        return [self.street, self.city_line]

    @property
    def social_links(self) -> list[dict[str, str]]:
        """The pages that are set, as `label` and `url`."""
        links = [("Facebook", self.facebook_url), ("X", self.x_url), ("LinkedIn", self.linkedin_url)]
        return [{"label": label, "url": url} for label, url in links if url]


class TeamMember(models.Model):
    """Somebody on the board or on the staff, as the About pages show them."""

    class Kind(models.TextChoices):
        BOARD = "board", _("board")
        STAFF = "staff", _("staff")

    kind = models.CharField(_("board or staff"), max_length=5, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=120)
    organization = models.CharField(_("organization"), max_length=160, blank=True)
    quote = models.CharField(_("in their own words"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("board or staff member")
        verbose_name_plural = _("board and staff")
        ordering = ["kind", "order", "name"]

    def __str__(self) -> str:
        return self.name


class Ally(models.Model):
    """Another coalition we sit in, or an organization we work with. Its words stay its own."""

    class Kind(models.TextChoices):
        COALITION = "coalition", _("coalition or table where we represent the sector")
        ALLY = "ally", _("organization with a mission of its own")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.COALITION)
    name = models.CharField(_("name"), max_length=160, unique=True)
    slug = models.SlugField(
        _("short name"),
        max_length=120,
        unique=True,
        blank=True,
        help_text=_("Stands in the address of its page. Made of the name when empty."),
    )
    summary = models.TextField(_("what it does, or believes, in its own name"), blank=True)
    our_part = models.CharField(_("our part in it"), max_length=300, blank=True)
    website = models.URLField(_("website"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("ally")
        verbose_name_plural = _("allies")
        ordering = ["kind", "order", "name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            wanted = slugify(self.name)[:100] or "ally"
            taken = Ally.objects.filter(slug__startswith=wanted).values_list("slug", flat=True)
            self.slug = free_slug(wanted, set(taken))
        super().save(*args, **kwargs)


def free_slug(wanted: str, taken: set[str]) -> str:
    """The wanted short name, or the first one with a number behind it that nobody has."""
    if wanted not in taken:
        return wanted
    return next(name for number in count(2) if (name := f"{wanted}-{number}") not in taken)
