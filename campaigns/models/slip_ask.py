"""What a call to action asks people to file as a witness slip."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.call_to_action import CallToAction
from legislation.models import HearingDocument, RecordedSlip


class SlipAsk(models.Model):
    """One document before the call's hearing, with the position that the coalition asks for."""

    call_to_action = models.ForeignKey(
        CallToAction, models.CASCADE, related_name="slip_asks", verbose_name=_("call to action")
    )
    document = models.ForeignKey(
        HearingDocument, models.CASCADE, related_name="asks", verbose_name=_("document")
    )
    position = models.CharField(
        _("position"),
        max_length=11,
        choices=RecordedSlip.Position.choices,
        default=RecordedSlip.Position.PROPONENT,
    )

    class Meta:
        verbose_name = _("witness slip asked for")
        verbose_name_plural = _("witness slips asked for")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["call_to_action", "document"], name="slip_ask_once"),
        ]

    def __str__(self) -> str:
        return f"{self.document}: {self.get_position_display()}"
