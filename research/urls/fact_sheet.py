"""Addresses of fact sheets, their PDFs and their earlier versions."""

from django.urls import path

from research.views import fact_sheet as views

_sheet = "research/fact-sheets/<slug:slug>/"

urlpatterns = [
    path("research/fact-sheets/", views.fact_sheet_list, name="fact_sheet_list"),
    path(_sheet, views.fact_sheet, name="fact_sheet"),
    path(f"{_sheet}fact-sheet.pdf", views.fact_sheet_pdf, name="fact_sheet_pdf"),
    path(f"{_sheet}versions/<int:number>/", views.fact_sheet, name="fact_sheet_version"),
    path(
        f"{_sheet}versions/<int:number>/fact-sheet.pdf", views.fact_sheet_pdf, name="fact_sheet_version_pdf"
    ),
]
