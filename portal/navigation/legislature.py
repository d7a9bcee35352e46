"""Bills, hearings, slips, legislators and what is imported."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from campaigns.models import CallToAction
from legislation.models import (
    AppropriationAsk,
    Bill,
    BillTracking,
    BudgetYear,
    ChamberLeader,
    Committee,
    Hearing,
    Legislator,
    LegislatorAsk,
    NameMatch,
    OrganizationPosition,
    PositionRequest,
    ReportedSlip,
    SlipMatch,
    Subject,
    SyncRun,
)
from portal.navigation.item import Item, item, pages_below


def legislature(request: HttpRequest) -> list[Item]:
    names = item(request, _("Printed names"), "spellcheck", NameMatch)
    if names and (doubtful := NameMatch.objects.for_review().count()):
        names |= {"badge": str(doubtful), "badge_variant": "warning"}
    tracked = item(request, _("Tracked bills"), "bookmark", BillTracking)
    watched = item(request, _("Watch list"), "visibility", BillTracking)
    tracked, watched = pages_below(request, tracked, (watched, "admin:legislation_billtracking_watch"))
    hearings = item(request, _("Hearings"), "event", Hearing)
    windows = hearings and item(request, _("Slip windows"), "pending_actions", CallToAction)
    hearings, windows = pages_below(request, hearings, (windows, "admin:legislation_hearing_slip_windows"))
    return [
        watched,
        tracked,
        item(request, _("Bills"), "gavel", Bill),
        hearings,
        windows,
        item(request, _("Self-reported slips"), "fact_check", ReportedSlip),
        item(request, _("Recorded slips"), "rule", SlipMatch),
        item(request, _("Partners' positions"), "how_to_vote", OrganizationPosition),
        item(request, _("Requests for positions"), "contact_mail", PositionRequest),
        item(request, _("Legislators"), "person", Legislator),
        item(request, _("Chamber leaders"), "stars", ChamberLeader),
        item(request, _("Conversations with legislators"), "forum", LegislatorAsk),
        item(request, _("Committees"), "groups", Committee),
        names,
        item(request, _("Imports"), "cloud_download", SyncRun),
        item(request, _("Subjects"), "sell", Subject),
        item(request, _("Budget years"), "savings", BudgetYear),
        item(request, _("Appropriation asks"), "payments", AppropriationAsk),
    ]
