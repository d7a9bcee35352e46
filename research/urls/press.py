"""Addresses of "In the news"."""

from django.urls import path

from research.views import press

urlpatterns = [
    path("news/in-the-news/", press.press, name="press"),
    path("news/in-the-news/feed/", press.press_feed, name="press_feed"),
]
