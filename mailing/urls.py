"""Addresses of sign-up, preferences and the links inside of mail, and where providers report."""

from django.urls import path

from mailing.views import erasure, events, messages, preferences, subscribe, unsubscribe

app_name = "mailing"

urlpatterns = [
    path("updates/", subscribe.subscribe, name="subscribe"),
    path("updates/check-your-mail/", subscribe.subscribe_sent, name="subscribe_sent"),
    path("updates/confirm/<str:token>/", subscribe.subscribe_confirm, name="subscribe_confirm"),
    path("updates/preferences/<str:token>/", preferences.preferences, name="preferences"),
    path("updates/start-again/<str:token>/", preferences.start_again, name="start_again"),
    path("updates/mail/<str:token>/", messages.my_mail, name="my_mail"),
    path("updates/forget/<str:token>/", erasure.forget, name="forget"),
    path("updates/unsubscribe/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("updates/stop-summary/<str:token>/", unsubscribe.stop_summary, name="stop_summary"),
    path("updates/why/<str:token>/", messages.why, name="why"),
    path("updates/message/<str:token>/", messages.view_online, name="view_online"),
    path("go/<str:token>/", messages.go, name="go"),
    path("mail-events/<str:provider>/", events.mail_events, name="mail_events"),
]
