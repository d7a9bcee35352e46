"""Addresses of a partner's answers to our requests, who is on record with it, and its talks with legislators."""

from django.urls import URLPattern, path

from legislation.views import conversations, on_record

_own = "organizations/<slug:slug>/conversations/"

urlpatterns: list[URLPattern] = [
    path(
        "organizations/<slug:slug>/positions/asked/<int:pk>/", on_record.answer_request, name="position_asked"
    ),
    path("organizations/<slug:slug>/hearings/<int:pk>/on-record/", on_record.at_hearing, name="at_hearing"),
    path("conversations/", conversations.start, name="conversation_start"),
    path(_own, conversations.conversations, name="conversations"),
    path(f"{_own}new/", conversations.log, name="conversation_new"),
    path(f"{_own}<int:pk>/", conversations.correct, name="conversation_edit"),
    path(f"{_own}<int:pk>/remove/", conversations.remove, name="conversation_remove"),
]
