"""Links in a mailing, stored and signed, and the visits they brought."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mailing.models.mailing import Delivery, Mailing


class TrackedLink(models.Model):
    """One target a mailing points to. Mail carries its signed number, never the target itself."""

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="links", verbose_name=_("mailing"))
    url = models.URLField(_("target"), max_length=1000)
    identifies_recipient = models.BooleanField(
        _("tells the page who comes"),
        default=False,
        help_text=_("Adds the recipient's signed token, so that they need not type their name again."),
    )

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [models.UniqueConstraint(fields=["mailing", "url"], name="link_once_per_mailing")]

    def __str__(self) -> str:
        return self.url


class Click(models.Model):
    """One visit over a link. Mail scanners follow links too, so a visit counts only as `.counted()` says."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="clicks", verbose_name=_("delivery"))
    link = models.ForeignKey(TrackedLink, models.CASCADE, related_name="clicks", verbose_name=_("link"))
    clicked_at = models.DateTimeField(_("clicked"), auto_now_add=True)

    class Meta:
        verbose_name = _("click")
        verbose_name_plural = _("clicks")

    def __str__(self) -> str:
        return f"{self.link} ({self.clicked_at:%Y-%m-%d %H:%M})"
