"""The demonstration's trainings: what is taught, for whom, and on which days around today."""

from dataclasses import dataclass, field

TOPICS = (
    ("reframing", "Reframing human services"),
    ("racial-equity", "Racial equity"),
    ("advocacy", "Advocacy and the budget"),
    ("workforce", "Workforce and pay"),
    ("leadership", "Leading an organization"),
    ("access", "Language and disability access"),
)

# The sliding scale: name, hint, budget band, share of the full fee in percent.
SCALE = (
    ("Community", "For anybody for whom a fee is in the way", "", 0),
    ("Small organization", "Budget under $1 million", "500k_1m", 30),
    ("Mid-size organization", "Budget of $1 million to $5 million", "1m_5m", 60),
    ("Large organization", "Budget of $5 million or more", "5m_20m", 100),
)


@dataclass(frozen=True)
class SessionText:
    """One time a course is given: days from today, how, for how many hours, and how full it is."""

    days: int
    mode: str
    hour: int = 10
    hours: float = 2
    more_days: int = 0
    capacity: int | None = 30
    seated: int = 18
    waiting: int = 0
    place: int = 0
    languages: str = "English"
    captions: bool = True
    cancelled: str = ""
    draft: bool = False


@dataclass(frozen=True)
class CourseText:
    """A course as it stands on its page."""

    slug: str
    title: str
    topics: tuple[str, ...]
    summary: str
    body: str
    objectives: tuple[str, ...]
    for_whom: str = "Everybody who works in human services"
    audience: str = "everyone"
    state: str = "published"
    fee: int = 0
    reviewed: int = 120
    sessions: tuple[SessionText, ...] = field(default=())


# Where sessions take place: area's short name, place, street, city line, access.
PLACES = (
    ("Sample Commons, room 2", "120 Sample Street", "Chicago, IL 60601", "Ramp at the side door, elevator, quiet room."),
    ("River Hall", "45 Example Avenue", "Peoria, IL 61602", "Level entrance, hearing loop, parking in front."),
    ("Prairie Library, meeting room", "9 Model Road", "Springfield, IL 62701", "Elevator, wide restrooms, bus stop outside."),
    ("Northside House", "300 Pattern Lane", "Rockford, IL 61101", "Ramp, elevator, a room for nursing."),
)  # fmt: skip
SPANISH = "English, with Spanish interpretation"
SIGN = "English, with American Sign Language"

