"""Addresses of research projects."""

from django.urls import URLPattern, path

from research.views import project

urlpatterns: list[URLPattern] = [
    path("research/projects/", project.project_list, name="project_list"),
    path("research/projects/<slug:slug>/", project.project, name="project"),
]

my_urlpatterns: list[URLPattern] = [
    path("research/projects/", project.my_projects, name="projects"),
    path("research/projects/<slug:slug>/<str:kind>/", project.give_feedback, name="feedback"),
]
