"""Addresses of the signed-in pages that show what an organization's people did."""

from django.urls import path

from campaigns import my_views
from campaigns.views import contacts, coverage, embedding, letters, shared_stories, slips

app_name = "my_actions"

urlpatterns = [
    path("organizations/<slug:slug>/embed/", embedding.frames, name="frames"),
    path("slips/", slips.my_slips, name="slips"),
    path("slips/<int:pk>/take-back/", slips.take_back, name="slip_take_back"),
    path("organizations/<slug:slug>/slips/", slips.organization_slips, name="organization_slips"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage.csv", coverage.coverage_csv, name="coverage_csv"),
    path("bills/<int:session>/<str:identifier>/targets/", coverage.targets, name="targets"),
    path("bills/<int:session>/<str:identifier>/targets.csv", coverage.targets_csv, name="targets_csv"),
    path("contacts/", contacts.my_contacts, name="contacts"),
    path("contacts.csv", contacts.my_contacts_csv, name="contacts_csv"),
    path("stories/", shared_stories.my_stories, name="stories"),
    path(
        "organizations/<slug:slug>/signatures/<int:pk>/take-back/",
        letters.take_back,
        name="signature_take_back",
    ),
    path("organizations/<slug:slug>/letters/<slug:call>/ask/", letters.ask_contact, name="ask_to_sign"),
    path("organizations/<slug:slug>/actions/", my_views.history, name="history"),
    path("organizations/<slug:slug>/actions/download/", my_views.history_download, name="history_download"),
]
