"""What the demonstration tells of uptake. Outlets, hosts and people are made up; addresses end in `.example`."""

from typing import NamedTuple


class StepText(NamedTuple):
    """A step of the plan: days from the release to its day, how it stands, how many it reached."""

    channel: str
    audience: str
    day: int
    state: str
    sent: int | None = None
    source_code: str = ""
    note: str = ""


class Offer(NamedTuple):
    """An opportunity: when it was offered as a part of the time since the release (None: so many days ago)."""

    host: str
    title: str
    kind: str
    state: str
    when: float
    about_report: bool = True
    audience: int | None = None
    place: str = ""
    outcome: str = ""
    is_external: bool = True


class Mention(NamedTuple):
    """A press mention; `when` as a part of the time since the release."""

    outlet: str
    headline: str
    url: str
    when: float
    summary: str
    about_report: bool = False


class Cited(NamedTuple):
    """A citation somebody entered; `why` says why it was rejected."""

    kind: str
    outlet: str
    title: str
    url: str
    when: float
    why: str = ""


STEPS: tuple[StepText, ...] = (
    StepText("partners", "Primary contacts of every partner", 0, "mailed", None, "rates-partners"),
    StepText("media", "Statehouse reporters and editors, under embargo", -2, "done", 38, "rates-media"),
    StepText("email", "Everybody who subscribed to coalition news", 0, "mailed", None, "rates-news"),
    StepText(
        "legislators",
        "Members of the appropriations committees of both chambers",
        2,
        "done",
        74,
        "rates-capitol",
    ),
    StepText("social", "One finding a day for two weeks", 5, "done", None, "rates-social"),
    StepText(
        "webinar",
        "What the figures mean for your budget: one hour for partners",
        12,
        "done",
        96,
        "rates-webinar",
    ),
    StepText(
        "print", "Two pages for district offices", 16, "dropped", None, "", "The fact sheets are enough."
    ),
    StepText("event", "A table at the spring meeting of the councils", 40, "planned", None, "rates-councils"),
    StepText("media", "Opinion pieces by partners downstate", -1000, "planned", None, "rates-opinion"),
    StepText("legislators", "Briefing for new members", -1001, "planned", None, "rates-briefing"),
)

ANNOUNCEMENT_SUBJECT = "New research: what human services cost, and what the rates pay"
ANNOUNCEMENT_BODY = """
<p>Dear {{ first_name|friend of human services }},</p>
<p>our new report is out. It shows, service by service, what the work costs and what the rates pay.</p>
<ul><li>Read the key findings in five minutes.</li><li>Take the tables along as CSV.</li>
<li>Share the fact sheet of your district.</li></ul>
<p>Tell us how you use it, and what is missing.</p>
"""

OFFERS: tuple[Offer, ...] = (
    Offer("Prairie Budget Forum (sample)", "What a fair rate looks like", "panel", "delivered", 0.1, True, 85, "Springfield"),
    Offer("Lakeside City Club (sample)", "Human services as an employer", "talk", "delivered", 0.2, True, 120, "Chicago"),
    Offer("Sample House committee on human services", "Testimony on rates", "testimony", "delivered", 0.3, True, 40,
          "State Capitol", "Two members asked for the figures of their districts."),
    Offer("Downstate Counties Forum (sample)", "True cost in rural counties", "webinar", "delivered", 0.35, True, 64, "online"),
    Offer("River Bend Foundation (sample)", "Briefing for program officers", "briefing", "delivered", 0.5, True, None, "Peoria"),
    Offer("Illinois Partners", "Webinar for partners: using the report", "webinar", "delivered", 0.15, True, 96, "online",
          "", False),
    Offer("Sample Association of Counties", "Annual meeting, session on contracts", "panel", "accepted", 0.7, True, None,
          "Decatur"),
    Offer("Prairie School of Social Work (sample)", "Guest lecture", "talk", "accepted", 0.8, True, None, "Carbondale"),
    Offer("Sample Chamber of Commerce", "Breakfast talk", "talk", "offered", 0.93),
    Offer("Sample Senate working group", "Briefing on overhead", "briefing", "offered", 0.97),
    Offer("Northern Nonprofit Days (sample)", "Panel on overhead", "panel", "declined", 0.4, True, None, "",
          "The day of our own meeting."),
    Offer("Sample Podcast Network", "Conversation on wages", "talk", "declined", 0.6, True, None, "",
          "Nobody of us could make it."),
    Offer("Sample Governors' Roundtable", "Panel on budgets", "panel", "withdrawn", 0.45, True, None, "",
          "The host called the day off."),
    Offer("Old Mill Forum (sample)", "The sector in ten numbers", "talk", "delivered", 0.05, False, 55, "Quincy"),
)  # fmt: skip

