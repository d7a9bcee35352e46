"""What trainings cost and who pays: invoices, scholarships out of funds, facilitators, sponsors."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.utils.formats import date_format
from simple_history.utils import bulk_create_with_history

from partners.fiscal_year import CHICAGO, FiscalYear
from partners.models import Person, User
from portal.demo.training_money_texts import DECLINED, FACILITATORS, FUNDS, REASONS, SPONSORS
from portal.embedded.demo_logins import CONTACT
from trainings.models import (
    Course,
    Enrollment,
    Facilitation,
    Facilitator,
    FacilitatorAvailability,
    FacilitatorDemographics,
    Invoice,
    InvoiceLine,
    NumberSeries,
    ScholarshipAward,
    ScholarshipFund,
    ScholarshipRequest,
    Session,
    TrainingSponsor,
    TrainingSponsorship,
)

_HOURS = (Decimal(4), Decimal(5), Decimal(6), Decimal(8))
# Of a hundred seats that cost something so many were asked help for.
_ASKED_IN_100 = 14
_Asked, _Award = ScholarshipRequest.State, ScholarshipAward.State


def write_training_money(*, staff: User, seed: int, now: datetime) -> None:
    """All of it, around the sessions that stand already."""
    rng = Random(f"{seed}:training money")
    sessions = list(
        Session.objects.exclude(state="draft").select_related("course").order_by("starts_at", "pk")
    )
    sponsors = _write_sponsors(now)
    funds = _write_funds(sponsors, now)
    _write_facilitators(rng, sessions, staff, now)
    _give_contact_a_fee()
    rows = list(
        Enrollment.objects.filter(price__gt=0, registration__isnull=False)
        .exclude(status__in=["waitlisted", "offered"])
        .select_related("person", "organization", "session__course", "registration")
        .order_by("registered_at", "pk")
    )
    asked = _write_scholarships(rng, rows, funds, staff, now)
    billed = (row for row in rows if row.pk not in asked and row.status not in {"cancelled", "excused"})
    _write_invoices(rng, billed, staff, now)


def _write_sponsors(now: datetime) -> dict[str, TrainingSponsor]:
    year = FiscalYear.of(now)
    made = {}
    for name, website, summary, amount, course in SPONSORS:
        made[name] = TrainingSponsor.objects.create(name=name, website=website, summary=summary)
        TrainingSponsorship.objects.create(
            sponsor=made[name],
            course=Course.objects.filter(slug=course).first() if course else None,
            amount=amount,
            starts_on=year.first,
            ends_on=year.last,
            words="" if course else "With support of",
        )
    return made


def _write_funds(sponsors: dict[str, TrainingSponsor], now: datetime) -> list[ScholarshipFund]:
    made = []
    for name, funder, for_whom, amount, back in FUNDS:
        year = FiscalYear(FiscalYear.of(now).year - back)
        made.append(
            ScholarshipFund.objects.create(
                name=name,
                funder=funder,
                sponsor=sponsors.get(funder),
                for_whom=for_whom,
                amount=amount,
                funded_on=year.first,
                until=year.last,
            )
        )
    return made


def _write_facilitators(rng: Random, sessions: Sequence[Session], staff: User, now: datetime) -> None:
    """Six people, each session taught by one or two of them; what is over for a month is paid."""
    today = now.astimezone(CHICAGO).date()
    people = []
    for name, headline, bio, rate, told, is_public in FACILITATORS:
        slug = name.lower().replace(" ", "-")
        person = Facilitator.objects.create(
            name=name,
            slug=slug,
            email=f"{slug}@facilitators.example",
            headline=headline,
            bio=bio,
            is_public=is_public,
        )
        FacilitatorDemographics.objects.create(facilitator=person, answered_at=now, **told)
        FacilitatorAvailability.objects.create(
            facilitator=person,
            starts_on=today,
            ends_on=today + timedelta(days=120),
            note="Tuesdays to Thursdays",
        )
        people.append((person, rate))
    rows = []
    for session in sessions:
        length = Decimal(round((session.ends_at - session.starts_at).total_seconds() / 3600)) % 24
        for place, (person, rate) in enumerate(rng.sample(people, k=rng.choice((1, 1, 2)))):
            prepared = rng.choice(_HOURS)
            is_paid = session.state == "held" and session.ends_at < now - timedelta(days=30)
            rows.append(
                Facilitation(
                    session=session,
                    facilitator=person,
                    role=Facilitation.Role.CO_LEAD if place else Facilitation.Role.LEAD,
                    hours_prepared=prepared,
                    hours_held=length,
                    fee=rate * (prepared + length),
                    paid_at=session.ends_at + timedelta(days=20) if is_paid else None,
                    paid_by=staff if is_paid else None,
                )
            )
    bulk_create_with_history(rows, Facilitation)


def _give_contact_a_fee() -> None:
    """The person behind a demonstration login pays for the seat to come, so that there is an open invoice to see."""
    person = Person.objects.by_email(CONTACT.email).first()
    row = (
        Enrollment.objects.filter(person=person, status="registered", price=0)
        .select_related("session")
        .first()
    )
    tier = row.session.course.tiers.filter(amount__gt=0).order_by("amount").first() if row else None
    if row and tier:
        Enrollment.objects.filter(pk=row.pk).update(tier=tier, price=tier.amount)
        Enrollment.history.filter(id=row.pk).update(tier=tier, price=tier.amount)


# --- Scholarships -------------------------------------------------------------------------------------------------


def _write_scholarships(
    rng: Random, rows: Sequence[Enrollment], funds: Sequence[ScholarshipFund], staff: User, now: datetime
) -> set[int]:
    """Requests in every state, and the awards with what became of them; whose seats they are."""
    # Nobody behind a login: their fee is the open invoice that one can look at.
    asked = [row for row in rows if rng.randrange(100) < _ASKED_IN_100 and row.person.user_id is None]
    # Whatever the chance: somebody waits, somebody was told no, somebody's seat went back.
    coming = [row for row in rows if row.status == "registered" and row not in asked]
    asked += [row for row in coming[:4] if row.person.user_id is None]
    asked += [row for row in rows if row.status == "attended" and row not in asked][-4:]
    waiting = [row for row in asked if row.status == "registered"][-3:]
    declined = [row for row in asked if row not in waiting][:2]
    for row in asked:
        request = ScholarshipRequest(
            enrollment=row,
            asker=row.person,
            asked_amount=row.price if rng.random() < 0.7 else (row.price / 2).quantize(Decimal("0.01")),
            reason=rng.choice(REASONS),
            asked_at=row.registered_at + timedelta(minutes=1),
        )
        if row not in waiting:
            _decide(request, row in declined, staff, now)
        request.save()
        if request.state in {_Asked.APPROVED, _Asked.WITHDRAWN} and request.decided_at:
            _award(request, funds, staff)
    return {row.pk for row in asked}


def _decide(request: ScholarshipRequest, is_declined: bool, staff: User, now: datetime) -> None:
    request.decided_at = min(now, request.asked_at + timedelta(days=2))
    request.decided_by = staff
    if is_declined:
        request.state, request.answer = _Asked.DECLINED, DECLINED
    elif request.enrollment.status in {"cancelled", "absent", "excused"}:
        request.state = _Asked.WITHDRAWN
    else:
        request.state = _Asked.APPROVED


def _award(request: ScholarshipRequest, funds: Sequence[ScholarshipFund], staff: User) -> None:
    """Out of the year's fund that has enough; where none has, the request is declined after all."""
    assert request.decided_at is not None
    day = request.decided_at.astimezone(CHICAGO).date()
    open_funds = (
        fund for fund in funds if fund.funded_on <= day and (fund.until is None or day <= fund.until)
    )
    fund = next((fund for fund in open_funds if fund.balance >= request.asked_amount), None)
    if fund is None:
        request.state, request.answer = _Asked.DECLINED, DECLINED
        request.save()
        return
    row, is_back = request.enrollment, request.state == _Asked.WITHDRAWN
    is_used = row.status == "attended"
    ScholarshipAward.objects.create(
        request=request,
        fund=fund,
        amount=request.asked_amount,
        state=_Award.RETURNED if is_back else _Award.USED if is_used else _Award.OFFERED,
        awarded_at=request.decided_at,
        awarded_by=staff,
        used_at=row.checked_in_at if is_used else None,
        returned_at=request.decided_at + timedelta(days=1) if is_back else None,
    )
    if not is_back:
        fund.committed += request.asked_amount
        fund.save()


