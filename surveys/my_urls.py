"""Addresses of surveys for whoever is signed in."""

from django.urls import path

from surveys import views

app_name = "my_surveys"

urlpatterns = [
    path("surveys/", views.my_surveys, name="surveys"),
    path("surveys/<slug:slug>/", views.open_survey, name="survey"),
]
