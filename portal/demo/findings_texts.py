"""Findings of the demonstration: what the coalition's own pages say, and sample data that says so."""

from dataclasses import dataclass

from django.utils.text import slugify

SAMPLE = "Sample data of the demonstration"
SAMPLE_METHOD = "Made up for the demonstration: no agency was asked and no person counted."
SAMPLE_CAVEAT = "A sample figure. Please do not quote it."
AGENDA_2024 = "Policy and Advocacy Agenda 2024, Illinois Partners for Human Service"
PLAN_FY25 = "FY25 Strategic Plan, Illinois Partners for Human Service"
ISSUE = "Issue of the Week on Arden Shore Child and Family Services, Illinois Partners for Human Service"
UNDATED = "The article carries no date; the year is our reading of it."

# short name, name
TOPICS: tuple[tuple[str, str], ...] = (
    ("rates", "Reimbursement rates"),
    ("workforce-and-wages", "Workforce and wages"),
    ("true-costs", "True costs of services"),
    ("contracts-and-payment", "Contracts and payment"),
    ("reach-of-services", "Reach of services"),
)


@dataclass(frozen=True)
class FindingText:
    """One finding. Without a method of its own it is sample data. `place` as the library's address names it."""

    slug: str
    claim: str
    value: str
    number: float | None
    kind: str
    unit: str
    year: int
    topics: str
    place: str = "state"
    place_note: str = ""
    service: str = ""
    method: str = SAMPLE_METHOD
    source: str = SAMPLE
    source_url: str = ""
    caveat: str = SAMPLE_CAVEAT
    state: str = "published"


def _wage(service: str, words: str, value: str, number: float, year: int = 2025) -> FindingText:
    return FindingText(
        slug=f"sample-wage-{service}-{year}",
        claim=f"Median hourly wage of {words} in community agencies.",
        value=value,
        number=number,
        kind="money",
        unit="dollars an hour",
        year=year,
        topics="workforce-and-wages rates",
        service=service,
    )


def _vacant(service: str, words: str, number: int, year: int = 2025) -> FindingText:
    return FindingText(
        slug=f"sample-vacancies-{service}-{year}",
        claim=f"Share of positions in {words} that stood vacant.",
        value=f"{number}%",
        number=number,
        kind="share",
        unit="percent",
        year=year,
        topics="workforce-and-wages",
        service=service,
    )


def _wait(year: int, days: int) -> FindingText:
    return FindingText(
        slug=f"sample-days-to-payment-{year}",
        claim="Median days from a community agency's invoice to the state's payment.",
        value=f"{days} days",
        number=days,
        kind="time",
        unit="days",
        year=year,
        topics="contracts-and-payment",
        source_url=f"https://samples.example/payments/{year}" if year > 2022 else "",
    )


def _county(place: str, words: str, number: int, service: str = "housing") -> FindingText:
    return FindingText(
        slug=f"sample-waiting-{service}-{slugify(words)}",
        claim=f"Households waiting for supportive housing in {words} County.",
        value=f"{number:,}",
        number=number,
        kind="count",
        unit="households",
        year=2025,
        topics="reach-of-services",
        place=place,
        service=service,
    )


def _district(place: str, words: str, number: int) -> FindingText:
    return FindingText(
        slug=f"sample-closed-programs-{place}",
        claim=f"Community programs that closed in {words} within two years.",
        value=str(number),
        number=number,
        kind="count",
        unit="programs",
        year=2025,
        topics="true-costs rates",
        place=place,
    )


