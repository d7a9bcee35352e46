"""Local Area Councils with 14 months of meetings, the next ones, and events of every kind with those who come."""

from datetime import datetime, timedelta
from random import Random

from meetings.models import Attendance, Collaborative, Council, Event
from meetings.quarters import Rule, quarter_of
from partners.fiscal_year import FiscalYear, Period
from partners.gatherings.models import Mode
from partners.models import Area, Membership, User
from portal.demo import meeting_texts as texts
from portal.demo.calls import at
from portal.embedded.demo_logins import CONTACT

PAST = timedelta(days=425)
# This council has no meeting in the quarter that runs: the desk's start page says so.
FORGOTTEN = "southern"
_Status = Attendance.Status
# Of a hundred who registered for something that is over.
OUTCOMES = {_Status.ATTENDED: 76, _Status.ABSENT: 14, _Status.EXCUSED: 4, _Status.CANCELLED: 6}
SOURCES = ("", "", "", "newsletter", "invitation", "council-page")
NEEDS = ("", "", "", "", "", "", "Captions, please", "A seat near the door", "Vegetarian lunch")
# A person and the organization they come for.
Member = tuple[int, int]


def write_meetings(*, staff: User, seed: int, now: datetime, scale: float) -> None:
    """Councils, their meetings, and other events. The same seed and day give the same rows."""
    rng = Random(f"{seed}:meetings")
    members = _members()
    _write_councils(members)
    # A smaller coalition sends fewer people to smaller rooms, so that one room is full at any size.
    share = min(1.0, 0.4 + scale)
    events = [*_council_meetings(rng, staff, now), *_other_events(staff, now, share)]
    Event.objects.bulk_create(events)
    counts = {text.slug: text.people for text in texts.EVENTS}
    everybody = sorted({member for some in members.values() for member in some})
    places: list[Attendance] = []
    for event in events:
        some = members.get(event.area_id or 0, []) if event.area_id else everybody
        wanted = counts.get(event.slug, rng.randint(6, 18))
        if event.state == Event.State.DRAFT:
            continue
        places += _places(rng, event, some, round(wanted * share), now)
    places += _own_places(events, now)
    Attendance.objects.bulk_create(places, ignore_conflicts=True)


def _members() -> dict[int, list[Member]]:
    """People of active partners by area, without those behind a login, whose places are written by hand."""
    rows = (
        Membership.objects.current()
        .filter(organization__status="active", person__user=None)
        .order_by("pk")
        .values_list("organization__area_id", "person_id", "organization_id")
    )
    found: dict[int, dict[int, int]] = {}
    for area, person, organization in rows.iterator(5000):
        found.setdefault(area, {}).setdefault(person, organization)
    return {area: list(people.items()) for area, people in found.items()}


def _write_councils(members: dict[int, list[Member]]) -> None:
    Council.objects.bulk_create(
        [
            Council(
                area=area,
                chair_id=next((person for person, _organization in members.get(area.pk, [])), None),
                body=texts.COUNCIL_BODY,
                email=f"{area.slug}@illinoispartners.example",
                rhythm=texts.RHYTHM,
            )
            for area in Area.objects.all()
        ]
    )
    areas = Area.objects.in_bulk(field_name="slug")
    for place, (name, summary, slugs) in enumerate(texts.COLLABORATIVES):
        group = Collaborative.objects.create(name=name, summary=summary, order=place)
        group.areas.set([areas[slug] for slug in slugs if slug in areas])


def _quarters(now: datetime) -> list[Period]:
    """From fourteen months ago to the quarter after this one."""
    year = FiscalYear.of(now).year
    quarters = [quarter for step in (-2, -1, 0, 1) for quarter in FiscalYear(year + step).quarters]
    this = quarters.index(quarter_of(now))
    return [quarter for quarter in quarters[: this + 2] if quarter.end > now - PAST]


def _council_meetings(rng: Random, staff: User, now: datetime) -> list[Event]:
    rule, this = Rule(), quarter_of(now)
    events = []
    for area in Area.objects.all():
        for number, quarter in enumerate(_quarters(now)):
            # Each council has its own week, so that staff can be there.
            starts_at = rule.moment(quarter) + timedelta(days=7 * (area.pk % 3) + area.pk % 2)
            if quarter == this and area.slug == FORGOTTEN:
                continue
            mode = (Mode.IN_PERSON, Mode.HYBRID, Mode.ONLINE)[(area.pk + number) % 3]
            # Two of three councils have told the next quarter's day already.
            draft = quarter.start > this.start and area.pk % 3 == 0
            events.append(_council_meeting(rng, area, quarter, starts_at, mode, draft))
    for event in events:
        _settle(event, staff, now)
    return events


