"""Addresses of the public pages."""

from django.urls import path

from campaigns import feeds
from campaigns.views import actions, agenda, campaigns, stories

app_name = "campaigns"

urlpatterns = [
    path("stories/", stories.story_list, name="story_list"),
    path("stories/feed/", feeds.story_feed, name="story_feed"),
    path("stories/<slug:slug>/", stories.story, name="story"),
    path("campaigns/", campaigns.campaign_list, name="campaign_list"),
    path("campaigns/<slug:slug>/", campaigns.campaign, name="campaign"),
    path("take-action/", actions.action_list, name="action_list"),
    path("take-action/confirm/<str:token>/", actions.action_confirm, name="action_confirm"),
    path("take-action/<slug:slug>/", actions.action, name="action"),
    path("take-action/<slug:slug>/check-your-mail/", actions.action_check_mail, name="action_check_mail"),
    path("take-action/<slug:slug>/thanks/<slug:reference>/", actions.action_thanks, name="action_thanks"),
    path("agenda/", agenda.agenda, name="agenda"),
    path("agenda/<int:year>/", agenda.agenda_year, name="agenda_year"),
    path("agenda/<int:year>/<slug:slug>/", agenda.priority, name="priority"),
]
