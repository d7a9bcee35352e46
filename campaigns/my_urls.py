"""Addresses of the signed-in pages that show what an organization's people did."""

from django.urls import path

from campaigns import my_views

app_name = "my_actions"

urlpatterns = [
    path("organizations/<slug:slug>/actions/", my_views.history, name="history"),
    path("organizations/<slug:slug>/actions/download/", my_views.history_download, name="history_download"),
]
