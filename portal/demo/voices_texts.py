"""What sample workers say in the demonstration: voices beside priorities, and profiles. None of them is a real person."""

from dataclasses import dataclass


@dataclass(frozen=True)
class VoiceText:
    year: int
    priority: str
    quote: str
    role: str
    sub_sector: str
    first_name: str = ""
    place: str = ""
    background: str = ""


@dataclass(frozen=True)
class ProfileText:
    slug: str
    name: str
    role: str
    organization: str
    city: str
    summary: str
    skill: str
    training: str
    result: str
    quote: str = ""


CONSENT = (
    "You may publish what I said with my first name, role and town, on your site and in what you give lawmakers. "
    "I can take it back at any time. (Sample consent of the demonstration.)"
)
CONSENT_WITHOUT_NAME = (
    "You may publish what I said without my name and place. I can take it back at any time. "
    "(Sample consent of the demonstration.)"
)
NO_VOICE = "Two listening sessions with bookkeepers and program directors are set for January; their words follow then."
# The priority of the newest agenda that NO_VOICE is said of.
UNHEARD = (2025, "fair-contracting-act")

VOICES: tuple[VoiceText, ...] = (
    VoiceText(
        2025,
        "equitable-pay-act",
        "I trained two colleagues who then left for a state job down the road. Same families, same forms, a third "
        "more pay. I do not blame them. I would like to be able to stay.",
        "Case manager (sample)",
        "child-welfare",
        "Latrice",
        "Chicago",
        "Black woman, eleven years in the work",
    ),
    VoiceText(
        2025,
        "equitable-pay-act",
        "People say you must have a big heart for this. I do. I also have a license, a master's degree and a rent.",
        "Counselor (sample)",
        "behavioral-health",
        "Marisol",
        "Rockford",
        "Latina, first in my family with a degree",
    ),
    VoiceText(
        2025,
        "renew-loan-repayment",
        "My loan takes what a week of groceries costs. Repayment would let me keep the caseload I know by name.",
        "Youth counselor (sample)",
        "youth",
    ),
    VoiceText(
        2025,
        "name-the-cost",
        "When a shift stays empty, nobody sees it on a chart. The woman who waits for her bath at seven sees it.",
        "Home care worker (sample)",
        "aging",
        "Denise",
        "Galesburg",
        "Black woman, home care for nineteen years",
    ),
    VoiceText(
        2024,
        "loan-repayment",
        "I finished my degree at night because the work asked for it. The debt stayed with me, not with the work.",
        "Early intervention specialist (sample)",
        "early-childhood",
        "Thandiwe",
        "Peoria",
    ),
    VoiceText(
        2024,
        "pay-equity",
        "The job posting asked for my experience. The pay did not.",
        "Shelter advocate (sample)",
        "domestic-sexual-violence",
    ),
    VoiceText(
        2024,
        "fair-contracting",
        "We opened the doors in July and signed the contract in October. My paycheck was a promise until then.",
        "Program coordinator (sample)",
        "employment",
        "Andre",
        "East St. Louis",
    ),
)

PROFILES: tuple[ProfileText, ...] = (
    ProfileText(
        "lourdes-home-care",
        "Lourdes M.",
        "Home care worker (sample)",
        "Three Oaks Home Care Cooperative",
        "Galesburg",
        "She reads a kitchen the way a nurse reads a chart, and people stay at home because of it.",
        "In one visit she takes in what changed: the mail that piles up, the pan that was not used, a step that drags. "
        "She knows which of it can wait and which is a call today.",
        "120 hours of training before her first visit, then every year a course in dementia care, in moving people "
        "safely and in noticing a stroke. In the cooperative she now trains others.",
        "Of the eleven people on her route, nine have been at home the whole year (sample figures). Two falls were "
        "prevented by a rail she asked for before anybody fell.",
        "I am not company. I am the one who notices.",
    ),
    ProfileText(
        "terrence-evaluation",
        "Terrence B.",
        "Director of evaluation (sample)",
        "Forge City Pathways",
        "Rockford",
        "He finds out whether a program keeps its promise, and says so when it does not.",
        "He turns what staff see every day into questions that can be answered, and the answers into decisions. He "
        "asks those who took part what success would look like before he counts anything.",
        "A master's degree in public policy, six years of evaluation, and a certificate in asking questions in ways "
        "that do not harm.",
        "After his first report one course was closed and another made longer. A year later more people finished and "
        "kept their jobs (sample result).",
        "A number nobody can use is decoration.",
    ),
    ProfileText(
        "priya-hotline",
        "Priya R.",
        "Hotline advocate (sample)",
        "Lantern House Advocates",
        "Joliet",
        "At two in the morning she makes a plan with somebody she cannot see.",
        "She hears what is not said: a door, a whisper, an answer that comes too fast. She makes a plan that fits "
        "into a short call, with a word that ends it safely.",
        "The state's 40-hour training for advocates, two years beside a colleague, and a course in law that lets her "
        "go to court with people.",
        "Callers who make a plan call again. Most of those who came to the house last year had called first "
        "(sample result).",
    ),
    ProfileText(
        "imani-youth-work",
        "Imani F.",
        "Youth program manager (sample)",
        "Bright Harbor Youth Project",
        "Cicero",
        "She runs an afternoon so that forty teenagers want to come back to it.",
        "She plans every hour for a reason: when to move, when to read, when to leave them alone. She can calm a "
        "fight with a question.",
        "A degree in social work, training in restorative practice, and a coach who watched her work for a year.",
        "Reading in the group rose by a grade level in a school year for most of those who came three days a week "
        "(sample result).",
        "Safe is where it starts. Then we get to work.",
    ),
    ProfileText(
        "a-debt-counselor",
        "Name withheld",
        "Financial counselor (sample)",
        "",
        "Springfield",
        "Somebody who sits down with a shoebox of bills and gets up with a plan.",
        "Sorting what is owed from what is merely claimed, and knowing which letter to answer today.",
        "An accredited course in financial counseling, and eight years at a kitchen table.",
        "Families who made a plan paid a quarter less interest in the first year (sample result).",
    ),
)
