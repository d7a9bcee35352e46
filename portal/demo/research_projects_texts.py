"""Words of the demonstration's research projects. What people say in them is made up."""

from dataclasses import dataclass, field

# Group, who it was, what they said.
Said = tuple[str, str, str]

EVERYBODY: tuple[Said, ...] = (
    (
        "black",
        "Listening circle of Black executive directors (sample)",
        "Ask what we do not bill for: evenings, driving, interpreting. That is where the cost hides.",
    ),
    (
        "latino",
        "Bilingual providers' round table (sample)",
        "Send the questions in Spanish from the start, not as an afterthought.",
    ),
    (
        "asian",
        "Asian American agencies' monthly call (sample)",
        "Small languages mean small groups. Do not fold us into “other”.",
    ),
    (
        "mena",
        "Arab American family services, two conversations (sample)",
        "Our clients pay in time. Count the hours a form takes.",
    ),
    (
        "disability",
        "Directors with a disability, written comments (sample)",
        "Offer every interview in writing too, and say so in the invitation.",
    ),
    (
        "small_budget",
        "Advisory group of agencies under $5 million (sample)",
        "We have one bookkeeper. Forty questions about overhead will not be answered.",
    ),
    (
        "sub_sector",
        "Reentry and refugee programs, joint meeting (sample)",
        "Use our contract years, or last year's numbers will look wrong.",
    ),
)


@dataclass(frozen=True)
class PhaseText:
    """One phase: days from now on which it starts and ends, and who was heard in it."""

    kind: str
    starts: int
    ends: int
    what: str
    question: str = ""
    state: str = "closed"
    heard: tuple[str, ...] = ("black", "latino", "asian", "mena", "disability", "small_budget", "sub_sector")
    # Group and reason of what was let pass.
    waived: tuple[str, str] | None = None
    # What partners said, what was changed, days ago.
    changes: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True)
class ProjectText:
    """One project."""

    slug: str
    title: str
    question: str
    summary: str
    body: str
    taking_part: str
    topics: tuple[str, ...]
    status: str
    phases: tuple[PhaseText, ...]
    # What, days before the legislative day, whether it is done.
    milestones: tuple[tuple[str, int, bool], ...]
    participants: int
    methods: tuple[str, ...]
    # Dimension, key, number.
    targets: tuple[tuple[str, str, int], ...] = field(default=())


PROJECTS: tuple[ProjectText, ...] = (
    ProjectText(
        slug="true-cost-of-community-programs",
        title="What a community program truly costs",
        question="What does it cost to run a community program well, and which part of it does a state contract pay?",
        summary="Rates are set from what was paid before, not from what the work costs. This project asks frontline "
        "workers, supervisors and finance leads of partners what a program needs, and sets it beside what contracts pay. "
        "Sample data of the demonstration.",
        body="<p>A survey of partners, thirty conversations, and the books of a few programs that let us read along. "
        "Frontline workers and finance leads are asked apart, because they see different halves of the cost.</p>"
        "<p>Figures are shown by service area and county, and never where fewer than ten people stand behind them.</p>",
        taking_part="We look for frontline workers, supervisors and finance leads in every part of the state. A "
        "conversation takes 45 minutes, by phone, online or in writing. Nobody's answers are shown with their name.",
        topics=("true-costs", "rates"),
        status="running",
        phases=(
            PhaseText(
                "design",
                -210,
                -150,
                "Partners and a small advisory group settled the questions.",
                changes=(
                    (
                        "Forty questions about overhead are too many for an agency with one bookkeeper.",
                        "The survey asks eleven, and takes the rest from reports that agencies file anyway.",
                        165,
                    ),
                ),
            ),
            PhaseText(
                "recruitment",
                -150,
                -60,
                "Invitations through Local Area Councils and partners' newsletters.",
                heard=("black", "latino", "asian", "disability", "small_budget", "sub_sector"),
                waived=(
                    "mena",
                    "Two invitations and a call in eight weeks found nobody who could take part before the holidays. We ask again for the analysis.",
                ),
                changes=(
                    (
                        "The invitation did not say that one can answer in writing.",
                        "It now does, in its second sentence, in English and Spanish.",
                        96,
                    ),
                ),
            ),
            PhaseText(
                "collection",
                -60,
                45,
                "Survey, conversations, and the books of six programs.",
                question="Is there a cost that our questions still do not reach?",
                state="open",
                heard=("black", "latino", "small_budget", "sub_sector"),
            ),
            PhaseText(
                "analysis", 45, 100, "Costs by service area, beside what contracts pay.", state="ahead"
            ),
            PhaseText("review", 100, 130, "Partners read the draft before anybody else.", state="ahead"),
            PhaseText("release", 130, 150, "Report, tables and a toolkit for partners.", state="ahead"),
        ),
        milestones=(
            ("Questions settled with partners", 200, True),
            ("Half of the participants reached", 75, True),
            ("First figures for the governor's budget talks", 14, False),
            ("Draft for partners", -40, False),
        ),
        participants=78,
        methods=("survey", "survey", "interview", "focus_group"),
        targets=(
            ("role", "worker", 40),
            ("role", "executive", 15),
            ("role", "client", 12),
            ("budget", "under_500k", 15),
            ("sub_sector", "", 20),
            ("area", "", 18),
            ("area", "", 12),
            ("leader", "black", 20),
            ("leader", "latino", 20),
        ),
    ),
    ProjectText(
        slug="rates-and-who-leaves",
        title="Rates, and who leaves",
        question="How do pay and turnover in community services compare with those in services the state runs itself?",
        summary="Community workers and state workers do much of the same work. Partners told what they pay, how long people "
        "stay and what it costs to replace them. Sample data of the demonstration.",
        body="<p>A survey of partners' human resources leads and conversations with people who had left within a year, "
        "beside the state's public pay tables.</p>",
        taking_part="",
        topics=("rates", "workforce-and-wages"),
        status="released",
        phases=(
            PhaseText(
                "design",
                -620,
                -570,
                "Which jobs can be compared, and which cannot.",
                changes=(
                    ("Job titles hide what people do.", "Jobs are compared by tasks, not by titles.", 580),
                ),
            ),
            PhaseText("recruitment", -570, -520, "Through Local Area Councils and the training calendar."),
            PhaseText("collection", -520, -430, "Survey and conversations with people who had left."),
            PhaseText("analysis", -430, -370, "Pay and turnover by task and county."),
            PhaseText(
                "review",
                -370,
                -335,
                "Forty partners read the draft.",
                changes=(("The draft said “unskilled”.", "It says what the work takes instead.", 345),),
            ),
            PhaseText("release", -335, -300, "Report and a briefing in Springfield."),
        ),
        milestones=(("Draft for partners", 50, True), ("Release", 2, True)),
        participants=64,
        methods=("survey", "interview"),
        targets=(("role", "worker", 25), ("role", "supervisor", 10)),
    ),
)
# Verdict and words of partners about a phase that is open.
FEEDBACK: tuple[tuple[str, str], ...] = (
    ("change", "Please add the cost of supervising students: they are how we hire."),
    ("good", "The shorter survey took our finance lead twelve minutes. Thank you."),
    ("concern", "Reading our books asks a lot of trust. Who sees them, and when are they deleted?"),
    ("good", ""),
    ("change", "Mileage in rural counties belongs to the direct cost, not to overhead."),
    ("change", "Our contract year starts in October, so two columns would help."),
)
ANSWER = "A question about supervising students is in the survey since last week."
