"""Addresses of bills, their votes, and feeds of news."""

from django.urls import path

from legislation.views import api_docs, bills, feeds

_bill = "bills/<int:session>/<str:identifier>/"

urlpatterns = [
    path("bills/", bills.bill_list, name="bill_list"),
    path("bills/feed/", feeds.bills_feed, name="bills_feed"),
    path("bills/feed.json", feeds.bills_feed, {"as_json": True}, name="bills_feed_json"),
    path("bills/<str:identifier>/", bills.bill_by_number, name="bill_by_number"),
    path(_bill, bills.bill, name="bill"),
    path(f"{_bill}feed/", feeds.bill_feed, name="bill_feed"),
    path(f"{_bill}feed.json", feeds.bill_feed, {"as_json": True}, name="bill_feed_json"),
    path(f"{_bill}fact-sheet.pdf", bills.fact_sheet, name="bill_fact_sheet"),
    path(f"{_bill}votes/<int:pk>/", bills.roll_call, name="roll_call"),
    path("legislators/<slug:slug>/feed/", feeds.legislator_feed, name="legislator_feed"),
    path(
        "legislators/<slug:slug>/feed.json",
        feeds.legislator_feed,
        {"as_json": True},
        name="legislator_feed_json",
    ),
    path("committees/<slug:slug>/feed/", feeds.committee_feed, name="committee_feed"),
    path(
        "committees/<slug:slug>/feed.json",
        feeds.committee_feed,
        {"as_json": True},
        name="committee_feed_json",
    ),
    path("api/v1/", api_docs.documentation_page, name="api-v1"),
]