MENTIONS: tuple[Mention, ...] = (
    Mention("Prairie Sample News", "Report: rates lag behind what services cost",
            "https://news.prairie.example/2026/rates-lag?utm_source=feed", 0.02,
            "A summary of the key findings with a chart of our figures.", True),
    Mention("Lakeside Sample Tribune", "Why the people who care for us leave the field",
            "https://www.tribune.lakeside.example/care-workers", 0.12, "Quotes a partner from Peoria and our figures on wages.",
            True),
    Mention("Capitol Sample Radio", "Morning talk: who pays for human services?",
            "https://radio.capitol.example/morning/184", 0.25, "Twelve minutes with our executive director.", True),
    Mention("Downstate Sample Gazette", "Two counties, one shelter", "https://gazette.downstate.example/shelter/", 0.4,
            "A visit with two partners; our map of services is named as a source.", True),
    Mention("Sample Policy Blog", "Overhead is not waste", "https://policy.blog.example/overhead", 0.55,
            "An opinion piece that draws on our work."),
    Mention("River Bend Sample Times", "Loan repayment keeps graduates in town",
            "https://times.riverbend.example/loan-repayment", 0.65, "Tells of the program we asked for."),
    Mention("Prairie Sample News", "Partners fill the rotunda", "https://news.prairie.example/2026/rotunda", 0.75,
            "Our day at the Capitol in pictures."),
    Mention("Sample Business Weekly", "The employers nobody counts", "https://weekly.business.example/employers?id=77", 0.83,
            "Human services as a part of the state's economy."),
    Mention("Lakeside Sample Tribune", "Letters: fund the work", "https://tribune.lakeside.example/letters/funding", 0.9,
            "A letter of our board."),
    Mention("Capitol Sample Radio", "What is in the budget for care", "https://radio.capitol.example/budget", 0.96,
            "Names us among those who testified."),
)  # fmt: skip

CITED: tuple[Cited, ...] = (
    Cited("media", "Prairie Sample News", "The price of care, county by county", "https://news.prairie.example/2026/price", 0.05),
    Cited("media", "Sample Health Desk", "Clinics wait for their money", "https://health.desk.example/clinics", 0.14),
    Cited("media", "Lakeside Sample Tribune", "Editorial: pay for the work", "https://tribune.lakeside.example/editorial", 0.31),
    Cited("media", "Downstate Sample Gazette", "Long drives, long waits", "https://gazette.downstate.example/drives", 0.52),
    Cited("media", "Sample Evening Report", "Rates under the microscope", "https://evening.report.example/rates", 0.71),
    Cited("government", "Sample Department of Services", "Annual plan, page 14", "https://services.state.example/plan.pdf", 0.34),
    Cited("government", "Sample Budget Office", "Note on provider rates", "https://budget.state.example/notes/7", 0.6),
    Cited("government", "Sample Workforce Board", "Shortage list", "https://workforce.state.example/shortages", 0.78),
    Cited("legislator", "Rep. Sample of the 300th", "Remarks in committee", "https://house.record.example/300/remarks", 0.42),
    Cited("legislator", "Sen. Sample of the 200th", "Newsletter to constituents", "https://senate.record.example/200/news", 0.66),
    Cited("leader", "Sample Association of Counties", "Brief on county budgets", "https://counties.assoc.example/brief", 0.22),
    Cited("leader", "River Bend Foundation (sample)", "Why we changed our grants", "https://foundation.riverbend.example/grants",
          0.58),
    Cited("leader", "Prairie Alliance (sample)", "Position paper on wages", "https://alliance.prairie.example/wages", 0.87),
    Cited("academic", "Prairie School of Social Work (sample)", "Working paper 12", "https://papers.prairie.example/12", 0.7),
    Cited("media", "Sample Link Farm", "Ten reports you must read", "https://farm.links.example/ten", 0.5,
          "A copy of our own summary, nobody cites it."),
    Cited("leader", "Sample Newsletter", "Reading list", "https://letters.sample.example/reading", 0.35,
          "Names another report with a similar title."),
)  # fmt: skip
