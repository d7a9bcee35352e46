"""Stories that people share with us, and what they allow us to do with them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaigns.models.action import ActionTaken
from campaigns.models.story import Story
from campaigns.querysets import SharedStoryQuerySet


class SharedStory(models.Model):
    """A person's own story. They may withdraw it at any time; then the text is erased and the proof of it stays."""

    class Scope(models.TextChoices):
        PUBLIC = "public", _("publish it with my name")
        FIRST_NAME = "first_name", _("publish it with my first name and place only")
        ANONYMOUS = "anonymous", _("publish it without my name")
        LAWMAKERS = "lawmakers", _("show it to lawmakers only, not to the public")

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for our staff to read it")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("not used")
        WITHDRAWN = "withdrawn", _("withdrawn by its author")

    action = models.OneToOneField(
        ActionTaken, models.PROTECT, related_name="shared_story", verbose_name=_("action taken")
    )
    title = models.CharField(_("headline"), max_length=160, blank=True)
    text = models.TextField(_("story"), max_length=6000, blank=True)
    place = models.CharField(_("place"), max_length=80, blank=True)
    scope = models.CharField(_("what we may do with it"), max_length=10, choices=Scope.choices)
    scope_text = models.TextField(_("consent in the words they read"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.WAITING)
    moderated_at = models.DateTimeField(_("read"), null=True, blank=True)
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("read by"),
    )
    decline_reason = models.CharField(_("why it was not used"), max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawal_proof = models.CharField(
        _("proof of the withdrawal"), max_length=64, blank=True, help_text=_("Digest of the erased text.")
    )
    # Where staff made a story of it: a withdrawal takes that off the site too.
    story = models.ForeignKey(
        Story,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="sources",
        verbose_name=_("story made of it"),
    )

    history = HistoricalRecords(excluded_fields=["title", "text"])
    objects = SharedStoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared story")
        verbose_name_plural = _("shared stories")
        ordering = ["-action__acted_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="withdrawn")
                | models.Q(withdrawn_at__isnull=False, text="", title="") & ~models.Q(withdrawal_proof=""),
                name="shared_story_withdrawn_is_erased",
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(_("A story"))
