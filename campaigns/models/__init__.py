"""What the coalition wants, tells and asks people to do."""

from campaigns.models.action import ActionTaken, UnconfirmedAction
from campaigns.models.agenda import Agenda, Pillar, Priority, Target
from campaigns.models.alert import ActionAlert, AlertBlock
from campaigns.models.call_to_action import CallToAction
from campaigns.models.campaign import Campaign
from campaigns.models.contact_import import ContactImport, ContactRow
from campaigns.models.segment import ContactList, ContactListEntry, Segment
from campaigns.models.series import Series, SeriesStep
from campaigns.models.story import IssueOfTheWeek, Story, StoryFact

__all__ = [
    "ActionAlert",
    "ActionTaken",
    "Agenda",
    "AlertBlock",
    "CallToAction",
    "Campaign",
    "ContactImport",
    "ContactList",
    "ContactListEntry",
    "ContactRow",
    "IssueOfTheWeek",
    "Pillar",
    "Priority",
    "Segment",
    "Series",
    "SeriesStep",
    "Story",
    "StoryFact",
    "Target",
    "UnconfirmedAction",
]
