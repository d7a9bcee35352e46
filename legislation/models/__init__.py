"""Bills, the people who decide on them, hearings, districts, and the coalition's and partners' positions."""

from legislation.models.asking import LegislatorAsk, PositionRequest
from legislation.models.bill import Bill, BillAction, BillDocument, BillEvent
from legislation.models.budget import AppropriationAsk, AppropriationFigure, BudgetYear
from legislation.models.district import District, DistrictPlan, ZipCode
from legislation.models.follow import Follow, FollowSettings, Notice, SavedSearch
from legislation.models.hearing import Hearing, HearingDocument, RecordedSlip
from legislation.models.leaders import ChamberLeader
from legislation.models.people import (
    Committee,
    CommitteeMembership,
    Legislator,
    NameMatch,
    Office,
    Sponsorship,
    Term,
)
from legislation.models.relation import BillRelation
from legislation.models.slip import ReportedSlip, SlipMatch
from legislation.models.subject import Subject
from legislation.models.sync import Rejection, SourceRecord, SyncRun
from legislation.models.tracking import BillTracking, OrganizationPosition, ReplacementWarning
from legislation.models.vote import RollCall, Vote

__all__ = [
    "AppropriationAsk",
    "AppropriationFigure",
    "Bill",
    "BillAction",
    "BillDocument",
    "BillEvent",
    "BillRelation",
    "BillTracking",
    "BudgetYear",
    "ChamberLeader",
    "Committee",
    "CommitteeMembership",
    "District",
    "DistrictPlan",
    "Follow",
    "FollowSettings",
    "Hearing",
    "HearingDocument",
    "Legislator",
    "LegislatorAsk",
    "NameMatch",
    "Notice",
    "Office",
    "OrganizationPosition",
    "PositionRequest",
    "RecordedSlip",
    "Rejection",
    "ReplacementWarning",
    "ReportedSlip",
    "RollCall",
    "SavedSearch",
    "SlipMatch",
    "SourceRecord",
    "Sponsorship",
    "Subject",
    "SyncRun",
    "Term",
    "Vote",
    "ZipCode",
]
