"""The demonstration's uptake: a distribution plan with mail that went out, presentations, citations, press."""

from datetime import date, datetime, timedelta
from random import Random

from django.utils import timezone

from mailing.models import Batch, Click, Delivery, Mailing, Topic, TrackedLink
from mailing.services import compile_mailing, fill_mailing
from mailing.services.tallies import recount
from partners.models import User
from portal.demo.uptake_texts import (
    ANNOUNCEMENT_BODY,
    ANNOUNCEMENT_SUBJECT,
    CITED,
    MENTIONS,
    OFFERS,
    STEPS,
    Offer,
    StepText,
)
from research.distribution_mail import readers_select, written
from research.models import Announcement, Citation, DistributionStep, Opportunity, PressMention, Report
from research.services.citation import suggest_citations
from research.url_normal import normal_url

TOPIC = "coalition-news"
READERS = {DistributionStep.Channel.PARTNERS.value: Announcement.Readers.CONTACTS}
# Steps of the plan that are still to come, by the number that their text has for its day.
TO_COME = {-1000: 20, -1001: 45}


def write_uptake(*, staff: User, seed: int, now: datetime) -> None:
    """Uptake of the report that has been out longest. Without a published report, only the press."""
    report = Report.objects.published().last()
    rng, released = Random(f"{seed}:uptake"), now - timedelta(days=240)
    if report is not None and report.published_at is not None:
        released = report.published_at
    _write_press(report, released, now)
    _write_offers(report, released, now, rng)
    if report is not None:
        _write_steps(report, staff, released, now, rng)
        _write_citations(report, staff, released, now)
        suggest_citations()


def _day(released: datetime, now: datetime, part: float) -> date:
    """A day between the release and today."""
    return timezone.localdate(released + part * (now - released))


def _write_press(report: Report | None, released: datetime, now: datetime) -> None:
    PressMention.objects.bulk_create(
        PressMention(
            outlet=text.outlet,
            headline=text.headline,
            url=text.url,
            normalized_url=normal_url(text.url),
            published_on=_day(released, now, text.when),
            summary=text.summary,
            report=report if text.about_report else None,
        )
        for text in MENTIONS
    )


def _write_offers(report: Report | None, released: datetime, now: datetime, rng: Random) -> None:
    Opportunity.objects.bulk_create(_offer(text, report, released, now, rng) for text in OFFERS)


def _offer(text: Offer, report: Report | None, released: datetime, now: datetime, rng: Random) -> Opportunity:
    """What was offered, with days that follow each other and do not lie ahead, but for what is only accepted."""
    today = timezone.localdate(now)
    offered = _day(released, now, text.when)
    answered = min(today, offered + timedelta(days=rng.randint(1, 9)))
    held = {"delivered": min(today, answered + timedelta(days=rng.randint(4, 30)))}
    held["accepted"] = today + timedelta(days=rng.randint(10, 60))
    return Opportunity(
        host=text.host,
        is_external=text.is_external,
        title=text.title,
        kind=text.kind,
        report=report if text.about_report else None,
        offered_on=offered,
        state=text.state,
        answered_on=None if text.state == "offered" else answered,
        on=held.get(text.state),
        place=text.place,
        audience_size=text.audience,
        outcome=text.outcome,
    )


def _write_citations(report: Report, staff: User, released: datetime, now: datetime) -> None:
    Citation.objects.bulk_create(
        Citation(
            report=report,
            kind=text.kind,
            title=text.title,
            outlet=text.outlet,
            url=text.url,
            normalized_url=normal_url(text.url),
            cited_on=_day(released, now, text.when),
            state="rejected" if text.why else "verified",
            verified_at=None
            if text.why
            else min(now, released + text.when * (now - released) + timedelta(days=3)),
            verified_by=None if text.why else staff,
            rejected_because=text.why,
        )
        for text in CITED
    )


# --- The distribution plan --------------------------------------------------------------------------------------


def _write_steps(report: Report, staff: User, released: datetime, now: datetime, rng: Random) -> None:
    steps = DistributionStep.objects.bulk_create(_step(text, report, staff, released, now) for text in STEPS)
    for text, step in zip(STEPS, steps, strict=True):
        if text.state == "mailed":
            _announce(step, staff, released + timedelta(hours=3), rng)


def _step(text: StepText, report: Report, staff: User, released: datetime, now: datetime) -> DistributionStep:
    today = timezone.localdate(now)
    planned = timezone.localdate(released) + timedelta(days=text.day)
    if text.day in TO_COME:
        planned = today + timedelta(days=TO_COME[text.day])
    done = text.state in {"done", "mailed"}
    return DistributionStep(
        report=report,
        channel=text.channel,
        audience=text.audience,
        planned_on=planned,
        owner=staff,
        state="done" if done else text.state,
        done_on=min(today, planned) if done else None,
        sent_count=text.sent,
        source_code=text.source_code,
        note=text.note,
    )


def _announce(step: DistributionStep, staff: User, sent_at: datetime, rng: Random) -> None:
    """Compiles the announcement as a real one is, writes its readers, and settles every row without any mail."""
    announcement = Announcement(
        step=step,
        readers=READERS.get(step.channel, Announcement.Readers.SUBSCRIBERS),
        topic=Topic.objects.get(slug=TOPIC),
        subject=ANNOUNCEMENT_SUBJECT,
        body=ANNOUNCEMENT_BODY,
        written_at=sent_at - timedelta(days=1),
        written_by=staff,
    )
    mailing = compile_mailing(
        topic=announcement.topic,
        name=announcement.subject,
        contents=[written(announcement)],
        send_at=sent_at,
    )
    fill_mailing(mailing=mailing, select=readers_select(announcement))
    _settle(mailing, sent_at, rng)
    announcement.mailing, announcement.sent_at, announcement.sent_by = mailing, sent_at, staff
    announcement.save()


def _settle(mailing: Mailing, sent_at: datetime, rng: Random) -> None:
    """Most messages were delivered, a few came back, and every fifth reader opened the report."""
    rows = list(mailing.deliveries.waiting().order_by("id"))
    for place, row in enumerate(rows):
        row.state = "bounced" if place % 41 == 7 else rng.choices(["delivered", "accepted"], [8, 1])[0]
        row.accepted_at, row.attempts = sent_at + timedelta(milliseconds=25 * place), 1
    Delivery.objects.bulk_update(rows, ["state", "accepted_at", "attempts"], batch_size=500)
    link = TrackedLink.objects.filter(mailing=mailing).order_by("pk").first()
    readers = [row for row in rows if row.state != "bounced" and rng.random() < 0.2] if link else []
    clicks = Click.objects.bulk_create(Click(delivery=row, link=link) for row in readers)
    for click in clicks:
        click.clicked_at = sent_at + timedelta(minutes=rng.randint(9, 2000))
    Click.objects.bulk_update(clicks, ["clicked_at"])
    batches = list(mailing.batches.values_list("pk", flat=True))
    Batch.objects.filter(pk__in=batches).update(state=Batch.State.DONE)
    recount(batches)
    Mailing.objects.filter(pk=mailing.pk).update(
        state=Mailing.State.DONE, created_at=sent_at, started_at=sent_at, finished_at=sent_at
    )
