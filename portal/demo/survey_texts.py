"""What the demonstration's surveys ask, and its event says."""

from dataclasses import dataclass, field

CONSENT_SURVEY = (
    "Illinois Partners counts your answers together with those of others and publishes numbers only, never of "
    "fewer than ten people. Staff can see who answered."
)
CONSENT_EVENT = (
    "Illinois Partners uses your name and what you need to prepare this event. Both are seen by staff only."
)
EVENT_ASK = "Say whether you come to our briefing, in Springfield or online, so that we can prepare for you."
EVENT_WHY = (
    "<p>In ninety minutes we go through this year's priorities, the bills behind them, and who decides when. "
    "Then everybody practices one conversation with a lawmaker, in pairs.</p><p>No experience is needed. Bring a "
    "colleague or somebody from your board.</p>"
)
EVENT_PLACE = "Hall of the Sample Public Library, 100 Sample Street, Springfield, and online"
EVENT_ACCESS = (
    "Step-free entrance, live captions, sign language interpreter on request, parking behind the house"
)
NEEDS = ("Live captions", "A vegetarian lunch", "A seat near the door, please", "Sign language interpreter")


@dataclass(frozen=True)
class QuestionText:
    """One question, how likely each answer is, and how many of those asked answer it."""

    text: str
    kind: str
    choices: tuple[str, ...] = ()
    weights: tuple[int, ...] = ()
    hint: str = ""
    is_required: bool = False
    share: float = 0.9
    samples: tuple[str, ...] = ()


@dataclass(frozen=True)
class SurveyText:
    """A survey and the call to answer it. `opened` is days before today, `closes` days after it."""

    slug: str
    title: str
    campaign: str
    introduction: str
    ask: str
    why: str
    opened: int
    closes: int
    audience: str = "everyone"
    status: str = "published"
    outcome: str = ""
    questions: tuple[QuestionText, ...] = field(default=())


_PAYMENTS = SurveyText(
    slug="how-long-do-you-wait",
    title="How long do you wait for the state to pay?",
    campaign="fair-contracting",
    introduction="Six questions, about three minutes. Answer for the organization where you work.",
    ask="Tell us how long your organization waits for payment, and what that does to the people you serve.",
    why=(
        "<p>Lawmakers ask us for numbers. We know many stories of late payment, and few figures. With your "
        "answers we can say how common it is, and what it costs.</p>"
    ),
    opened=8,
    closes=13,
    questions=(
        QuestionText(
            "How long did your organization wait for its last payment from the state?",
            "choice",
            (
                "Up to 30 days",
                "31 to 60 days",
                "61 to 90 days",
                "More than 90 days",
                "We have no state contract",
            ),
            (18, 24, 12, 4, 2),
            hint="Count from the day you sent the bill.",
            is_required=True,
        ),
        QuestionText(
            "What did you do while you waited?",
            "several",
            (
                "Used a line of credit",
                "Used our savings",
                "Left jobs open",
                "Served fewer people",
                "Paid our own bills late",
            ),
            (16, 14, 12, 6, 4),
        ),
        QuestionText(
            "How hard is it to plan a year with the payments you get?",
            "scale",
            weights=(3, 6, 12, 22, 17),
            hint="1 is easy, 5 is very hard.",
            is_required=True,
        ),
        QuestionText("How many jobs are open at your organization today?", "number", share=0.8),
        QuestionText(
            "Which program pays latest?",
            "short",
            share=0.5,
            samples=(
                "Home visiting",
                "Community mental health",
                "Child care assistance",
                "Older adult services",
            ),
        ),
        QuestionText(
            "What would you do first if every bill were paid within 30 days?",
            "long",
            share=0.45,
            samples=(
                "Close the line of credit. Its interest pays for nothing that helps anybody.",
                "Hire the second counselor we have had in the budget for two years.",
                "Open on Saturdays again.\nFamilies ask for it every week.",
                "Raise wages, so that people stay longer than a year.",
            ),
        ),
    ),
)
_AGENDA = SurveyText(
    slug="what-belongs-on-the-agenda",
    title="What belongs on next year's agenda?",
    campaign="human-services-works",
    introduction="Three questions to everybody who works with us.",
    ask="Help to set our priorities: three questions, one minute.",
    why="<p>Our agenda is made by those who do the work. Your answers go to the policy committee.</p>",
    opened=60,
    closes=-25,
    status="closed",
    outcome=(
        "{people} people of {organizations} partner organizations answered. The policy committee used the results when it chose this year's priorities: wages "
        "and payment on time come first."
    ),
    questions=(
        QuestionText(
            "What matters most for your organization next year?",
            "choice",
            (
                "Wages of our staff",
                "Payment on time",
                "Less paperwork",
                "More places for training",
                "Something else",
            ),
            (26, 18, 9, 5, 2),
            is_required=True,
        ),
        QuestionText(
            "Where did you speak up for human services this year?",
            "several",
            (
                "With a lawmaker",
                "In the local paper",
                "On social media",
                "At a public meeting",
                "Nowhere yet",
            ),
            (14, 5, 16, 12, 8),
        ),
        QuestionText(
            "How well does the coalition speak for you?",
            "scale",
            weights=(1, 2, 12, 26, 21),
            hint="1 is not at all, 5 is very well.",
        ),
    ),
)
SURVEYS = (_PAYMENTS, _AGENDA)
