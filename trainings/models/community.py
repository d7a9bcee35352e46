"""The community of practice: groups in which people of partners share experience, and how its peace is kept."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partners.models import Organization, Person, User
from trainings.community_querysets import GroupQuerySet, PostQuerySet


class Group(models.Model):
    """A circle about one subject. People of active partners read it; those who joined write in it."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("short name"), max_length=120, unique=True)
    summary = models.CharField(_("what it is about, in one sentence"), max_length=300)
    guidelines = models.TextField(_("how people treat each other here"), max_length=2000, blank=True)
    is_open = models.BooleanField(
        _("open"), default=True, help_text=_("In a group that is not open, people read and no longer write.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    history = HistoricalRecords()
    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("community:group", args=[self.slug])


class GroupMember(models.Model):
    """That somebody joined a group, and how often they want to read of it by mail."""

    class Digest(models.TextChoices):
        WEEKLY = "weekly", _("once a week")
        NONE = "none", _("no mail")

    group = models.ForeignKey(Group, models.CASCADE, related_name="members", verbose_name=_("group"))
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="group_memberships", verbose_name=_("person")
    )
    joined_at = models.DateTimeField(_("joined"))
    digest = models.CharField(_("mail"), max_length=6, choices=Digest.choices, default=Digest.WEEKLY)
    # Everything up to here was in a digest, or was there when they joined.
    digest_through = models.DateTimeField(_("told of everything until"))
    muted_at = models.DateTimeField(_("may no longer write since"), null=True, blank=True)
    muted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("muted by")
    )

    history = HistoricalRecords(excluded_fields=["digest_through"])

    class Meta:
        verbose_name = _("member of a group")
        verbose_name_plural = _("members of groups")
        ordering = ["person__last_name", "person__first_name"]
        constraints = [models.UniqueConstraint(fields=["group", "person"], name="group_member_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.group}"


class Post(models.Model):
    """What somebody wrote: a subject with its own headline, or a reply to one. `text` is plain."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="posts", verbose_name=_("group"))
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="replies", verbose_name=_("reply to")
    )
    author = models.ForeignKey(
        Person, models.PROTECT, related_name="community_posts", verbose_name=_("written by")
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="community_posts",
        verbose_name=_("organization at that time"),
    )
    title = models.CharField(_("headline"), max_length=160, blank=True)
    text = models.TextField(_("text"))
    written_at = models.DateTimeField(_("written"))
    edited_at = models.DateTimeField(_("changed"), null=True, blank=True)
    # Of a subject: when the newest of it was written.
    active_at = models.DateTimeField(_("last written in"))
    removed_at = models.DateTimeField(_("removed by its author"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    hidden_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("hidden by")
    )
    hidden_reason = models.CharField(_("why it is hidden"), max_length=300, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )

    history = HistoricalRecords()
    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["-written_at"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(parent__isnull=True) & ~Q(title="")) | (Q(parent__isnull=False) & Q(title="")),
                name="post_subject_has_headline",
            ),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True) | ~Q(hidden_reason=""), name="post_hidden_has_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["group", "-active_at"], condition=Q(parent__isnull=True), name="post_subjects"
            ),
            models.Index(fields=["group", "written_at"], name="post_news"),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.author}, {self.written_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        subject = self.parent_id or self.pk
        return f"{reverse('community:subject', args=[self.group.slug, subject])}#post-{self.pk}"

    @property
    def is_readable(self) -> bool:
        """Whether its words are shown: neither hidden nor removed."""
        return self.hidden_at is None and self.removed_at is None

    def is_new(self, since: datetime) -> bool:
        """Whether it was written after a moment."""
        return self.written_at > since


class PostReport(models.Model):
    """That somebody told the moderators of a post."""

    class Outcome(models.TextChoices):
        HIDDEN = "hidden", _("the post was hidden")
        KEPT = "kept", _("the post stays")

    post = models.ForeignKey(Post, models.CASCADE, related_name="reports", verbose_name=_("post"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("reported by"))
    reason = models.CharField(_("what is wrong"), max_length=500)
    reported_at = models.DateTimeField(_("reported"))
    outcome = models.CharField(_("outcome"), max_length=6, choices=Outcome.choices, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    class Meta:
        verbose_name = _("report of a post")
        verbose_name_plural = _("reports of posts")
        ordering = ["reported_at"]
        constraints = [
            models.UniqueConstraint(fields=["post", "person"], name="post_report_once"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True)
                | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="post_report_decided_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post}: {self.reason}"


class GroupResource(models.Model):
    """A link that a group keeps at hand: a guide, a recording, a shared document."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="resources", verbose_name=_("group"))
    title = models.CharField(_("title"), max_length=160)
    url = models.URLField(_("address"), max_length=500)
    shared_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("shared by")
    )
    shared_at = models.DateTimeField(_("shared"), auto_now_add=True)

    class Meta:
        verbose_name = _("resource of a group")
        verbose_name_plural = _("resources of groups")
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["group", "url"], name="group_resource_once")]

    def __str__(self) -> str:
        return self.title
