"""Addresses of committee hearings and of calendars to subscribe to."""

from django.urls import path

from legislation.views import following, hearings

urlpatterns = [
    path("hearings/", hearings.hearing_list, name="hearing_list"),
    path("hearings/all.ics", hearings.hearings_ics, name="hearings_ics"),
    path("hearings/<int:year>/<int:month>/", hearings.hearing_month, name="hearing_month"),
    path("hearings/<int:pk>/", hearings.hearing, name="hearing"),
    path("hearings/<int:pk>.ics", hearings.hearing_ics, name="hearing_ics"),
    path("hearings/followed/<str:token>.ics", hearings.followed_ics, name="followed_ics"),
    path("committees/<slug:slug>/hearings.ics", hearings.committee_ics, name="committee_ics"),
    path("bills/<int:session>/<str:identifier>/hearings.ics", hearings.bill_calendar, name="bill_calendar"),
    path("updates/following/<str:token>/", following.stop_following_mail, name="stop_following_mail"),
]