# --- Invoices -----------------------------------------------------------------------------------------------------


def _write_invoices(rng: Random, rows: Iterable[Enrollment], staff: User, now: datetime) -> None:
    """One for each seat, in the order of their days; those of past sessions are paid but for a few."""
    last: dict[int, int] = {}
    invoices, lines = [], []
    for row in rows:
        year = row.registered_at.astimezone(CHICAGO).year
        last[year] = last.get(year, 0) + 1
        invoice = _invoice(row, f"INV-{year}-{last[year]:04d}")
        is_past = invoice.due_on < now.astimezone(CHICAGO).date()
        is_theirs = row.person.user_id is not None
        if rng.random() < (0.96 if is_past else 0.4) and not (is_theirs and not is_past):
            invoice.state, invoice.paid = Invoice.State.PAID, invoice.total
            invoice.paid_at = min(now, row.registered_at + timedelta(days=rng.randint(1, 28)))
            invoice.paid_by, invoice.paid_how = staff, rng.choice(["check", "check", "transfer"])
        elif is_past:
            invoice.reminders, invoice.reminded_at = 2, min(now, row.registered_at + timedelta(days=45))
        invoices.append(invoice)
        lines.append(
            InvoiceLine(enrollment=row, amount=row.price, words=f"{row.person.name}: {invoice.about}"[:300])
        )
    stored = bulk_create_with_history(invoices, Invoice)
    for invoice, line in zip(stored, lines, strict=True):
        line.invoice = invoice
    InvoiceLine.objects.bulk_create(lines)
    NumberSeries.objects.bulk_create(
        NumberSeries(prefix="INV", year=year, last=number) for year, number in last.items()
    )


def _invoice(row: Enrollment, number: str) -> Invoice:
    day = date_format(row.session.starts_at.astimezone(CHICAGO), "F j, Y")
    partner = row.organization
    to = [partner.name, row.person.name, f"{partner.city}, Illinois {partner.zip_code}"] if partner else []
    return Invoice(
        number=number,
        registration=row.registration,
        billed_to="\n".join([*(to or [row.person.name]), row.person.email]),
        about=f"{row.session.course.title}, {day}",
        total=row.price,
        issued_at=row.registered_at,
        due_on=(row.registered_at.astimezone(CHICAGO) + timedelta(days=30)).date(),
    )
