"""Addresses of sign-up, preferences and the links inside of mail."""

from django.urls import path

from mailing import views

app_name = "mailing"

urlpatterns = [
    path("updates/", views.subscribe, name="subscribe"),
    path("updates/check-your-mail/", views.subscribe_sent, name="subscribe_sent"),
    path("updates/confirm/<str:token>/", views.subscribe_confirm, name="subscribe_confirm"),
    path("updates/preferences/<str:token>/", views.preferences, name="preferences"),
    path("updates/unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("updates/message/<str:token>/", views.view_online, name="view_online"),
    path("go/<str:token>/", views.go, name="go"),
]
