"""Public addresses of the partners on record on a bill."""

from django.urls import URLPattern, path

from legislation.views import on_record

_bill = "bills/<int:session>/<str:identifier>/"

urlpatterns: list[URLPattern] = [
    path(f"{_bill}positions/", on_record.bill_positions, name="bill_positions"),
    path(f"{_bill}positions.csv", on_record.bill_positions_csv, name="bill_positions_csv"),
]
