"""What the coalition wants, tells and asks people to do."""

from campaigns.models.action import ActionTaken, UnconfirmedAction
from campaigns.models.agenda import Agenda, Pillar, Priority, Target
from campaigns.models.alert import ActionAlert, AlertBlock
from campaigns.models.call_to_action import CallToAction
from campaigns.models.campaign import Campaign
from campaigns.models.contact_import import ContactImport, ContactRow
from campaigns.models.following import FollowedHearing, HearingNews
from campaigns.models.pages import AudiencePage, Explainer
from campaigns.models.profile import WorkerProfile
from campaigns.models.report import ResultReport
from campaigns.models.report_event import ReportEvent
from campaigns.models.rsvp import CallEvent, Rsvp
from campaigns.models.segment import ContactList, ContactListEntry, Segment
from campaigns.models.series import Series, SeriesStep
from campaigns.models.shared_story import SharedStory
from campaigns.models.sign_on import Signature, SignOnLetter
from campaigns.models.slip_ask import SlipAsk
from campaigns.models.story import IssueOfTheWeek, Story, StoryFact
from campaigns.models.targets import LegislatorContact, LegislatorTargets, MessageVariant
from campaigns.models.voice import WorkerVoice

__all__ = [
    "ActionAlert",
    "ActionTaken",
    "Agenda",
    "AlertBlock",
    "AudiencePage",
    "CallEvent",
    "CallToAction",
    "Campaign",
    "ContactImport",
    "ContactList",
    "ContactListEntry",
    "ContactRow",
    "Explainer",
    "FollowedHearing",
    "HearingNews",
    "IssueOfTheWeek",
    "LegislatorContact",
    "LegislatorTargets",
    "MessageVariant",
    "Pillar",
    "Priority",
    "ReportEvent",
    "ResultReport",
    "Rsvp",
    "Segment",
    "Series",
    "SeriesStep",
    "SharedStory",
    "SignOnLetter",
    "Signature",
    "SlipAsk",
    "Story",
    "StoryFact",
    "Target",
    "UnconfirmedAction",
    "WorkerProfile",
    "WorkerVoice",
]
