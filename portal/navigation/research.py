"""Reports, findings, fact sheets, projects, uptake, toolkits."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.navigation.item import Item, item, may_look, pages_below
from research.models import (
    Announcement,
    Citation,
    DistributionStep,
    EligibilityCriterion,
    FactSheet,
    Finding,
    LoanProgram,
    Opportunity,
    ParticipantContact,
    Participation,
    PhaseFeedback,
    PressMention,
    ProgramReport,
    Report,
    ResearchProject,
    ResearchTopic,
    ServiceConnection,
    Toolkit,
)


def research(request: HttpRequest) -> list[Item]:
    citations = item(request, _("Citations"), "format_quote", Citation)
    uptake = item(request, _("Uptake (R2, R3)"), "monitoring", Citation)
    citations, uptake = pages_below(
        request,
        citations,
        (uptake if may_look(request, Opportunity) else {}, "admin:research_citation_uptake"),
    )
    paid = item(request, _("Loan repayment reports"), "request_quote", ProgramReport)
    p5 = item(request, _("Loan repayment (P5)"), "monitoring", ProgramReport)
    paid, p5 = pages_below(request, paid, (p5, "admin:research_programreport_numbers"))
    took_part = item(request, _("Participants"), "group", Participation)
    r1 = item(request, _("Participants in numbers (R1)"), "monitoring", Participation)
    took_part, r1 = pages_below(request, took_part, (r1, "admin:research_participation_numbers"))
    return [
        item(request, _("Reports"), "description", Report),
        item(request, _("Findings"), "lightbulb", Finding),
        item(request, _("Service map"), "hub", ServiceConnection),
        item(request, _("Fact sheets"), "summarize", FactSheet),
        item(request, _("Research projects"), "science", ResearchProject),
        item(request, _("Feedback on phases"), "rate_review", PhaseFeedback),
        took_part,
        r1,
        item(request, _("Contacts of participants"), "shield_person", ParticipantContact),
        item(request, _("Distribution plan"), "outbound", DistributionStep),
        item(request, _("Announcements"), "campaign", Announcement),
        item(request, _("Opportunities to present"), "co_present", Opportunity),
        citations,
        uptake,
        item(request, _("Press mentions"), "newspaper", PressMention),
        item(request, _("Toolkits"), "home_repair_service", Toolkit),
        paid,
        p5,
        item(request, _("Loan repayment program"), "school", LoanProgram),
        item(request, _("Rules of eligibility"), "rule", EligibilityCriterion),
        item(request, _("Topics of research"), "sell", ResearchTopic),
    ]
