"""Addresses of the hub and of reports."""

from django.urls import path

from research.views import hub, report, report_feed

urlpatterns = [
    path("research/", hub.hub, name="hub"),
    path("research/reports/", report.report_list, name="report_list"),
    path("research/reports/feed/", report_feed.report_feed, name="report_feed"),
    path("research/reports/<slug:slug>/", report.report, name="report"),
    path("research/reports/<slug:slug>/report.pdf", report.report_pdf, name="report_pdf"),
    path("research/reports/<slug:slug>/tables.zip", report.report_tables, name="report_tables"),
    path("research/reports/<slug:slug>/table-<int:number>.csv", report.report_table, name="report_table"),
    path("research/reports/<slug:slug>/cite.<slug:style>", report.report_citation, name="report_citation"),
    path(
        "research/reports/<slug:slug>/versions/<int:version>/",
        report.report,
        name="report_version",
    ),
    path(
        "research/reports/<slug:slug>/versions/<int:version>/report.pdf",
        report.report_pdf,
        name="report_version_pdf",
    ),
    path(
        "research/reports/<slug:slug>/versions/<int:version>/table-<int:number>.csv",
        report.report_table,
        name="report_version_table",
    ),
]
