"""Courses, sessions, enrollments."""

from trainings.models.assistance import AssistanceMessage, AssistanceRequest, Resource
from trainings.models.certificate_package import CertificatePackage
from trainings.models.checkout import Checkout, PaymentEvent
from trainings.models.community import Group, GroupMember, GroupResource, Post, PostReport
from trainings.models.course import Course, CourseTopic, FeeTier
from trainings.models.credit import Certificate, CreditApproval
from trainings.models.door import DayAttendance, DoorTick
from trainings.models.enrollment import Enrollment, EnrollmentNotice, Registration
from trainings.models.facilitator import (
    Facilitation,
    Facilitator,
    FacilitatorAvailability,
    FacilitatorDemographics,
)
from trainings.models.interview import Improvement, Interview, InterviewNote, Theme
from trainings.models.money import CreditNote, Invoice, InvoiceLine, NumberSeries
from trainings.models.scholarship import ScholarshipAward, ScholarshipFund, ScholarshipRequest
from trainings.models.session import Session, SessionPart
from trainings.models.sponsor import TrainingSponsor, TrainingSponsorship

__all__ = [
    "AssistanceMessage",
    "AssistanceRequest",
    "Certificate",
    "CertificatePackage",
    "Checkout",
    "Course",
    "CourseTopic",
    "CreditApproval",
    "CreditNote",
    "DayAttendance",
    "DoorTick",
    "Enrollment",
    "EnrollmentNotice",
    "Facilitation",
    "Facilitator",
    "FacilitatorAvailability",
    "FacilitatorDemographics",
    "FeeTier",
    "Group",
    "GroupMember",
    "GroupResource",
    "Improvement",
    "Interview",
    "InterviewNote",
    "Invoice",
    "InvoiceLine",
    "NumberSeries",
    "PaymentEvent",
    "Post",
    "PostReport",
    "Registration",
    "Resource",
    "ScholarshipAward",
    "ScholarshipFund",
    "ScholarshipRequest",
    "Session",
    "SessionPart",
    "Theme",
    "TrainingSponsor",
    "TrainingSponsorship",
]