def _council_meeting(
    rng: Random, area: Area, quarter: Period, starts_at: datetime, mode: str, draft: bool
) -> Event:
    venue, street, city = texts.ROOMS.get(area.slug, texts.ANY_ROOM)
    topic = rng.choice(texts.TOPICS)
    return Event(
        kind=Event.Kind.COUNCIL,
        area=area,
        title=f"Local Area Council: {area}",
        slug=f"{area.slug}-{quarter.label.lower().replace(' ', '-')}",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        mode=mode,
        venue=venue if mode != Mode.ONLINE else "",
        street=street if mode != Mode.ONLINE else "",
        city=city if mode != Mode.ONLINE else "",
        join_url=texts.JOIN_URL if mode != Mode.IN_PERSON else "",
        summary=texts.SUMMARY,
        agenda=texts.AGENDA.format(topic=topic),
        notes=texts.NOTES.format(topic=topic),
        access=texts.ACCESS if mode != Mode.ONLINE else "",
        has_captions=mode != Mode.IN_PERSON,
        state=Event.State.DRAFT if draft else Event.State.PUBLISHED,
    )


def _other_events(staff: User, now: datetime, share: float) -> list[Event]:
    events = []
    for text in texts.EVENTS:
        starts_at = at(now, text.hour, days=text.days)
        venue, street, city = texts.ROOMS["central"]
        is_online = text.mode == Mode.ONLINE
        event = Event(
            kind=text.kind,
            title=text.title,
            slug=text.slug,
            summary=text.summary,
            body=text.body,
            audience=text.audience,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=text.hours),
            mode=text.mode,
            venue="" if is_online else venue,
            street="" if is_online else street,
            city="" if is_online else city,
            join_url="" if text.mode == Mode.IN_PERSON else texts.JOIN_URL,
            capacity=round(text.capacity * share) if text.capacity else None,
            languages=text.languages,
            has_captions=text.mode != Mode.IN_PERSON,
            access="" if is_online else texts.ACCESS,
            state=Event.State.PUBLISHED,
        )
        _settle(event, staff, now)
        if text.cancelled:
            event.state, event.revision = Event.State.CANCELLED, 1
            event.cancelled_at, event.cancelled_by = now - timedelta(days=1), staff
            event.cancel_reason = text.cancelled
        events.append(event)
    return events


def _settle(event: Event, staff: User, now: datetime) -> None:
    """What is over was held and has notes; what is to come was published before today."""
    if event.state == Event.State.DRAFT:
        event.notes = ""
        return
    event.published_at = min(event.starts_at - timedelta(days=45), now - timedelta(days=2))
    event.published_by = staff
    if event.ends_at > now:
        event.notes = ""
        return
    event.state = Event.State.HELD
    event.held_at, event.held_by = min(event.ends_at + timedelta(days=1), now), staff
    if event.notes:
        event.notes_published_at, event.notes_published_by = event.held_at, staff


def _places(rng: Random, event: Event, members: list[Member], wanted: int, now: datetime) -> list[Attendance]:
    """Who has a place, in the order in which they came: who comes when every seat is taken waits."""
    chosen = rng.sample(members, k=min(wanted, len(members)))
    until = min(event.starts_at, now)
    first = event.published_at or until - timedelta(days=30)
    moments = sorted(first + (until - first) * rng.random() for _person in chosen)
    seats = event.capacity or len(chosen)
    places = []
    for number, ((person, organization), moment) in enumerate(zip(chosen, moments, strict=True)):
        place = Attendance(
            event=event,
            person_id=person,
            organization_id=organization,
            status=_Status.REGISTERED if number < seats else _Status.WAITLISTED,
            waiting_since=None if number < seats else moment,
            is_online=event.mode == Mode.ONLINE or (event.mode == Mode.HYBRID and rng.random() < 0.4),
            needs=rng.choice(NEEDS),
            source=rng.choice(SOURCES),
            registered_at=moment,
        )
        if event.state == Event.State.HELD:
            _end(rng, place, event)
        places.append(place)
    return places


def _end(rng: Random, place: Attendance, event: Event) -> None:
    """What became of a place at an event that is over."""
    place.status = rng.choices(list(OUTCOMES), weights=list(OUTCOMES.values()))[0]
    if place.status == _Status.CANCELLED:
        place.cancelled_at = event.starts_at - timedelta(days=1)
    if place.status == _Status.ATTENDED:
        place.checked_in_at = event.starts_at + timedelta(minutes=rng.randint(-10, 10))
        place.check_in = Attendance.CheckIn.IMPORT if place.is_online else Attendance.CheckIn.STAFF
        place.minutes = rng.randint(50, 90) if place.is_online else None


def _own_places(events: list[Event], now: datetime) -> list[Attendance]:
    """The demonstration's primary contact was at their council's last meetings and comes to the webinar."""
    membership = Membership.objects.current().filter(person__email=CONTACT.email).first()
    if membership is None:
        return []
    council = [event for event in events if event.area_id == membership.organization.area_id]
    held = [event for event in council if event.state == Event.State.HELD][-2:]
    coming = [event for event in events if event.slug == "budget-webinar"]
    places = [
        Attendance(
            event=event,
            person_id=membership.person_id,
            organization_id=membership.organization_id,
            status=_Status.ATTENDED if event in held else _Status.REGISTERED,
            is_online=event.mode == Mode.ONLINE,
            registered_at=min(event.starts_at, now) - timedelta(days=3),
        )
        for event in [*held, *coming]
    ]
    for place in places:
        if place.status == _Status.ATTENDED:
            place.checked_in_at, place.check_in = place.event.starts_at, Attendance.CheckIn.STAFF
    return places
