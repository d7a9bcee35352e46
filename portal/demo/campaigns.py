"""The coalition's campaigns: four under way, one won, one closed, one that goes on under another name."""

from dataclasses import dataclass
from datetime import date

from campaigns.models import Campaign, Priority
from portal.demo.agendas import HHS_COALITION, ICOY, ISAC


@dataclass(frozen=True)
class CampaignText:
    slug: str
    title: str
    summary: str
    goal: str
    body: str
    status: str
    starts_on: date
    ends_on: date | None = None
    priority: tuple[int, str] | None = None
    partners_credited: str = ""
    outcome: str = ""
    successor: str = ""


CAMPAIGNS: tuple[CampaignText, ...] = (
    CampaignText(
        slug="human-services-works",
        title="Human Services Works",
        summary=(
            "A statewide campaign that changes how Illinois talks about human services: from single "
            "programs to what makes communities strong."
        ),
        goal="Illinois sees human services as an investment in its people that everyone has a stake in.",
        body=(
            "<p>Ask people what human services are and most name one program for one need. What they seldom "
            "see is how these services hang together, what they return, and how much skill goes into them. "
            "Human Services Works tells that story.</p><h2>Three messages</h2><ol><li><strong>Human "
            "services are interconnected.</strong> They reach into the issues that concern all of us: the "
            "economy, education, health care, crime and poverty.</li><li><strong>Human services provide a "
            "return on investment</strong> to the public and to everyone who puts something "
            "in.</li><li><strong>Human services are provided by trained, skilled and dedicated "
            "professionals.</strong></li></ol><h2>How it began</h2><p>In 2012 a group of organizations came "
            "together around one question: why is so much of this work unseen? A planning grant paid for "
            "focus groups across the state with leaders from business, civic life and philanthropy. Few of "
            "them knew what the services do for a community, how one depends on another, or what happens "
            "when one is missing. From these talks came a new frame, made to win lasting state funding and "
            "supportive policies.</p><h2>What we do</h2><ul><li>Show the many ways in which human services "
            "meet the issues that matter to all of us.</li><li>Profile the smart and talented people who "
            "deliver value every day.</li><li>Collect the data and research on what human services "
            "return.</li></ul><p>The campaign speaks to policy makers and opinion leaders, to business, to "
            "the media, and to anyone who cares about the pressing issues of our time.</p>"
        ),
        status="active",
        starts_on=date(2012, 1, 1),
        priority=(2025, "name-the-cost"),
        partners_credited=(
            "Chicago Alliance for Collaborative Effort, United Way of Metropolitan Chicago, Forefront, The "
            "Chicago Community Trust"
        ),
    ),
    CampaignText(
        slug="fund-loan-repayment",
        title="Fund the loan repayment program",
        summary=(
            "Student debt drives skilled people out of human services. A program to repay it exists. It "
            "needs lasting funds."
        ),
        goal="Renewed appropriations every year, growing to $15 million for 1,000 repayments.",
        body=(
            "<p>A counselor with a master's degree often starts her career in debt. A community-based "
            "agency can rarely pay what a hospital or a school can. The Human Services Professional Loan "
            "Repayment Program, made by Public Act 102-1089, narrows that gap: it helps people pay down "
            "their loans while they stay in the work.</p><p>In FY25 it holds $5.25 million. We work with "
            "ISAC to get all of it to frontline professionals, and with ICOY for the $15 million that would "
            "fund 1,000 repayments.</p><h2>What changes when it is funded</h2><ul><li>Agencies can fill "
            "positions with qualified people, and keep them.</li><li>Families see the same counselor from "
            "the first visit to the last.</li><li>People from every background can afford a career in human "
            "services.</li></ul>"
        ),
        status="active",
        starts_on=date(2024, 7, 1),
        priority=(2025, "renew-loan-repayment"),
        partners_credited=f"{ICOY}; {ISAC}",
    ),
    CampaignText(
        slug="fair-pay",
        title="Fair pay for skilled work",
        summary=(
            "Chronic underfunding keeps wages low in human services. We show what it costs, and how to mend "
            "it."
        ),
        goal=(
            "State contracts pay community-based professionals what the state pays its own staff for "
            "similar work."
        ),
        body=(
            "<p>Two people do similar work. One is employed by the state, the other by a community "
            "organization under a state contract. Often the second is paid far less. The Equitable Pay Act "
            "would end that difference and set up a Human Services Compensation Taskforce to plan how "
            "Illinois recruits and keeps its workforce.</p><p>Fair pay is a matter of equity, and the "
            "experience of Black and Brown frontline workers leads this campaign. It is just as much a "
            "matter of quality. Experience grows with years on the job, and people stay where their skill "
            "is valued.</p><h2>How to help</h2><ul><li>Tell your legislators what a vacancy means in your "
            "town.</li><li>Share the stories of the professionals on these pages.</li><li>Bring your "
            "organization into the coalition.</li></ul>"
        ),
        status="active",
        starts_on=date(2024, 7, 1),
        priority=(2025, "equitable-pay-act"),
    ),
    CampaignText(
        slug="fair-contracting",
        title="Contracts on time, paid in full",
        summary=(
            "Providers deliver services for the state every day. They should be paid for them, on time and "
            "in full."
        ),
        goal="The Community Partner Fair Contracting Act becomes law.",
        body=(
            "<p>When the state pays late, a provider borrows, waits to fill a position, or cuts a program. "
            "None of it is the provider's choice, and the interest helps no one. Paying community providers "
            "for the services they deliver is the state's first duty toward them.</p><p>The Community "
            "Partner Fair Contracting Act mends the whole path: contracts signed in time, payments made in "
            "time, advance payment with clear rules, the full cost of a service, and a simpler Court of "
            "Claims.</p><h2>And the backlog?</h2><p>A state that owes more than it can pay at once has "
            "choices. It can let providers wait, which makes them its lenders. Or it can restructure its "
            "debt: pay what is owed now, and repay the money over years on known terms. We speak for the "
            "second way.</p>"
        ),
        status="active",
        starts_on=date(2024, 1, 1),
        priority=(2025, "fair-contracting-act"),
        partners_credited=HHS_COALITION,
    ),
    CampaignText(
        slug="create-loan-repayment",
        title="A loan repayment program for human service professionals",
        summary=(
            "Illinois did not help human service professionals with their student loans. Now it is the law."
        ),
        goal="A law that creates a loan repayment program for human service professionals.",
        body=(
            "<p>Teachers, nurses and doctors can get help with student loans when they work where they are "
            "needed. The professionals of community-based human services could not. SB3925 set out to "
            "change that, as an answer to the workforce crisis that communities across the state "
            "felt.</p><p>Partners told their legislators what open positions mean, and what it would take "
            "to fill them.</p>"
        ),
        status="won",
        starts_on=date(2022, 1, 1),
        ends_on=date(2022, 12, 31),
        outcome=(
            "Won. The General Assembly passed SB3925 unanimously, and it became Public Act 102-1089: the "
            "Human Services Professional Loan Repayment Program is law. The next step is to fund it."
        ),
    ),
    CampaignText(
        slug="first-dollars",
        title="First dollars for loan repayment",
        summary=(
            "The program was law and its account was empty. This campaign asked for the first appropriation."
        ),
        goal="An appropriation of $15 million for 1,000 repayments.",
        body=(
            "<p>Public Act 102-1089 created the loan repayment program, but a law alone repays nothing. "
            "With ICOY we asked for $15 million in appropriations to fund 1,000 repayments for "
            "community-based human service professionals.</p>"
        ),
        status="closed",
        starts_on=date(2024, 1, 1),
        ends_on=date(2024, 6, 30),
        priority=(2024, "loan-repayment"),
        partners_credited=ICOY,
        outcome=(
            "Partly reached. For FY25 the program received $5.25 million; we had asked for $15 million. The "
            "work goes on in the campaign “Fund the loan repayment program”."
        ),
    ),
    CampaignText(
        slug="reframe-the-conversation",
        title="Reframe the conversation",
        summary="Our first steps toward a new public conversation about human services in Illinois.",
        goal="More people who know human services, and more who support them.",
        body="<p>This campaign invited partners to share their work. It goes on as Human Services Works.</p>",
        status="archived",
        starts_on=date(2012, 1, 1),
        ends_on=date(2012, 12, 31),
        successor="human-services-works",
    ),
)


def write_campaigns(priorities: dict[tuple[int, str], Priority]) -> dict[str, Campaign]:
    """All campaigns, by short name; each saved on its own, so that its history begins with it."""
    written: dict[str, Campaign] = {}
    for text in CAMPAIGNS:
        written[text.slug] = Campaign.objects.create(
            slug=text.slug,
            title=text.title,
            summary=text.summary,
            goal=text.goal,
            body=text.body,
            status=text.status,
            starts_on=text.starts_on,
            ends_on=text.ends_on,
            priority=priorities[text.priority] if text.priority else None,
            partners_credited=text.partners_credited,
            outcome=text.outcome,
            successor=written[text.successor] if text.successor else None,
        )
    return written
