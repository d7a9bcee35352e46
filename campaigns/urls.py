"""Addresses of the public pages."""

from django.urls import path

from campaigns import feeds
from campaigns.views import (
    actions,
    agenda,
    campaigns,
    embedding,
    events,
    late_slips,
    legislators,
    letters,
    share_images,
    shared_stories,
    slips,
    stories,
)

app_name = "campaigns"

urlpatterns = [
    path("stories/", stories.story_list, name="story_list"),
    path("stories/feed/", feeds.story_feed, name="story_feed"),
    path("stories/<slug:slug>/", stories.story, name="story"),
    path("campaigns/", campaigns.campaign_list, name="campaign_list"),
    path("campaigns/<slug:slug>/", campaigns.campaign, name="campaign"),
    path("take-action/", actions.action_list, name="action_list"),
    path("take-action/confirm/<str:token>/", actions.action_confirm, name="action_confirm"),
    path("take-action/did-you-file/<str:token>/", late_slips.did_you_file, name="did_you_file"),
    path("take-action/<slug:slug>/", actions.action, name="action"),
    path("take-action/<slug:slug>/picture.png", share_images.share_image, name="share_image"),
    path("embed/<slug:slug>/", embedding.embed, name="embed"),
    path("embed/<slug:slug>/check-your-mail/", embedding.embed_check_mail, name="embed_check_mail"),
    path("take-action/<slug:slug>/pledge/", slips.pledge, name="slip_pledge"),
    path("take-action/<slug:slug>/event.ics", events.event_ics, name="event_ics"),
    path("coming/<str:token>/", events.invitation_answer, name="invitation_answer"),
    path("take-action/<slug:slug>/letter/", letters.letter, name="letter"),
    path("take-action/<slug:slug>/letter.pdf", letters.letter_file, name="letter_file"),
    path("take-action/<slug:slug>/stories/", shared_stories.shared_stories, name="shared_stories"),
    path("shared-stories/<str:token>/withdraw/", shared_stories.withdraw_story, name="withdraw_story"),
    path("take-action/<slug:slug>/your-legislators/", legislators.find_home, name="action_home"),
    path("take-action/<slug:slug>/replies/<str:token>/", legislators.replies, name="action_replies"),
    path("take-action/<slug:slug>/check-your-mail/", actions.action_check_mail, name="action_check_mail"),
    path("take-action/<slug:slug>/thanks/<slug:reference>/", actions.action_thanks, name="action_thanks"),
    path(
        "take-action/<slug:slug>/thanks/<slug:reference>/event.ics",
        events.own_event_ics,
        name="own_event_ics",
    ),
    path("agenda/", agenda.agenda, name="agenda"),
    path("agenda/<int:year>/", agenda.agenda_year, name="agenda_year"),
    path("agenda/<int:year>/<slug:slug>/", agenda.priority, name="priority"),
]
