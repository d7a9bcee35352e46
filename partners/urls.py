"""Partners' public addresses."""

from django.urls import path

from partners import views

app_name = "partners"

urlpatterns = [
    path("partners/", views.directory, name="directory"),
    path("partners/<slug:slug>/", views.organization, name="organization"),
    path("join/", views.join_start, name="join_start"),
    path("join/<slug:step>/", views.join_step, name="join_step"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("media/logos/<str:name>", views.logo, name="logo"),
]
