"""Addresses of the public pages of research, by noun. Fixed words come before those that take a short name."""

from django.urls import URLPattern

from research.urls import fact_sheet, finding, loan_repayment, press, project, report, toolkit

app_name = "research"

urlpatterns: list[URLPattern] = [
    *fact_sheet.urlpatterns,
    *finding.urlpatterns,
    *loan_repayment.urlpatterns,
    *press.urlpatterns,
    *project.urlpatterns,
    *report.urlpatterns,
    *toolkit.urlpatterns,
]
