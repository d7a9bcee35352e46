"""Addresses of the findings library and the service map."""

from django.urls import path

from research.views import finding as views
from research.views.service_map import service_map_page

urlpatterns = [
    path("research/findings/", views.finding_list, name="finding_list"),
    path("research/findings/compare/", views.finding_compare, name="finding_compare"),
    path("research/findings/csv/", views.finding_csv, name="finding_csv"),
    path("research/findings/json/", views.finding_json, name="finding_json"),
    path("research/findings/<slug:slug>/", views.finding, name="finding"),
    path("research/findings/<slug:slug>/embed/", views.finding_embed, name="finding_embed"),
    path("research/findings/<slug:slug>/json/", views.finding_data, name="finding_data"),
    path("research/service-map/", service_map_page, name="service_map"),
]
