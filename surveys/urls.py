"""Addresses of surveys that anybody may open: an invitation's link, and published results."""

from django.urls import path

from surveys import views

app_name = "surveys"

urlpatterns = [
    path("surveys/", views.results_list, name="results_list"),
    path("surveys/answer/<str:token>/", views.answer, name="answer"),
    path("surveys/<slug:slug>/results/", views.results, name="results"),
]
