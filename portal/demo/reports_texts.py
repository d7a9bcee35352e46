"""Three reports of the demonstration, on the strategic plan's topics. Every figure in them is made up, and says so."""

from dataclasses import dataclass

SAMPLE = "Sample data of the demonstration"
NOTE = "Made-up figures of the demonstration. Please do not quote them."
METHOD = (
    "<p>Every figure in this report is made up for the demonstration: no agency was asked and no person counted. A real "
    "report says here whom it asked, how many answered, and what the figures cannot say.</p>"
    "<ul><li>Costs are for one hour in which somebody is with a client.</li><li>Rates are those that a contract pays for "
    "that hour.</li><li>Years are the State's fiscal years, from July to June.</li></ul>"
)
# short name, name, order
TOPICS = (
    ("rates", "Reimbursement rates", 1),
    ("true-costs", "True costs of services", 3),
    ("state-and-community", "State-run and community services", 6),
    ("overhead", "Overhead", 7),
)

Cells = list[list[str | int | float | None]]


@dataclass(frozen=True)
class TableText:
    title: str
    heads: list[str]
    rows: Cells
    unit: str
    chart: str = "bar"
    note: str = NOTE


@dataclass(frozen=True)
class ChapterText:
    slug: str
    title: str
    body: str
    tables: tuple[TableText, ...] = ()


@dataclass(frozen=True)
class ReportText:
    """One report. `keys`: a sentence, or `finding:` with the short name of a finding of the library and a sentence."""

    slug: str
    title: str
    subtitle: str
    summary: str
    topics: str
    keys: tuple[str, ...]
    chapters: tuple[ChapterText, ...]
    doi: str = ""


# What the second version corrects: the first table's travel, which the first version had too low.
TRAVEL_BEFORE, TRAVEL = 0.9, 1.65

COST = ReportText(
    slug="what-an-hour-of-care-costs",
    title="What an hour of care really costs",
    subtitle="Rates and the true cost of community services. A sample report with made-up figures",
    summary=(
        "A contract pays for the hour with a client. The hour also needs the drive there, the notes afterwards, a "
        "supervisor, training and a roof. This sample report adds up what an hour needs, sets the rate beside it, and shows "
        "how the gap grew over six years."
    ),
    topics="rates true-costs",
    doi="10.5555/sample.hour-of-care",
    keys=(
        "In our sample, the rate covers 79 cents of each dollar that an hour of home care costs.",
        "finding:sample-wage-aging-2025 Wages are the largest part of the hour, and the part where agencies save first.",
        "The gap doubled in six years: costs followed prices, rates did not.",
    ),
    chapters=(
        ChapterText(
            "what-the-hour-is-made-of",
            "What the hour is made of",
            "<p>People think of the wage. It is a little more than half of the hour. The rest is what makes the hour "
            "possible and safe: somebody who answers the telephone at night, a car that starts, a nurse who looks at the "
            "plan of care.</p><p>[finding:sample-wage-aging-2025]</p><p>None of these parts is waste. Leave one out, "
            "and the hour does not happen, or happens badly.</p>",
            (
                TableText(
                    "Parts of one hour of home care, fiscal year 2026",
                    ["Part of the hour", "Cost"],
                    [
                        ["Wage", 17.4],
                        ["Payroll taxes and benefits", 4.7],
                        ["Supervision and nursing", 3.1],
                        ["Travel between clients", TRAVEL],
                        ["Training", 0.85],
                        ["Office, records and insurance", 3.55],
                    ],
                    "dollars an hour",
                ),
            ),
        ),
        ChapterText(
            "what-the-rate-pays",
            "What the rate pays",
            "<p>The rate is one number for the whole hour. Agencies fill the gap with gifts, with work that nobody pays "
            "for, and with vacancies.</p><h2>The gap over six years</h2><p>Costs rose each year. The rate rose in some "
            "years, and later than costs.</p>",
            (
                TableText(
                    "Cost and rate of one hour of home care",
                    ["Fiscal year", "Cost", "Rate"],
                    [
                        ["FY2021", 24.9, 22.4],
                        ["FY2022", 26.3, 22.4],
                        ["FY2023", 28.0, 23.1],
                        ["FY2024", 29.2, 23.9],
                        ["FY2025", 30.3, 24.6],
                        ["FY2026", 31.25, 24.7],
                    ],
                    "dollars an hour",
                    "line",
                ),
                TableText(
                    "What agencies do about the gap",
                    ["What they do", "Home care", "Behavioral health"],
                    [
                        ["Leave positions open", 62, 71],
                        ["Shorten hours of service", 38, 33],
                        ["Use gifts and grants", 55, 47],
                        ["Close a program", 9, 14],
                    ],
                    "percent of agencies",
                ),
            ),
        ),
        ChapterText(
            "what-would-help",
            "What would help",
            "<p>Three steps follow from the figures:</p><ol><li>Set rates from what the hour needs, and look at them "
            "every year.</li><li>Pay for the whole hour: travel, supervision and records are part of the service.</li>"
            "<li>Pay on time, so that agencies need not borrow to pay wages.</li></ol><blockquote><p>A rate is a promise "
            "about quality. It can only be kept when it is paid in full.</p></blockquote>",
        ),
    ),
)

COMPARED = ReportText(
    slug="same-work-two-paychecks",
    title="Same work, two paychecks",
    subtitle="State-run and community services compared. A sample report with made-up figures",
    summary=(
        "Two people do the same work: one for the State, one for a community agency under contract with the State. This "
        "sample report sets their wages, benefits and years on the job side by side."
    ),
    topics="state-and-community rates",
    keys=(
        "In our sample, community workers earn 71 cents for each dollar that the State pays for the same work.",
        "Community agencies lose workers more than twice as often.",
    ),
    chapters=(
        ChapterText(
            "wages",
            "Wages side by side",
            "<p>The comparison takes jobs with the same tasks and the same required training.</p>",
            (
                TableText(
                    "Median wage for the same work",
                    ["Work", "Community agency", "State"],
                    [
                        ["Direct support", 18.25, 25.8],
                        ["Case management", 22.1, 31.4],
                        ["Counseling", 24.6, 34.9],
                        ["Child welfare", 23.8, 33.2],
                    ],
                    "dollars an hour",
                ),
            ),
        ),
        ChapterText(
            "staying",
            "Who stays",
            "<p>Pay is not the only reason to leave, but it is the one that people name first.</p>",
            (
                TableText(
                    "Workers who left within a year",
                    ["Fiscal year", "Community agencies", "State"],
                    [["FY2022", 38, 15], ["FY2023", 41, 16], ["FY2024", 39, None], ["FY2025", 36, 14]],
                    "percent of workers",
                    "line",
                    f"{NOTE} For one year there is no figure of the State.",
                ),
            ),
        ),
    ),
)

OVERHEAD = ReportText(
    slug="the-myth-of-overhead",
    title="The myth of overhead",
    subtitle="What the share of overhead says, and what it does not. A sample report with made-up figures",
    summary="A low share of overhead is often taken for good work. This draft asks what the share leaves out.",
    topics="overhead true-costs",
    keys=("Records, insurance and supervision are counted as overhead and are part of every safe service.",),
    chapters=(
        ChapterText(
            "what-is-counted",
            "What is counted as overhead",
            "<p>To be written: what contracts count, and what agencies spend.</p>",
        ),
    ),
)
