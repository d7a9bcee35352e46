"""Trainings, their money, and the community around them."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from partners.models import Organization
from portal.navigation.item import Item, item, may_look, pages_below
from trainings.models import (
    AssistanceRequest,
    Certificate,
    Course,
    CourseTopic,
    Enrollment,
    Facilitation,
    Facilitator,
    FacilitatorDemographics,
    Group,
    GroupMember,
    Improvement,
    Interview,
    Invoice,
    PaymentEvent,
    Post,
    PostReport,
    Resource,
    ScholarshipFund,
    ScholarshipRequest,
    Theme,
    TrainingSponsor,
)
from trainings.models import Session as TrainingSession


def trainings(request: HttpRequest) -> list[Item]:
    """Courses, their sessions, who takes part, and whom they do not reach; the last two's addresses lie below."""
    people = item(request, _("Enrollments"), "how_to_reg", Enrollment)
    never = item(request, _("Never attended"), "person_off", Enrollment)
    sources = item(request, _("Sources of registrations"), "link", Enrollment)
    people, never, sources = pages_below(
        request,
        people,
        (never, "admin:trainings_enrollment_never_attended"),
        (sources, "admin:trainings_enrollment_sources"),
    )
    return [
        item(request, _("Courses"), "school", Course),
        item(request, _("Sessions"), "event", TrainingSession),
        people,
        never if may_look(request, Organization) else {},
        sources,
        item(request, _("Certificates"), "workspace_premium", Certificate),
        item(request, _("Topics of trainings"), "sell", CourseTopic),
    ]


def community(request: HttpRequest) -> list[Item]:
    """The community of practice and what people tell us."""
    return [
        item(request, _("Requests for assistance"), "support_agent", AssistanceRequest),
        item(request, _("Resources"), "menu_book", Resource),
        item(request, _("Groups"), "forum", Group),
        item(request, _("Reported posts"), "flag", PostReport),
        item(request, _("Posts"), "chat", Post),
        item(request, _("Members of groups"), "group", GroupMember),
        item(request, _("Interviews"), "record_voice_over", Interview),
        item(request, _("Themes"), "label", Theme),
        item(request, _("You said, we did"), "thumb_up", Improvement),
    ]


def fees(request: HttpRequest) -> list[Item]:
    """What trainings cost, who is helped with it, and who teaches."""
    return [
        item(request, _("Invoices"), "receipt_long", Invoice),
        item(request, _("Messages of the card service"), "credit_card", PaymentEvent),
        item(request, _("Scholarship requests"), "volunteer_activism", ScholarshipRequest),
        item(request, _("Scholarship funds"), "savings", ScholarshipFund),
        item(request, _("Facilitators"), "co_present", Facilitator),
        item(request, _("Pay of facilitators"), "payments", Facilitation),
        item(request, _("Demographics of facilitators"), "shield_person", FacilitatorDemographics),
        item(request, _("Training sponsors"), "handshake", TrainingSponsor),
    ]
