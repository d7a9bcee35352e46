from django.urls import URLPattern, path

from legislation.views import positions

_positions = "organizations/<slug:slug>/positions/"

urlpatterns: list[URLPattern] = [
    path("positions/", positions.start, name="position_start"),
    path(_positions, positions.positions, name="positions"),
    path(f"{_positions}new/", positions.take, name="position_new"),
    path(f"{_positions}<int:pk>/approve/", positions.approve, name="position_approve"),
    path(f"{_positions}<int:pk>/decline/", positions.decline, name="position_decline"),
    path(f"{_positions}<int:pk>/withdraw/", positions.withdraw, name="position_withdraw"),
]
