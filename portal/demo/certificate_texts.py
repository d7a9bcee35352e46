"""What bodies credit, what partners ask help for, and what they work with, in the demonstration."""

from typing import NamedTuple

_REGULATION = "Sample Board of Professional Regulation"
# Course, body, profession, hours, approval number.
APPROVALS = (
    ("telling-our-story", _REGULATION, "Licensed social workers", "2", "SB-159.0101"),
    ("racial-equity-foundations", _REGULATION, "Licensed social workers", "3", "SB-159.0102"),
    ("racial-equity-foundations", "Sample Institute of Nonprofit Leaders", "", "2.5", "NL-2044"),
    ("supervising-with-care", _REGULATION, "Licensed clinical social workers", "1.5", "SB-159.0107"),
)


class RequestText(NamedTuple):
    """`hours` is how long the first answer took."""

    subject: str
    text: str
    days_ago: int
    hours: int = 0
    answer: str = ""
    outcome: str = ""


REQUESTS = (
    RequestText(
        "A new first page for our website",
        "We came back from the training full of ideas. Where do we begin with the website?",
        40,
        20,
        "Begin with the sentence over the first picture. Send us three versions and we go through them together.",
        "The new first page went online; visits to the page about services doubled.",
    ),
    RequestText(
        "Job ads without a degree",
        "Our board wants to know how others check skills when they drop the degree. Do you have examples?",
        33,
        52,
        "Yes, two partners shared theirs. Shall we talk on Thursday? Here is what to look at before.",
        "Two job ads were rewritten; one position is filled.",
    ),
    RequestText(
        "Captions for a monthly call",
        "Which captions are good enough for people who rely on them, and what do they cost?",
        20,
        7,
        "Automatic captions are fine for yourselves. For people who rely on them, book a person; here is how.",
    ),
    RequestText(
        "A one-page budget for legislators",
        "We have numbers for eight programs. How do we get them on one page?",
        9,
        28,
        "Lead with one program and one person's job. We marked up your draft; what do you think?",
    ),
    RequestText(
        "Interpreters for a board meeting",
        "Half of our new board members speak Spanish at home. How do others run such a meeting?",
        3,
    ),
    RequestText("Talking about pay bands", "How did others tell their staff about pay bands?", 2),
)

# Title, kind, summary, address, topics, for whom.
RESOURCES = (
    (
        "Words that build: a one-page guide",
        "guide",
        "What to say, what to leave out, and why.",
        "https://resources.example.org/words-that-build",
        ["reframing"],
        "everyone",
    ),
    (
        "Questions for a first equity review",
        "guide",
        "Twelve questions a staff of ten can answer in an afternoon.",
        "https://resources.example.org/equity-review",
        ["racial-equity"],
        "everyone",
    ),
    (
        "Job ad to fill in",
        "template",
        "Skills first, pay stated, plain language.",
        "https://resources.example.org/job-ad",
        ["workforce", "racial-equity"],
        "partners",
    ),
    (
        "Reading the state budget: the slides",
        "slides",
        "From the appropriation line to the contract.",
        "https://resources.example.org/budget-slides",
        ["advocacy"],
        "partners",
    ),
    (
        "Your first visit with a legislator: the recording",
        "recording",
        "Forty minutes, with captions.",
        "https://resources.example.org/first-visit",
        ["advocacy"],
        "everyone",
    ),
)
