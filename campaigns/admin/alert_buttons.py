"""The buttons of an alert: which ones it has in each state, and the pages behind them."""

from collections.abc import Callable

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.enums import ActionVariant

from campaigns.desk import alert_checks, alert_preview, alert_results, alert_sending, alert_steps
from campaigns.models import ActionAlert
from partners.admin.base import PartnersAdmin
from partners.admin.editing import SECOND_ROW

State = ActionAlert.State
_ALWAYS = {"preview", "copy"}
_SENT = _ALWAYS | {"result"}
BUTTONS = {
    State.DRAFT: _ALWAYS | {"checks", "send_test", "submit", "send_now", "schedule", "cancel"},
    State.WAITING: _ALWAYS | {"checks", "send_test", "approve", "send_back", "cancel"},
    State.SCHEDULED: _SENT | {"pause", "cancel"},
    State.SENDING: _SENT | {"pause", "cancel"},
    State.PAUSED: _SENT | {"resume", "cancel"},
    State.SENT: _SENT,
    State.CANCELLED: _SENT,
    State.EXPIRED: _SENT,
}
Page = Callable[[PartnersAdmin, HttpRequest, ActionAlert], HttpResponse]


class AlertButtons(PartnersAdmin):
    """The buttons over an alert's form. Each leads to a page that shows or asks first."""

    actions_detail = [
        "preview",
        "checks",
        "result",
        "send_now",
        "approve",
        "send_back",
        "resume",
        "pause",
        "send_test",
        "submit",
        "schedule",
        "copy",
        "cancel",
    ]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        alert = self.record(request, object_id)
        return self.buttons(request, object_id, BUTTONS[State(alert.state)])

    def _page(self, page: Page, request: HttpRequest, object_id: str) -> HttpResponse:
        alert = self.record(request, object_id)
        # A page asks several times for what the alert says.
        prefetch_related_objects([alert], "blocks")
        return page(self, request, alert)

    @action(description=gettext_lazy("Preview"), icon="visibility", permissions=["view"], url_path="preview")
    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._page(alert_preview.preview, request, object_id)

    @action(description=gettext_lazy("Checks"), icon="checklist", permissions=["view"], url_path="checks")
    def checks(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._page(alert_checks.checks, request, object_id)

    @action(description=gettext_lazy("Result"), icon="bar_chart", permissions=["view"], url_path="result")
    def result(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._page(alert_results.result, request, object_id)

    @action(
        description=gettext_lazy("Send a test"),
        icon="science",
        permissions=["work"],
        url_path="test",
        attrs=SECOND_ROW,
    )
    def send_test(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._page(alert_steps.send_test, request, object_id)

    @action(
        description=gettext_lazy("Send now"),
        icon="send",
        permissions=["work"],
        url_path="send",
        variant=ActionVariant.PRIMARY,
    )
    def send_now(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._page(alert_sending.send_now, request, object_id)

    @action(
        description=gettext_lazy("Schedule"),
        icon="schedule",
        permissions=["work"],
        url_path="schedule",
        attrs=SECOND_ROW,
    )
    def schedule(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._page(alert_sending.schedule, request, object_id)

    @action(
        description=gettext_lazy("Submit for approval"),
        icon="how_to_reg",
        permissions=["work"],
        url_path="submit",
        attrs=SECOND_ROW,
    )
    def submit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._page(alert_sending.submit, request, object_id)

    @action(
        description=gettext_lazy("Approve"),
        icon="verified",
        permissions=["approve"],
        url_path="approve",
        variant=ActionVariant.PRIMARY,
    )
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._page(alert_sending.approve, request, object_id)

    @action(description=gettext_lazy("Send back"), icon="undo", permissions=["work"], url_path="send-back")
    def send_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._page(alert_steps.send_back, request, object_id)

    @action(description=gettext_lazy("Pause"), icon="pause", permissions=["work"], url_path="pause")
    def pause(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._page(alert_steps.pause, request, object_id)

    @action(
        description=gettext_lazy("Resume"),
        icon="play_arrow",
        permissions=["work"],
        url_path="resume",
        variant=ActionVariant.PRIMARY,
    )
    def resume(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._page(alert_steps.resume, request, object_id)

    @action(
        description=gettext_lazy("Cancel this alert"),
        icon="cancel",
        permissions=["work"],
        url_path="cancel",
        attrs=SECOND_ROW,
        variant=ActionVariant.DANGER,
    )
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._page(alert_steps.cancel, request, object_id)

    @action(
        description=gettext_lazy("Copy as a new draft"),
        icon="content_copy",
        permissions=["work"],
        url_path="copy",
        attrs=SECOND_ROW,
    )
    def copy(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._page(alert_steps.copy, request, object_id)

    def has_approve_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """The right to approve what others wrote."""
        return request.user.has_perm("campaigns.approve_actionalert")
