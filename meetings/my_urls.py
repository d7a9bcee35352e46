"""Addresses of a signed-in person's pages about events."""

from django.urls import path

from meetings.views import follow_ups, my

app_name = "my_meetings"

urlpatterns = [
    path("events/", my.my_events, name="events"),
    path("events/follow-ups/<int:pk>/done/", follow_ups.follow_up_done, name="follow_up_done"),
]
