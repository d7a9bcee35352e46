"""Loads the demonstration coalition into an empty portal: all of it, or nothing."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import DateTimeField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce

from campaigns.models import ActionTaken, Agenda, Campaign
from partners.caching import empty_page_cache
from partners.models import Ally, Membership, Organization, Person, TeamMember
from portal.demo.actions import write_actions
from portal.demo.agendas import write_agendas
from portal.demo.alerts import refuse_further_alerts, write_alerts
from portal.demo.calls import write_calls, write_outcomes
from portal.demo.campaigns import write_campaigns
from portal.demo.certificates import write_certificates
from portal.demo.coalition import write_coalition
from portal.demo.community import write_community
from portal.demo.continued_calls import write_continued_calls
from portal.demo.doors import write_doors
from portal.demo.fact_sheets import write_fact_sheets
from portal.demo.findings import write_findings
from portal.demo.invited import write_invitations
from portal.demo.joins import write_requests
from portal.demo.legislator_calls import write_legislator_calls
from portal.demo.legislature.load import write_legislature
from portal.demo.letters import write_letters
from portal.demo.loan_repayment import write_loan_repayment
from portal.demo.logins import write_logins
from portal.demo.meetings import write_meetings
from portal.demo.on_record import write_on_record
from portal.demo.organizations import write_organizations
from portal.demo.partner_surveys import write_partner_surveys
from portal.demo.recorded_slips import write_recorded_slips
from portal.demo.reports import write_reports
from portal.demo.research_projects import write_research_projects
from portal.demo.series import write_series
from portal.demo.service_map import write_service_map
from portal.demo.slip_board import write_slip_board
from portal.demo.slip_calls import write_slip_calls
from portal.demo.stories import write_stories
from portal.demo.subscribers import write_subscribers, write_suppressions
from portal.demo.surveys import write_surveys
from portal.demo.tables import write_tables
from portal.demo.told_results import write_told_results
from portal.demo.toolkits import write_toolkits
from portal.demo.training_money import write_training_money
from portal.demo.trainings import write_trainings
from portal.demo.uptake import write_uptake
from portal.demo.voices import write_voices
from portal.reference.load import load_reference

# The size for which the numbers of actions and subscribers are written down.
USUAL_SIZE = 800


class PortalNotEmpty(Exception):
    """There is content already; a demonstration must not mix with real partners and their people."""


def load_demonstration(*, size: int, seed: int, now: datetime, say: Callable[[str], None]) -> None:
    """`size` organizations and everything around them, with dates around `now`. `say` hears of each part.

    The same size, seed and moment give the same coalition. Raises `PortalNotEmpty`.
    """
    with transaction.atomic():
        _load(size, seed, now, say)
    with connection.cursor() as cursor:
        # Without statistics the first pages and the first alert would be planned for empty tables.
        cursor.execute("ANALYZE")
    empty_page_cache()


def _load(size: int, seed: int, now: datetime, say: Callable[[str], None]) -> None:
    if any(model.objects.exists() for model in (Organization, Person, Agenda, Campaign, TeamMember, Ally)):
        raise PortalNotEmpty
    scale = max(0.05, min(size / USUAL_SIZE, 5))
    load_reference()
    write_coalition(size)
    campaigns = write_campaigns(write_agendas())
    calls = write_calls(campaigns=campaigns, now=now, scale=scale)
    stories = write_stories(campaigns=campaigns, calls=calls, now=now)
    say(f"Agendas, {len(campaigns)} campaigns, {len(calls)} calls to action and {len(stories)} stories.")
    write_organizations(
        size=size, seed=seed, now=now, progress=lambda count: say(f"Organizations: {count:,} of {size:,}.")
    )
    staff = write_logins()
    write_subscribers(count=round(150 * scale) + 1, seed=seed, now=now)
    write_suppressions(count=round(10 * scale) + 1, seed=seed, now=now)
    alerts = write_alerts(calls=calls, staff=staff, seed=seed, now=now)
    write_actions(calls=calls, alerts=alerts, seed=seed, now=now, scale=scale)
    write_outcomes(calls)
    write_continued_calls(calls=calls, seed=seed, now=now)
    write_letters(campaigns=campaigns, staff=staff, seed=seed, now=now)
    write_surveys(campaigns=campaigns, seed=seed, now=now)
    write_partner_surveys(staff=staff, seed=seed, now=now)
    write_tables(seed=seed, now=now)
    write_meetings(staff=staff, seed=seed, now=now, scale=scale)
    write_invitations(staff=staff, now=now)
    write_doors(staff=staff, seed=seed, now=now)
    write_trainings(staff=staff, seed=seed, now=now, scale=scale)
    write_training_money(staff=staff, seed=seed, now=now)
    write_community(staff=staff, seed=seed, now=now)
    write_certificates(staff=staff, seed=seed, now=now)
    keep = set(ActionTaken.objects.filter(via__isnull=False).values_list("person_id", flat=True))
    keep.update(Person.objects.filter(user__isnull=False).values_list("pk", flat=True))
    sent = [alert for alert in alerts.values() if alert.mailing_id]
    for alert in sent:
        refuse_further_alerts(alert=alert, people=max(1, round(3 * scale)), keep=keep, seed=seed)
    totals = ActionTaken.objects.totals()
    say(
        f"Actions: {totals['actions']:,} by {totals['people']:,} people of {totals['organizations']:,} "
        f"organizations and the public; {len(sent)} alerts sent, {len(alerts) - len(sent)} in draft."
    )
    write_requests(staff=staff, seed=seed, now=now)
    _date_people()
    write_series(staff=staff, now=now)
    write_legislature(now=now, seed=seed, staff=staff, say=say)
    write_slip_calls(staff=staff, seed=seed, now=now)
    write_legislator_calls(campaigns=campaigns, seed=seed, now=now, scale=scale)
    write_told_results(campaigns=campaigns, staff=staff, seed=seed, now=now)
    write_on_record(now=now, seed=seed, staff=staff)
    write_recorded_slips(now=now, seed=seed)
    write_slip_board(staff=staff, seed=seed, now=now)
    write_service_map(write_findings(seed=seed, now=now))
    write_reports(staff=staff, seed=seed, now=now)
    write_fact_sheets(staff=staff, now=now)
    # After the findings and reports that they draw and name.
    write_toolkits(staff=staff, seed=seed, now=now)
    write_loan_repayment(staff=staff, now=now)
    write_uptake(staff=staff, seed=seed, now=now)
    write_research_projects(staff=staff, seed=seed, now=now)
    write_voices(staff=staff, seed=seed, now=now)


def _date_people() -> None:
    """Nobody is known since today: since their first membership or their first action."""
    started = Membership.objects.filter(person=OuterRef("pk")).order_by("started_on").values("started_on")
    acted = ActionTaken.objects.filter(person=OuterRef("pk")).order_by("acted_at").values("acted_at")
    people: QuerySet[Person] = Person.objects.all()
    people.update(
        created_at=Coalesce(
            Cast(Subquery(started[:1]), DateTimeField()), Subquery(acted[:1]), F("created_at")
        )
    )
