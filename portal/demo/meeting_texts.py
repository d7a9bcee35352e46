"""What the sample councils and events say."""

from dataclasses import dataclass

# Place, street, and city of each council's usual room, by the area's short name.
ROOMS: dict[str, tuple[str, str, str]] = {
    "cook": ("Cedar Street Community House", "118 W Cedar Street", "Chicago, IL 60610"),
    "lake-mchenry": ("Northern Prairie Library, room B", "40 Grand Avenue", "Waukegan, IL 60085"),
    "dupage": ("DuPage Neighbors Center", "310 Main Street", "Wheaton, IL 60187"),
    "fox-valley": ("Riverside Family Center", "7 N River Street", "Aurora, IL 60506"),
    "will-kankakee": ("Joliet Job Hub", "52 Jefferson Street", "Joliet, IL 60432"),
    "northwest": ("Rock River Hall", "21 State Street", "Rockford, IL 61104"),
    "quad-cities": ("Old Depot Meeting Rooms", "3 Depot Street", "Moline, IL 61265"),
    "peoria-western": ("Peoria Workshop House", "66 Adams Street", "Peoria, IL 61602"),
    "east-central": ("Prairie Commons", "15 University Avenue", "Champaign, IL 61820"),
    "central": ("Capitol Neighbors Hall", "9 E Monroe Street", "Springfield, IL 62701"),
    "metro-east": ("Two Rivers Community Center", "28 Illinois Street", "Belleville, IL 62220"),
    "southern": ("Shawnee Service Center", "5 Oak Street", "Carbondale, IL 62901"),
}
ANY_ROOM = ("Community room of the town library", "1 Main Street", "Springfield, IL 62701")

COUNCIL_BODY = (
    "<p>We compare notes on what people in our counties need, agree on what we tell our lawmakers together, and help "
    "one another with staff, space and know-how. New faces are welcome: come once and look.</p>"
)
RHYTHM = "on the second Tuesday of each quarter's second month, 10 a.m."
SUMMARY = (
    "Partners of the area meet: news from Springfield, what we see at our doors, and what we do about it."
)
AGENDA = (
    "<ol><li>Welcome and who is new</li><li>What the General Assembly does about our bills</li>"
    "<li>{topic}</li><li>Who does what until next time</li></ol>"
)
NOTES = (
    "<p>{topic}: we agreed to collect three examples each and to send them to the coalition's staff.</p>"
    "<ul><li>Two members offered to speak at a hearing.</li><li>The next meeting is open to school staff too.</li></ul>"
)
TOPICS = (
    "Wages of front-line staff",
    "Waiting lists for home care",
    "How late payments hurt small agencies",
    "Rides to work and to the doctor",
    "Child care in the evening",
    "Help with rent before an eviction",
)
ACCESS = "Step-free entrance, hearing loop, parking behind the house."

# Name, what it does, short names of the areas.
COLLABORATIVES = (
    (
        "Northern Counties Housing Table",
        "Shelters, landlords and town halls that keep families housed.",
        ("lake-mchenry", "northwest"),
    ),
    (
        "River Valley Child Care Circle",
        "Centers and home providers that share substitutes.",
        ("fox-valley", "will-kankakee"),
    ),
    (
        "Downstate Rides Network",
        "Agencies that pool their vans.",
        ("central", "east-central", "southern"),
    ),
    (
        "Riverbend Reentry Group",
        "Employers and counselors for people coming home from prison.",
        ("metro-east",),
    ),
    ("Cook County Care Workers' Forum", "Home care workers and the agencies they work for.", ("cook",)),
)


@dataclass(frozen=True)
class EventText:
    """One event that is no council's meeting; `days` from today, seats, and how many have a place."""

    slug: str
    kind: str
    title: str
    summary: str
    days: int
    hour: int
    hours: int
    mode: str
    audience: str = "everyone"
    capacity: int | None = None
    people: int = 12
    languages: str = ""
    cancelled: str = ""
    body: str = ""


JOIN_URL = "https://meet.example/coalition"
EVENTS = (
    EventText(
        "advocacy-day",
        "advocacy_day",
        "Advocacy day at the Capitol",
        "Meet your lawmakers together with people of 60 organizations. We book the talks and bring the fact sheets.",
        24,
        9,
        7,
        "in_person",
        capacity=40,
        people=47,
        languages="English, with Spanish and American Sign Language interpretation",
        body="<p>We meet at 9 at the hall, walk over together, and see lawmakers by area until 3. Lunch is there.</p>",
    ),
    EventText(
        "budget-webinar",
        "webinar",
        "The budget in an hour",
        "What the proposed state budget means for human services, line by line, with time for your questions.",
        9,
        12,
        1,
        "online",
        people=38,
        languages="English, with Spanish interpretation",
    ),
    EventText(
        "workforce-forum",
        "forum",
        "Forum: who will do this work?",
        "Workers, employers and researchers on pay, training and staying in the field.",
        38,
        10,
        3,
        "hybrid",
        capacity=60,
        people=22,
    ),
    EventText(
        "table-winter",
        "coalition",
        "HHS Coalition: planning meeting",
        "Partners of the coalition set the order of this session's bills.",
        16,
        14,
        2,
        "online",
        audience="partners",
        people=18,
    ),
    EventText(
        "board-retreat",
        "internal",
        "Board and staff retreat",
        "Two days for the plan of the next three years.",
        45,
        9,
        8,
        "in_person",
        audience="staff",
        people=0,
    ),
    EventText(
        "data-webinar",
        "webinar",
        "Numbers that lawmakers read",
        "How to show need and results on one page.",
        12,
        11,
        1,
        "online",
        people=9,
        cancelled="Our speaker is ill. We look for a new day.",
    ),
    EventText(
        "housing-forum",
        "forum",
        "Forum: a home first",
        "What works against eviction in towns of every size.",
        -40,
        10,
        3,
        "hybrid",
        people=44,
        body="<p>Three towns told how they keep people housed, and what the state could do to help.</p>",
    ),
    EventText(
        "advocacy-day-last",
        "advocacy_day",
        "Advocacy day at the Capitol, last session",
        "A day of talks with lawmakers.",
        -250,
        9,
        7,
        "in_person",
        people=52,
    ),
)