COURSES = (
    CourseText(
        slug="telling-our-story",
        title="Telling our story so that people act",
        topics=("reframing",),
        summary="Words and pictures that help people see human services as something everybody builds on.",
        body="<p>Many messages about our work make people feel sorry, and then look away. We try out frames that research "
        "has tested, such as building and well-being, and rewrite a page, a speech and a post of our own.</p>"
        "<p>Bring one text of your organization. You leave with a better one.</p>",
        objectives=(
            "Tell a story in which the people you serve are the ones who act",
            "Spot words that blame people for what a system does",
            "Name race and place openly without repeating a stereotype",
        ),
        fee=60,
        sessions=(
            SessionText(-800, "online", seated=22),
            SessionText(-610, "online", seated=26, languages=SPANISH),
            SessionText(-420, "in_person", hours=3, seated=15, place=1),
            SessionText(-205, "online", seated=28, languages=SPANISH),
            SessionText(-48, "online", seated=24),
            SessionText(16, "online", capacity=40, seated=21, languages=SPANISH),
            SessionText(58, "in_person", hours=3, capacity=24, seated=6, place=2),
        ),
    ),
    CourseText(
        slug="racial-equity-foundations",
        title="Racial equity: where we start",
        topics=("racial-equity",),
        summary="A shared language for how race shapes our sector, and first steps in one's own organization.",
        body="<p>Two mornings with plain words, local numbers and time to talk in small groups. We look at how rules that "
        "sound the same for all work out differently, and at one rule of our own.</p>",
        objectives=(
            "Explain the difference between a person's bias and a rule's effect",
            "Read local numbers by race and place",
            "Choose one rule of your organization to change, and who decides on it",
        ),
        fee=120,
        sessions=(
            SessionText(-735, "in_person", hour=9, hours=3, more_days=1, seated=18, place=0),
            SessionText(-505, "online", hour=9, hours=3, more_days=1, seated=25),
            SessionText(-300, "hybrid", hour=9, hours=3, more_days=1, seated=24, place=0, languages=SIGN),
            SessionText(-110, "online", hour=9, hours=3, more_days=1, seated=27),
            SessionText(
                23, "hybrid", hour=9, hours=3, more_days=1, capacity=20, seated=14, place=0, languages=SIGN
            ),
        ),
    ),
    CourseText(
        slug="racial-equity-in-hiring",
        title="Fair from the job ad to the first year",
        topics=("racial-equity", "workforce"),
        summary="How small changes in hiring open our jobs to people whom we have overlooked.",
        body="<p>We walk through an ad, an interview and a first month, and mend each with the people who have been through "
        "it.</p>",
        objectives=(
            "Write a job ad that counts lived experience",
            "Ask every candidate the same questions, and score them alike",
            "Plan the first year so that people stay",
        ),
        fee=90,
        reviewed=400,
        sessions=(
            SessionText(-560, "online", seated=19),
            SessionText(-260, "online", seated=21),
            SessionText(37, "online", capacity=30, seated=9),
        ),
    ),
    CourseText(
        slug="reading-the-state-budget",
        title="Reading the state budget",
        topics=("advocacy",),
        summary="Find the line that pays for your work, see how it changed, and say it in two sentences.",
        body="<p>With the budget book open, line by line. Afterwards you can look up any program, and explain what a cut "
        "would mean where you live.</p>",
        objectives=(
            "Find out which communities a budget line reaches and which it leaves out",
            "Explain a cut in words that fit on a card",
            "Ask a legislator for a number, not for sympathy",
        ),
        sessions=(
            SessionText(-640, "online", seated=29),
            SessionText(-280, "online", seated=30),
            SessionText(-62, "online", seated=25),
            SessionText(9, "online", hour=12, hours=1.5, capacity=12, seated=11),
            SessionText(44, "in_person", capacity=16, seated=4, place=2),
        ),
    ),
    CourseText(
        slug="first-visit-with-a-legislator",
        title="Your first visit with a legislator",
        topics=("advocacy",),
        summary="Plan, practice and hold a conversation that is remembered.",
        body="<p>We practice in threes: one speaks, one is the legislator, one listens. Nobody has to be an expert; "
        "everybody has seen something that a lawmaker needs to know.</p>",
        objectives=(
            "Prepare a visit so that people who use services speak for themselves",
            "Agree on who speaks, and pay people for their time",
        ),
        audience="partners",
        sessions=(
            SessionText(-690, "online", seated=20),
            SessionText(-330, "in_person", seated=14, place=2),
            SessionText(-90, "online", seated=22),
            SessionText(30, "online", capacity=25, seated=8),
        ),
    ),
    CourseText(
        slug="pay-that-keeps-people",
        title="Pay that keeps people",
        topics=("workforce",),
        summary="Work out what a living wage costs your programs, and who can pay for it.",
        body="<p>A spreadsheet, real contracts and honest talk about what funders leave out.</p>",
        objectives=(
            "See pay gaps by race and gender in your own numbers",
            "Put the true cost of a job into the next contract",
        ),
        fee=80,
        sessions=(
            SessionText(-470, "online", seated=17),
            SessionText(-150, "online", seated=23),
            SessionText(27, "online", capacity=8, seated=8, waiting=5),
        ),
    ),
    CourseText(
        slug="plain-language",
        title="Plain language for forms and letters",
        topics=("access",),
        summary="Forms that people understand the first time, in English and Spanish.",
        body="<p>Bring a form. We cut it in half, and test it with people who fill in such forms.</p>",
        objectives=(
            "Write so that somebody with little schooling understands it",
            "Have a form translated, and checked by those who use it",
        ),
        fee=40,
        sessions=(
            SessionText(-390, "online", seated=24, languages=SPANISH),
            SessionText(-35, "online", seated=19, languages="Spanish, with English interpretation"),
            SessionText(65, "online", seated=3, languages="Spanish, with English interpretation"),
        ),
    ),
    CourseText(
        slug="meetings-for-everybody",
        title="Meetings that everybody can take part in",
        topics=("access", "leadership"),
        summary="Captions, interpreters, ramps and breaks: plan a meeting once, for all.",
        body="<p>Led by people with disabilities. With a checklist, and what it costs.</p>",
        objectives=(
            "Plan access before the invitation goes out",
            "Ask what people need without asking why",
        ),
        sessions=(
            SessionText(-230, "hybrid", seated=20, place=3, languages=SIGN),
            SessionText(-20, "online", seated=18, languages=SIGN),
            SessionText(51, "in_person", capacity=18, seated=5, place=3, languages=SIGN),
        ),
    ),
    CourseText(
        slug="new-executive-directors",
        title="The first year as executive director",
        topics=("leadership",),
        summary="A circle of people who are new at the top, with guests who remember how it was.",
        body="<p>Three mornings, closed to others, so that one can speak openly.</p>",
        objectives=(
            "Share power with the people whom the organization serves",
            "Find allies as a leader of color, or be one",
        ),
        for_whom="Executive directors in their first two years",
        audience="partners",
        fee=150,
        sessions=(
            SessionText(-360, "in_person", hour=9, hours=3, more_days=2, capacity=14, seated=12, place=0),
            SessionText(72, "in_person", hour=9, hours=3, more_days=2, capacity=14, seated=5, place=0),
        ),
    ),
    CourseText(
        slug="numbers-that-count-people-in",
        title="Numbers that count people in",
        topics=("racial-equity", "leadership"),
        summary="Ask about race, language and disability with respect, and use the answers.",
        body="<p>Which questions to ask, which to leave, and how to keep answers safe.</p>",
        objectives=(
            "Ask people how they describe themselves",
            "Show results without pointing at anybody",
        ),
        fee=60,
        sessions=(
            SessionText(-175, "online", seated=16),
            SessionText(
                20, "online", seated=7, cancelled="Our facilitator is ill. We give it again in the new year."
            ),
        ),
    ),
    CourseText(
        slug="supervising-with-care",
        title="Supervising people who do hard work",
        topics=("workforce", "leadership"),
        summary="Regular talks, fair loads and what to do when somebody is worn out.",
        body="<p>For new supervisors.</p>",
        objectives=(),
        state="draft",
        sessions=(SessionText(90, "online", draft=True, seated=0),),
    ),
    CourseText(
        slug="webinars-in-a-week",
        title="Your first webinar in a week",
        topics=("reframing",),
        summary="How we moved online, when everybody did.",
        body="<p>Kept for the record.</p>",
        objectives=("Choose a time at which people who work shifts can come",),
        state="archived",
        sessions=(SessionText(-820, "online", seated=26),),
    ),
)

# By which links people came, and how often.
SOURCES = (("", 40), ("newsletter", 25), ("council", 12), ("colleague", 10), ("flyer", 6), ("social", 7))
NEEDS = ("Live captions", "American Sign Language interpreter", "No stairs, please", "Vegetarian food", "Spanish interpretation")  # fmt: skip