OWN: tuple[FindingText, ...] = (
    FindingText(
        "state-cut-arden-shore", "State funding that Arden Shore Child and Family Services lost to cuts.",
        "$400,000", 400000, "money", "dollars", 2012, "rates reach-of-services", "county-17097", "Waukegan",
        "child-welfare", "Told by the agency.", ISSUE, caveat=f"About this much. {UNDATED}",
    ),
    FindingText(
        "arden-shore-clients", "Clients whom Arden Shore Child and Family Services serves in its area.",
        "1,500", 1500, "count", "clients", 2012, "reach-of-services", "county-17097", "Waukegan",
        "child-welfare", "Told by the agency.", ISSUE, caveat=f"More than this number. {UNDATED}",
    ),
    FindingText(
        "arden-shore-fewer-clients", "How many fewer clients Arden Shore serves since the state cut its funding.",
        "15–20%", None, "share", "percent", 2012, "reach-of-services", "county-17097", "Waukegan",
        "child-welfare", "Told by the agency.", ISSUE,
        caveat=f"A range, so it stands in no chart. Other causes were not looked at. {UNDATED}",
    ),
    FindingText(
        "coalition-partners", "Organizations in the coalition of Illinois Partners for Human Service.",
        "800+", 800, "count", "organizations", 2024, "reach-of-services",
        method="Counted by the coalition.", source="About the coalition, Illinois Partners for Human Service",
        caveat="Rounded down.",
    ),
    FindingText(
        "loan-repayment-asked", "Appropriation we ask for the Human Services Professional Loan Repayment Program.",
        "$15 million", 15000000, "money", "dollars", 2024, "workforce-and-wages",
        method="Set in the agenda, in partnership with ICOY.", source=AGENDA_2024,
        caveat="An ask, not an appropriation.",
    ),
    FindingText(
        "loan-repayments-asked", "Loan repayments for community-based professionals that our ask would fund.",
        "1,000", 1000, "count", "repayments", 2024, "workforce-and-wages",
        method="Set in the agenda, in partnership with ICOY.", source=AGENDA_2024,
        caveat="What the ask pays for. How many are granted depends on the awards.",
    ),
    FindingText(
        "loan-repayment-each", "What one loan repayment costs on average under our ask.",
        "$15,000", 15000, "money", "dollars", 2024, "workforce-and-wages true-costs",
        method="$15 million divided by 1,000 repayments.", source=AGENDA_2024,
        caveat="An average of the ask. Single awards differ.",
    ),
    FindingText(
        "loan-repayment-appropriated", "Appropriation for the Human Services Professional Loan Repayment Program.",
        "$5.25 million", 5250000, "money", "dollars", 2025, "workforce-and-wages",
        method="As the coalition's plan for July 2024 to June 2025 names it.", source=PLAN_FY25,
        caveat="Appropriated for FY25; what was paid out is another figure.",
    ),
    FindingText(
        "loan-repayment-share-of-ask", "Share of the loan repayment money we asked for that was appropriated.",
        "35%", 35, "share", "percent", 2025, "workforce-and-wages",
        method="$5.25 million appropriated for FY25 divided by the $15 million asked in 2024.",
        source=f"{AGENDA_2024}; {PLAN_FY25}",
        caveat="The ask and the appropriation are of two years.",
    ),
    FindingText(
        "loan-repayment-vote", "How the General Assembly passed the loan repayment program (PA 102-1089).",
        "Unanimously", None, "other", "", 2022, "workforce-and-wages",
        method="As the agenda tells it; SB 3925 became Public Act 102-1089.", source=AGENDA_2024,
        caveat="The act sets up the program. Money for it is voted on each year.",
    ),
    FindingText(
        "tables-we-sit-at", "Coalitions and commissions in which Illinois Partners represents the sector.",
        "8", 8, "count", "tables", 2024, "reach-of-services",
        method="Counted on the coalition's list.", source=AGENDA_2024, caveat="As listed in 2024.",
    ),
    FindingText(
        "small-organization", "Annual budget below which the coalition counts a partner as small.",
        "$5 million", 5000000, "money", "dollars", 2024, "true-costs",
        method="A definition of the equity commitment.", source=PLAN_FY25,
        caveat="Says nothing about how many partners are small.",
    ),
)  # fmt: skip

