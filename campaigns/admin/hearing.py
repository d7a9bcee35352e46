"""Hearings in the staff desk, with what calls to action add to them: the slip board, and windows without a call."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.enums import ActionVariant

from campaigns.desk import slip_board
from legislation.admin.hearings import HearingAdmin
from legislation.models import Hearing

admin.site.unregister(Hearing)


@admin.register(Hearing)
class HearingWithSlipsAdmin(HearingAdmin):
    """The floor below knows no calls to action, so its page gets their buttons here."""

    actions_list = ["slip_windows"]
    actions_detail = ["slip_board", *HearingAdmin.actions_detail]

    def get_urls(self) -> list:
        return [*slip_board.urls(self), *super().get_urls()]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        own = self.buttons(request, object_id, {"slip_board"}) if slip_board.may_see(request) else []
        return [*own, *super().get_actions_detail(request, object_id)]

    @action(
        description=gettext_lazy("Slip board"),
        icon="fact_check",
        permissions=["slips"],
        url_path="slip-board",
        variant=ActionVariant.PRIMARY,
    )
    def slip_board(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return slip_board.board(self, request, self.record(request, object_id))

    @action(
        description=gettext_lazy("Slip windows open"),
        icon="pending_actions",
        permissions=["slips"],
        url_path="slip-windows",
    )
    def slip_windows(self, request: HttpRequest) -> HttpResponse:
        return slip_board.windows(self, request)

    def has_slips_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return slip_board.may_see(request)
