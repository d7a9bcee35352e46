"""Forms of the staff desk about workers' voices: they check what staff enter and write nothing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from campaigns.models import Priority


def _reason(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=300,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        error_messages={"required": _("Say why no worker's voice stands beside it.")},
    )


class VoiceReasonForm(forms.Form):
    """Why one priority stands without a worker's voice."""

    reason = _reason(_("Why"))


class VoiceReasonsForm(forms.Form):
    """The same for each priority that lacks a voice; no field where none does."""

    def __init__(self, *args: Any, priorities: Sequence[Priority], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for priority in priorities:
            self.fields[f"reason-{priority.pk}"] = _reason(
                _("Why no voice: %(title)s") % {"title": priority.title}
            )

    def reasons(self) -> dict[int, str]:
        """The reasons by the priorities' numbers."""
        return {int(name.removeprefix("reason-")): reason for name, reason in self.cleaned_data.items()}
