"""Addresses of the public pages of councils and events."""

from django.urls import path

from meetings.views import councils, door, events, feedback, registering, tables

app_name = "meetings"

urlpatterns = [
    path("events/", events.event_list, name="event_list"),
    path("events/calendar.ics", events.calendar, name="calendar"),
    path("events/<int:year>/<int:month>/", events.event_month, name="event_month"),
    path("events/registered/<str:token>/", registering.registered, name="registered"),
    path("events/my-place/<str:token>/", registering.own_place, name="place"),
    path("events/my-place/<str:token>/cancel/", registering.cancel, name="place_cancel"),
    path("events/my-place/<str:token>/event.ics", registering.own_place_ics, name="place_ics"),
    path("events/door/<str:token>/", door.door, name="door"),
    path("events/feedback/<str:token>/", feedback.feedback, name="feedback"),
    path("events/<slug:slug>.ics", events.event_ics, name="event_ics"),
    path("events/<slug:slug>/", events.event, name="event"),
    path("events/<slug:slug>/register/", registering.register_page, name="register"),
    path("events/<slug:slug>/documents/<int:pk>/", events.event_document, name="event_document"),
    path("events/<slug:slug>/check-in/", door.check_in, name="check_in"),
    path("events/<slug:slug>/check-in/done/", door.checked_in, name="checked_in"),
    path("tables/", tables.table_list, name="table_list"),
    path("tables/<slug:slug>/", tables.table_detail, name="table"),
    path("councils/", councils.council_list, name="council_list"),
    path("councils/<slug:slug>/", councils.council, name="council"),
    path("councils/<slug:slug>/calendar.ics", councils.council_calendar, name="council_calendar"),
]