SAMPLES: tuple[FindingText, ...] = (
    _wage("aging", "home care workers", "$17.40", 17.4),
    _wage("aging", "home care workers", "$16.10", 16.1, 2023),
    _wage("disability", "direct support professionals", "$18.25", 18.25),
    _wage("behavioral-health", "counselors", "$24.60", 24.6),
    _wage("early-childhood", "preschool teachers", "$19.05", 19.05),
    _vacant("aging", "home care", 17),
    _vacant("behavioral-health", "behavioral health", 22),
    _vacant("behavioral-health", "behavioral health", 19, 2023),
    _vacant("child-welfare", "child welfare", 20),
    _vacant("disability", "disability services", 24),
    _wait(2022, 74),
    _wait(2023, 66),
    _wait(2024, 58),
    _wait(2025, 61),
    _county("county-17031", "Cook", 4120),
    _county("county-17097", "Lake", 310),
    _county("county-17143", "Peoria", 265),
    _county("county-17163", "St. Clair", 240),
    _district("house-25", "House district 25", 3),
    _district("house-61", "House district 61", 4),
    _district("senate-13", "Senate district 13", 5),
    FindingText(
        "sample-cost-covered", "Share of the full cost of a service that state contracts pay.", "82%", 82, "share", "percent",
        2025, "rates true-costs", source_url="https://samples.example/true-costs",
    ),
    FindingText(
        "sample-cost-covered-2023", "Share of the full cost of a service that state contracts pay.", "79%", 79, "share", "percent",
        2023, "rates true-costs", source_url="https://samples.example/true-costs-2023",
    ),
    FindingText(
        "sample-reporting-hours", "Hours a month a small agency spends on reports for state contracts.", "46", 46, "time",
        "hours a month", 2025, "contracts-and-payment true-costs",
    ),
    FindingText(
        "sample-saved-by-shelter", "Public money saved for each dollar spent on supportive housing.", "$1.80", 1.8, "rate",
        "dollars for each dollar", 2024, "reach-of-services true-costs", service="housing",
        source_url="https://samples.example/housing/returns",
    ),
    FindingText(
        "sample-nation-turnover", "Share of human service workers who leave their job within a year.", "31%", 31, "share",
        "percent", 2024, "workforce-and-wages", place="nation",
    ),
    FindingText(
        "sample-overhead", "Share of an agency's spending that goes to administration.", "14%", 14, "share", "percent", 2024,
        "true-costs",
    ),
    FindingText(
        "sample-jobs", "People employed by community human service agencies.", "152,000", 152000, "count", "people", 2024,
        "workforce-and-wages reach-of-services",
    ),
    FindingText(
        "sample-second-jobs", "Frontline workers who hold a second job.", "1 in 4", 25, "share", "percent", 2024,
        "workforce-and-wages",
    ),
    FindingText(
        "sample-draft-interpreters", "Agencies that pay interpreters out of their reserves.", "38%", 38, "share", "percent", 2025,
        "true-costs", service="immigrant-refugee", state="draft",
    ),
)  # fmt: skip

# short name, days ago, what it said before, why it changed
CORRECTIONS: tuple[tuple[str, int, dict[str, list[str]], str], ...] = (
    (
        "sample-cost-covered",
        40,
        {"value": ["84%", "82%"], "number": ["84", "82"]},
        "Two contracts had been counted twice.",
    ),
    (
        "sample-reporting-hours",
        120,
        {"unit": ["hours a year", "hours a month"]},
        "The unit was named wrongly.",
    ),
)
RETRACTED = (
    "sample-overhead",
    "The agencies understood “administration” in different ways, so their answers cannot be added up.",
)
# short name, days ago of the looks at its source, outcome, answer, when it last answered (days ago), new address
LOOKS: tuple[tuple[str, int, str, int | None, int | None, str], ...] = (
    ("sample-days-to-payment-2023", 3, "gone", 404, 45, ""),
    ("sample-days-to-payment-2024", 3, "found", 200, 3, ""),
    ("sample-days-to-payment-2025", 3, "found", 200, 3, ""),
    ("sample-cost-covered", 3, "moved", 200, 3, "https://samples.example/research/true-costs"),
    ("sample-cost-covered-2023", 3, "slow", None, 10, ""),
    ("sample-saved-by-shelter", 3, "unsure", 403, None, ""),
)
