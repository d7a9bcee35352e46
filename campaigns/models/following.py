"""What calls to action have followed of the legislature, so that nothing is done or told twice."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.call_to_action import CallToAction
from legislation.models import Hearing
from partners.models import Person


class FollowedHearing(models.Model):
    """A call's hearing as it stood when the call's deadline was last set by it. Where it differs, it has moved."""

    call_to_action = models.OneToOneField(
        CallToAction, models.CASCADE, primary_key=True, related_name="followed_hearing"
    )
    hearing = models.ForeignKey(Hearing, models.CASCADE, related_name="+")
    starts_at = models.DateTimeField(_("start of the hearing"))

    class Meta:
        verbose_name = _("hearing that a call follows")
        verbose_name_plural = _("hearings that calls follow")

    def __str__(self) -> str:
        return f"{self.call_to_action}: {self.hearing}"


class HearingNews(models.Model):
    """One news of a hearing that one person was told, once. Without a person it is the coalition's staff.

    `news` says what, with the day that the hearing was set for: `moved 2026-03-12`. What moves again is told again.
    The row is written together with the message that tells it.
    """

    hearing = models.ForeignKey(Hearing, models.CASCADE, related_name="slip_news")
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    news = models.CharField(_("news"), max_length=40)
    told_at = models.DateTimeField(_("told"))

    class Meta:
        verbose_name = _("news of a hearing")
        verbose_name_plural = _("news of hearings")
        constraints = [
            models.UniqueConstraint(
                fields=["hearing", "news", "person"], name="hearingnews_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.hearing}: {self.news}"
