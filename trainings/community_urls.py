"""Addresses of the community of practice, for people of partners who are signed in."""

from django.urls import path

from trainings.views import community

app_name = "community"

urlpatterns = [
    path("", community.groups, name="groups"),
    path("<slug:slug>/", community.group, name="group"),
    path("<slug:slug>/membership/", community.membership, name="membership"),
    path("<slug:slug>/new/", community.start, name="start"),
    path("<slug:slug>/share/", community.share, name="share"),
    path("<slug:slug>/<int:pk>/", community.subject, name="subject"),
    path("<slug:slug>/posts/<int:pk>/edit/", community.edit, name="edit"),
    path("<slug:slug>/posts/<int:pk>/report/", community.report, name="report"),
]
