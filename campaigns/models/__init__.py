"""What the coalition wants, tells and asks people to do."""

from campaigns.models.action import ActionTaken, UnconfirmedAction
from campaigns.models.agenda import Agenda, Pillar, Priority, Target
from campaigns.models.alert import ActionAlert
from campaigns.models.call_to_action import CallToAction
from campaigns.models.campaign import Campaign
from campaigns.models.story import IssueOfTheWeek, Story, StoryFact

__all__ = [
    "ActionAlert",
    "ActionTaken",
    "Agenda",
    "CallToAction",
    "Campaign",
    "IssueOfTheWeek",
    "Pillar",
    "Priority",
    "Story",
    "StoryFact",
    "Target",
    "UnconfirmedAction",
]
