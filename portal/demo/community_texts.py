"""What people of the demonstration's partners say to each other, and told us."""

from typing import NamedTuple


class SubjectText(NamedTuple):
    title: str
    text: str
    replies: tuple[str, ...]


class GroupText(NamedTuple):
    name: str
    slug: str
    summary: str
    guidelines: str
    resources: tuple[tuple[str, str], ...]
    subjects: tuple[SubjectText, ...]


class InterviewText(NamedTuple):
    consent: str
    days_ago: int
    summary: str
    passages: tuple[tuple[str, tuple[str, ...]], ...]


_GUIDELINES = (
    "Speak for yourself and from your own work.\n"
    "No names or stories of people you serve unless they agreed.\n"
    "Disagree with an idea, not with a person."
)

GROUPS = (
    GroupText(
        "Reframing at work",
        "reframing-at-work",
        "How we talk about human services so that people see what they build.",
        _GUIDELINES,
        (("A one-page list of words that work", "https://reframing.example.org/words"),),
        (
            SubjectText(
                "What do you say instead of “the most vulnerable”?",
                "Our newsletter used the phrase four times last month. I would like to stop, but my board likes "
                "it. What do you write instead, and how did you win over the people who sign things off?",
                (
                    "We name what is missing instead of naming the person: “families whose rent takes half "
                    "of what they earn”. The board came around when donors asked fewer questions.",
                    "We read both versions aloud at a board meeting. Nobody asked for the old one afterwards.",
                    "Careful with long sentences. Ours got so exact that nobody could read them.",
                ),
            ),
            SubjectText(
                "A building metaphor that worked in Spanish",
                "“Cimientos” worked far better than a word-for-word translation of our English headline. Has "
                "anybody tried others with families who speak Spanish at home?",
                ("We used “tejido”, as in fabric. Our promotoras found it by themselves.",),
            ),
            SubjectText(
                "Talking points for a budget hearing",
                "I testify for two minutes. Which one number do you lead with?",
                (
                    "Lead with the person who does the work and what they can do. Then one number.",
                    "Vacancies. Every legislator at our last hearing wrote that number down.",
                ),
            ),
        ),
    ),
    GroupText(
        "Racial equity in small organizations",
        "racial-equity-in-small-organizations",
        "Steps that fit a staff of ten and a budget under a million dollars.",
        _GUIDELINES,
        (("Questions for a first equity review", "https://equity.example.org/questions"),),
        (
            SubjectText(
                "Where did you start?",
                "We have no human resources department and no consultant. What was the first thing you changed?",
                (
                    "The job post. We dropped the degree and paid for the training instead.",
                    "We put pay bands on the wall. Two hard weeks, and then a lot of trust.",
                ),
            ),
            SubjectText(
                "Paying people with lived experience",
                "We ask parents to sit on our panels. What do you pay, and how, so that it does not touch "
                "their benefits?",
                ("Ask a benefits counselor first. We pay by the hour and let people choose the form.",),
            ),
        ),
    ),
    GroupText(
        "Supervisors' round table",
        "supervisors-round-table",
        "For everybody who leads a team for the first time.",
        _GUIDELINES,
        (),
        (
            SubjectText(
                "How do you keep people in the second year?",
                "We lose most of our case managers between month 12 and month 20. What has helped?",
                ("A raise at month 12 that is promised on the first day. It costs less than hiring.",),
            ),
        ),
    ),
)

THEMES = (
    ("Time and travel", "How far people have to go, and when they can get away from work."),
    ("Money", "Fees, and who pays for the hours away."),
    ("Use at work", "Whether what was learned fits the day."),
)

INTERVIEWS = (
    InterviewText(
        "named",
        210,
        "Director of a small organization downstate; sent three people last year.",
        (
            (
                "Chicago is a whole day for us. Online is the only way my people can come.",
                ("Time and travel",),
            ),
            ("The exercises were about big agencies. We are seven people.", ("Use at work",)),
        ),
    ),
    InterviewText(
        "unnamed",
        180,
        "Supervisor; took part twice.",
        (
            ("I paid the fee myself because I was embarrassed to ask.", ("Money",)),
            ("Mornings never work; that is when families come in.", ("Time and travel",)),
        ),
    ),
    InterviewText(
        "internal",
        150,
        "Case manager; has not taken part yet.",
        (("Nobody here gets time off for a training unless it gives credits.", ("Money", "Use at work")),),
    ),
)

IMPROVEMENTS = (
    (
        "Chicago is a day's journey for us.",
        "interview",
        "Time and travel",
        "Every course is now also given online, with captions.",
        120,
    ),
    (
        "I was embarrassed to ask for help with the fee.",
        "interview",
        "Money",
        "Scholarships are asked for in one private step while you register, and nobody asks for proof.",
        95,
    ),
    (
        "The examples come from large agencies.",
        "survey",
        "Use at work",
        "Each course has a case from an organization with fewer than ten people.",
        60,
    ),
)
