"""Addresses of the public pages: courses, their sessions, registering."""

from django.urls import path

from trainings.views import (
    assistance,
    certificates,
    community,
    courses,
    door,
    fees,
    improvements,
    invoices,
    places,
    registered,
    registering,
    scholarships,
)

app_name = "trainings"

urlpatterns = [
    path("trainings/", courses.course_list, name="course_list"),
    path("trainings/past/", courses.past_sessions, name="past_sessions"),
    path("trainings/calendar.ics", courses.calendar, name="calendar"),
    path("trainings/sessions/<slug:slug>/", courses.session, name="session"),
    path("trainings/sessions/<slug:slug>/session.ics", courses.session_ics, name="session_ics"),
    path("trainings/sessions/<slug:slug>/register/", registering.register_page, name="register"),
    path(
        "trainings/sessions/<slug:slug>/register/<slug:step>/",
        registering.register_page,
        name="register_step",
    ),
    path("trainings/sessions/<slug:slug>/check-in/", door.check_in, name="check_in"),
    path("trainings/sessions/<slug:slug>/check-in/done/", door.checked_in, name="checked_in"),
    path("trainings/door/<str:token>/", door.door, name="door"),
    path("trainings/registered/<str:token>/", registered.registration_sent, name="registration_sent"),
    path("trainings/registrations/<str:token>/", registered.registered, name="registered"),
    path("trainings/places/<str:token>/", places.place, name="place"),
    path("trainings/places/<str:token>/cancel/", places.cancel_place, name="place_cancel"),
    path("trainings/places/<str:token>/place.ics", places.place_ics, name="place_ics"),
    path("trainings/fees/", fees.fees, name="fees"),
    path("trainings/facilitators/", fees.facilitators, name="facilitators"),
    path("trainings/invoices/<str:token>/", invoices.invoice, name="invoice"),
    path("trainings/invoices/<str:token>/invoice.pdf", invoices.invoice_file, name="invoice_file"),
    path("trainings/invoices/<str:token>/pay/", invoices.pay_by_card, name="invoice_pay"),
    path(
        "trainings/invoices/<str:token>/<str:number>.pdf", invoices.credit_note_file, name="credit_note_file"
    ),
    path("trainings/scholarships/<str:token>/", scholarships.scholarship, name="scholarship"),
    path(
        "trainings/scholarships/<str:token>/<int:pk>/back/",
        scholarships.scholarship_withdraw,
        name="scholarship_withdraw",
    ),
    path("trainings/you-said-we-did/", improvements.improvements, name="improvements"),
    path("trainings/resources/", assistance.resources, name="resources"),
    path("trainings/resources/<int:pk>/", assistance.open_resource, name="resource"),
    path("certificates/", certificates.check, name="certificate_check"),
    path("certificates/<str:code>/", certificates.certificate, name="certificate"),
    path("certificates/<str:code>/certificate.pdf", certificates.certificate_file, name="certificate_file"),
    path("community/mail/<str:token>/", community.stop_digest, name="stop_digest"),
    path("card-service/messages/", invoices.card_messages, name="card_messages"),
    # The last one: every other word after "trainings/" is none of a course's (`trainings.addresses`).
    path("trainings/<slug:slug>/", courses.course, name="course"),
]
