"""Addresses of research for people who are signed in, below `/my/`."""

from django.urls import URLPattern

from research.urls import project

app_name = "my_research"

urlpatterns: list[URLPattern] = [
    *project.my_urlpatterns,
]
