"""Addresses of the signed-in pages about one's own trainings."""

from django.urls import path

from trainings.views import assistance, certificates, invoices, my

app_name = "my_trainings"

urlpatterns = [
    path("trainings/", my.trainings, name="trainings"),
    path("trainings/invoices/", invoices.my_invoices, name="invoices"),
    path("trainings/certificates/", certificates.mine, name="certificates"),
    path("assistance/ask/", assistance.ask, name="assistance_ask"),
    path("assistance/", assistance.requests, name="assistance"),
    path("assistance/<str:reference>/", assistance.assistance_request, name="assistance_request"),
    path("organizations/<slug:slug>/trainings/", my.organization, name="organization"),
]
