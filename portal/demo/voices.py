"""Writes the demonstration's voices and profiles of workers, explanations and entry pages, and what stands beside what."""

from datetime import datetime, timedelta

from campaigns.models import (
    Agenda,
    AudiencePage,
    CallToAction,
    Campaign,
    Explainer,
    Priority,
    ReportEvent,
    Story,
    WorkerProfile,
    WorkerVoice,
)
from meetings.models import Event
from partners.models import Organization, SubSector, User
from portal.demo.pages_texts import AUDIENCES, EXPLAINERS
from portal.demo.standing_stories import write_standing_stories
from portal.demo.voices_texts import CONSENT, CONSENT_WITHOUT_NAME, NO_VOICE, PROFILES, UNHEARD, VOICES
from research.models import FactSheet, Finding, Report, Toolkit

_Scope = WorkerVoice.Scope


def write_voices(*, staff: User, seed: int, now: datetime) -> None:
    """After the rest: it ties research, campaigns, stories and events together."""
    # The call that always takes stories has been there for a while.
    CallToAction.objects.filter(is_standing=True).update(opens_at=now - timedelta(days=400))
    write_standing_stories(staff=staff, seed=seed, now=now)
    _write_voices(staff, now)
    _write_profiles(staff, now)
    _write_pages(now)
    _tie_research()


def _write_voices(staff: User, now: datetime) -> None:
    priorities = {
        (priority.agenda.year, priority.slug): priority
        for priority in Priority.objects.select_related("agenda")
    }
    sub_sectors = SubSector.objects.in_bulk(field_name="slug")
    WorkerVoice.objects.bulk_create(
        WorkerVoice(
            priority=priorities[text.year, text.priority],
            quote=text.quote,
            first_name=text.first_name,
            role=text.role,
            place=text.place,
            background=text.background,
            sub_sector=sub_sectors.get(text.sub_sector),
            scope=_Scope.PUBLIC if text.first_name else _Scope.ANONYMOUS,
            scope_text=CONSENT if text.first_name else CONSENT_WITHOUT_NAME,
            consented_at=now - timedelta(days=60 + 3 * place),
            entered_by=staff,
            entered_at=now - timedelta(days=58 + 3 * place),
            state=WorkerVoice.State.PUBLISHED,
            published_at=now - timedelta(days=50 + place),
            order=place,
        )
        for place, text in enumerate(VOICES)
        if (text.year, text.priority) in priorities
    )
    Priority.objects.filter(agenda__year=UNHEARD[0], slug=UNHEARD[1]).update(
        no_voice_reason=NO_VOICE, no_voice_by=staff, no_voice_at=now - timedelta(days=40)
    )


def _write_profiles(staff: User, now: datetime) -> None:
    organizations = {
        organization.name: organization
        for organization in Organization.objects.filter(name__in=[text.organization for text in PROFILES])
    }
    for place, text in enumerate(PROFILES):
        WorkerProfile.objects.create(
            slug=text.slug,
            name=text.name,
            role=text.role,
            organization=organizations.get(text.organization),
            city=text.city,
            summary=text.summary,
            skill=text.skill,
            training=text.training,
            result=text.result,
            quote=text.quote,
            scope=_Scope.PUBLIC if text.organization else _Scope.ANONYMOUS,
            scope_text=CONSENT if text.organization else CONSENT_WITHOUT_NAME,
            consented_at=now - timedelta(days=40 + 9 * place),
            entered_by=staff,
            entered_at=now - timedelta(days=38 + 9 * place),
            state=WorkerProfile.State.PUBLISHED,
            published_at=now - timedelta(days=30 + 9 * place),
        )


def _write_pages(now: datetime) -> None:
    open_to_all = CallToAction.objects.open(now).filter(audience=CallToAction.Audience.EVERYONE)
    call = open_to_all.filter(campaign__slug="fair-contracting").first()
    reports = list(Report.objects.published())
    for place, text in enumerate(EXPLAINERS, start=1):
        explainer = Explainer.objects.create(
            slug=text.slug,
            title=text.title,
            summary=text.summary,
            body=text.body,
            call_to_action=call if place == 1 else None,
            state=Explainer.State.PUBLISHED,
            published_at=now - timedelta(days=20 * place),
            order=place,
        )
        if place > 1:
            explainer.reports.set(reports)
    _write_audience_pages(reports, now)


def _write_audience_pages(reports: list[Report], now: datetime) -> None:
    findings = list(Finding.objects.published().order_by("pk")[:8])
    stories = list(Story.objects.published()[:9])
    sheets = list(FactSheet.objects.published().exclude(kind="district")[:2])
    for place, audience in enumerate(AUDIENCES):
        page = AudiencePage.objects.create(
            slug=audience.slug,
            audience=audience.audience,
            title=audience.title,
            summary=audience.summary,
            body=audience.body,
            state=AudiencePage.State.PUBLISHED,
            published_at=now - timedelta(days=35),
            order=place,
        )
        page.findings.set(findings[place : place + 4])
        page.stories.set(stories[2 * place : 2 * place + 3])
        page.reports.set(reports)
        page.fact_sheets.set(sheets)


def _tie_research() -> None:
    """Reports beside stories, campaigns, priorities and events; toolkits beside campaigns; fact sheets beside priorities."""
    reports = list(Report.objects.published())
    for story in Story.objects.published()[:4]:
        story.reports.set(reports)
    for slug in ("fair-pay", "human-services-works"):
        campaign = Campaign.objects.filter(slug=slug).first()
        if campaign:
            campaign.reports.set(reports)
            campaign.toolkits.set(Toolkit.objects.public()[:2])
    newest = Agenda.objects.published().first()
    sheets = list(FactSheet.objects.published().filter(kind="priority"))
    for priority in Priority.objects.filter(agenda=newest):
        priority.reports.set(reports[:1])
        about = next((sheet for sheet in sheets if priority.title in (sheet.reference, sheet.title)), None)
        if about:
            priority.fact_sheet = about
            priority.save(update_fields=["fact_sheet"])
    event = Event.objects.public().order_by("-starts_at").first()
    if reports and event:
        ReportEvent.objects.create(report=reports[0], event=event, note="Release")
