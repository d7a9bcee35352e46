"""Addresses of what a signed-in person follows."""

from django.urls import path

from legislation.views import following

urlpatterns = [
    path("following/", following.following, name="following"),
    path("following/follow/", following.follow, name="follow"),
    path("following/unfollow/", following.unfollow, name="unfollow"),
    path("following/settings/", following.settings, name="follow_settings"),
    path("following/mail/", following.mail, name="following_mail"),
    path("following/calendar/", following.calendar, name="following_calendar"),
    path("following/<int:pk>/", following.change, name="follow_change"),
    path("following/searches/", following.save_search, name="save_search"),
    path("following/searches/<int:pk>/", following.saved_search, name="saved_search"),
    path("following/searches/<int:pk>/remove/", following.remove_search, name="remove_search"),
]
