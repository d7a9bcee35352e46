"""An event that is on right now, one that is just over with a report to review, and what earlier ones left behind."""

from datetime import datetime, timedelta
from random import Random

from meetings.models import Attendance, AttendanceNotice, Event, Feedback, FollowUp
from meetings.services.imports import import_report
from partners.fiscal_year import CHICAGO
from partners.models import Membership, Person, User
from portal.embedded.demo_logins import CONTACT

OPEN_HOUSE, JUST_OVER = "open-house-at-our-office", "how-to-read-a-state-contract"
EXPECTED, ONLINE = 24, 12
TASKS = (
    "Ask the county board for a seat on its housing committee",
    "Send the list of open jobs to everybody who was there",
    "Invite the school district to the next meeting",
    "Collect three stories about late payments",
    "Find a room with a ramp for the next quarter",
    "Write to the new representative and ask for a visit",
)
COMMENTS = (
    "More time for questions, please.",
    "The examples from other counties helped me most.",
    "Please send the slides before the meeting.",
    "Good to meet people from my own area.",
    "",
    "",
)


def write_doors(*, staff: User, seed: int, now: datetime) -> None:
    """The same seed and moment give the same rows."""
    rng = Random(f"{seed}:doors")
    members = list(
        Membership.objects.current()
        .filter(organization__status="active", person__user=None)
        .select_related("person")
        .order_by("pk")[:200]
    )
    _write_open_house(rng, members, staff, now)
    _write_just_over(rng, members, staff, now)
    held = list(Event.objects.filter(state=Event.State.HELD).order_by("-starts_at", "pk")[:12])
    _write_follow_ups(rng, held, members, staff, now)
    _write_feedback(rng, held)


def _event(slug: str, title: str, starts_at: datetime, hours: int, staff: User, **facts: object) -> Event:
    return Event.objects.create(
        kind=Event.Kind.FORUM,
        title=title,
        slug=slug,
        state=Event.State.PUBLISHED,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        published_at=starts_at - timedelta(days=30),
        published_by=staff,
        **facts,
    )


def _register(event: Event, members: list[Membership], now: datetime) -> None:
    Attendance.objects.bulk_create(
        Attendance(
            event=event,
            person=member.person,
            organization_id=member.organization_id,
            status=Attendance.Status.REGISTERED,
            is_online=event.is_online,
            registered_at=now - timedelta(days=6, minutes=place),
        )
        for place, member in enumerate({member.person_id: member for member in members}.values())
    )


def _write_open_house(rng: Random, members: list[Membership], staff: User, now: datetime) -> None:
    """It began a moment ago, so the list at the door can be tried."""
    event = _event(
        OPEN_HOUSE,
        "Open house at our office",
        now.replace(second=0, microsecond=0) - timedelta(minutes=5),
        6,
        staff,
        mode="in_person",
        venue="Prairie Hall",
        street="1 Sample Street",
        city="Chicago, IL 60601",
        check_in_code="KM7WQ4",
        summary="Coffee, questions and a look at the plans for the session.",
        access="Ramp at the north door, elevator, captions on a screen.",
    )
    _register(event, rng.sample(members, k=min(EXPECTED, len(members))), now)


def _write_just_over(rng: Random, members: list[Membership], staff: User, now: datetime) -> None:
    """An online forum of two days ago whose attendance is not closed; a report waits to be reviewed."""
    starts_at = (
        (now - timedelta(days=2)).astimezone(CHICAGO).replace(hour=13, minute=0, second=0, microsecond=0)
    )
    event = _event(
        JUST_OVER,
        "How to read a state contract",
        starts_at,
        1,
        staff,
        mode="online",
        join_url="https://meet.example/contracts",
        summary="What stands in a contract with the state, and what to ask before you sign.",
        has_captions=True,
        notes="<p>We read a sample contract together. The part about late payments took longest.</p>",
    )
    _register(event, rng.sample(members, k=min(ONLINE, len(members))), now)
    people = [place.person for place in event.attendances.select_related("person").order_by("pk")]
    data = _report(people, starts_at).encode("utf-8-sig")
    import_report(event=event, file_name="participants_81234567890.csv", data=data, by=staff, now=now)


def _report(people: list[Person], starts_at: datetime) -> str:
    """A report as Zoom gives it: some with an address, some under a shorter name, and somebody nobody knows."""
    lines = ["Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,In waiting room"]
    for place, person in enumerate(people):
        shown, email = person.name, person.email
        if place % 4 == 1:
            shown, email = f"iPhone ({person.name})", ""
        if place % 4 == 3:
            shown, email = f"{person.first_name[:1]}. {person.last_name}", ""
        lines.append(_line(shown, email, starts_at, 3 + place % 5, 52 + place % 7))
    lines.append(_line("Conference room B", "", starts_at, 1, 58))
    lines.append(_line("Delia Farrow", "", starts_at, 4, 40))
    return "\r\n".join(lines) + "\r\n"


def _line(shown: str, email: str, starts_at: datetime, came: int, minutes: int) -> str:
    joined = starts_at + timedelta(minutes=came)
    left = joined + timedelta(minutes=minutes)
    style = "%m/%d/%Y %I:%M:%S %p"
    return f'{shown},{email},"{joined.strftime(style)}","{left.strftime(style)}",{minutes},Yes,No'


def _write_follow_ups(
    rng: Random, held: list[Event], members: list[Membership], staff: User, now: datetime
) -> None:
    """What people took on: done, open, late, and one that is the primary contact's own."""
    contact = Person.objects.filter(email=CONTACT.email).first()
    today = now.astimezone(CHICAGO).date()
    if not members:
        return
    for place, (event, task) in enumerate(zip(held, TASKS, strict=False)):
        owner = contact if place == 0 and contact else rng.choice(members).person
        is_done = place % 3 == 2
        FollowUp.objects.create(
            event=event,
            task=task,
            owner=owner,
            due_on=today + timedelta(days=(9, -4, -20)[place % 3]),
            assigned_at=event.held_at,
            assigned_by=staff,
            reminded_at=None if place % 3 == 0 else now - timedelta(days=1),
            done_at=now - timedelta(days=22) if is_done else None,
            done_by=staff if is_done else None,
        )


def _write_feedback(rng: Random, held: list[Event]) -> None:
    """How the last events were; one has too few answers to be shown."""
    for place, event in enumerate(held):
        there = list(event.attendances.attended().order_by("pk"))
        answered = rng.sample(there, k=min(len(there), 3 if place == 1 else rng.randint(5, 14)))
        AttendanceNotice.objects.bulk_create(
            AttendanceNotice(
                attendance=one, kind="feedback", revision=0, written_at=event.held_at or event.ends_at
            )
            for one in there
        )
        Attendance.objects.filter(pk__in=[one.pk for one in answered]).update(gave_feedback=True)
        Feedback.objects.bulk_create(
            Feedback(
                pk=rng.getrandbits(62),
                event=event,
                rating=rng.choices([5, 4, 3, 2], weights=[5, 6, 2, 1])[0],
                comment=rng.choice(COMMENTS),
            )
            for _one in answered
        )
