"""What somebody who works in human services told us, and what they allow us to do with it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class GivenWords(models.Model):
    """Words that belong to the person who gave them. They may withdraw them at any time: then the words are erased,
    and the proof of it stays."""

    class Scope(models.TextChoices):
        PUBLIC = "public", _("publish it with the name given here")
        ANONYMOUS = "anonymous", _("publish it without a name or a place")
        LAWMAKERS = "lawmakers", _("show it to lawmakers only, not to the public")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn by its author")

    # The fields that hold what they said and who they are: a withdrawal empties them.
    WORDS: ClassVar[tuple[str, ...]] = ()

    scope = models.CharField(
        _("what they allow"), max_length=10, choices=Scope.choices, default=Scope.ANONYMOUS
    )
    scope_text = models.TextField(
        _("consent in the words they agreed to"),
        help_text=_("As they read it or heard it. It stays as the proof of what they allowed."),
    )
    consented_at = models.DateTimeField(_("consent given"), default=timezone.now)
    email = models.EmailField(
        _("their e-mail address"),
        blank=True,
        help_text=_("Never published. The link by which they withdraw goes there when it is published."),
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("written down by"),
    )
    entered_at = models.DateTimeField(_("written down"), default=timezone.now, editable=False)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.DRAFT)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawal_proof = models.CharField(
        _("proof of the withdrawal"), max_length=64, blank=True, help_text=_("Digest of the erased text.")
    )

    class Meta:
        abstract = True

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it now."""
        return self.state == self.State.PUBLISHED and self.scope != self.Scope.LAWMAKERS
