"""Calls to action: some open, one about to close, three over with their outcome."""

from dataclasses import dataclass
from datetime import date

CONSENT = (
    "Illinois Partners keeps your name and ZIP code to show decision makers how many people stand behind "
    "this. Your name is shown only if you say so. Your e-mail address is never shown or passed on."
)
CONSENT_PARTNERS = (
    "Illinois Partners keeps your name and your organization's name to show decision makers who stands "
    "behind this. Your name is shown only if you say so. Your e-mail address is never shown or passed on."
)


@dataclass(frozen=True)
class CallText:
    """One call. `opened` is days before today and `closes` days after it, unless `dates` fixes both.

    `people` is how many acted in a coalition of 800 partners.
    """

    slug: str
    campaign: str
    kind: str
    title: str
    ask: str
    why: str
    statement: str
    people: int
    goal: int
    opened: int = 0
    closes: int = 0
    dates: tuple[date, date] | None = None
    members: float = 0.7  # Share of those who act that belong to a partner.
    audience: str = "everyone"
    status: str = "published"
    next_step: str = ""
    next_path: str = ""
    outcome: str = ""


CALLS: tuple[CallText, ...] = (
    CallText(
        slug="fund-1000-repayments",
        campaign="fund-loan-repayment",
        kind="petition",
        title="$15 million for 1,000 loan repayments",
        ask="Add your name: ask the General Assembly to renew and grow the loan repayment program.",
        why=(
            "<p>The program is law. Not one member of the General Assembly voted against it. It held $5.25 "
            "million in FY25, and every dollar goes to people who chose human services as their career. $15 "
            "million would fund 1,000 repayments.</p><p>The budget is made now. A long list of names, from "
            "every part of the state, tells those who write it that people are watching this line.</p>"
        ),
        statement=(
            "We ask the Illinois General Assembly to renew the appropriation for the Human Services "
            "Professional Loan Repayment Program (Public Act 102-1089) and to bring it to $15 million, "
            "enough for 1,000 repayments. Skilled professionals want to stay in our communities. Help them "
            "to."
        ),
        opened=32,
        closes=3,
        people=412,
        goal=500,
        next_step="See how the loan repayment campaign got this far",
        next_path="/campaigns/fund-loan-repayment/",
    ),
    CallText(
        slug="pay-for-services-delivered",
        campaign="fair-contracting",
        kind="petition",
        title="Pay providers for the work they have done",
        ask=(
            "Add your name: ask the state to pay for services on time, and to restructure the debt it owes "
            "providers."
        ),
        why=(
            "<p>Agencies like Arden Shore in Waukegan keep their doors open while they wait for the state "
            "to pay. Some serve fewer families than before. When bills are paid on time, an agency can "
            "plan, hire, and say yes to the next family that calls.</p><p>Restructuring the state's debt "
            "would pay providers now and spread the cost over years, on terms that everyone knows.</p>"
        ),
        statement=(
            "We ask the state of Illinois to pay community-based human service providers on time and in "
            "full for the services they deliver, and to restructure its debt so that no provider has to act "
            "as the state's lender."
        ),
        opened=9,
        closes=12,
        people=187,
        goal=400,
        members=0.62,
        next_step="Read the story of Arden Shore in Waukegan",
        next_path="/stories/arden-shore-waukegan/",
    ),
    CallText(
        slug="call-for-equal-pay",
        campaign="fair-pay",
        kind="pledge",
        title="Call your legislators about equal pay",
        ask="Pledge to call your state senator and your representative about the Equitable Pay Act.",
        why=(
            "<p>A call takes four minutes, and offices count every one. Say who you are, where you live, "
            "and that you want equal pay for similar work in human services. That is all it "
            "takes.</p><p>Your pledge tells us where calls are being made and where we still need "
            "voices.</p>"
        ),
        statement=(
            "I will call my state senator and my state representative, and ask them to support the "
            "Equitable Pay Act: equal pay for similar work, and a Human Services Compensation Taskforce."
        ),
        opened=16,
        closes=20,
        people=143,
        goal=300,
        next_step="Read what fair pay means for skilled work",
        next_path="/campaigns/fair-pay/",
    ),
    CallText(
        slug="sign-on-fair-contracting",
        campaign="fair-contracting",
        kind="petition",
        title="Partners for the Fair Contracting Act",
        ask="Add your name, as part of a partner organization, to our principles for fair contracts.",
        why=(
            "<p>Partners know state contracts from the inside: the late signature, the invoice sent twice, "
            "the cost nobody covers. Legislators listen when the people who do the work name the same five "
            "points.</p>"
        ),
        statement=(
            "Our state contracts should be signed in time, paid in time, cover the full cost of services, "
            "allow advance payment by clear rules, and leave a simple and quick way to settle claims."
        ),
        opened=21,
        closes=19,
        people=118,
        goal=200,
        members=1.0,
        audience="partners",
        next_step="Read the priority on the agenda",
        next_path="/agenda/2025/fair-contracting-act/",
    ),
    CallText(
        slug="use-the-three-messages",
        campaign="human-services-works",
        kind="pledge",
        title="Tell the story of human services in a new way",
        ask=(
            "Pledge to use one of the three messages of Human Services Works in what you write or say this "
            "month."
        ),
        why=(
            "<p>How we speak decides what people see. A newsletter that shows skill, connection and return "
            "helps every reader understand why the work matters, and helps every partner in the state.</p>"
        ),
        statement=(
            "This month, in a newsletter, a talk or a post, I will use at least one of the three messages: "
            "human services are interconnected, they provide a return on investment, and they are provided "
            "by trained, skilled and dedicated professionals."
        ),
        opened=12,
        closes=35,
        people=96,
        goal=250,
        next_step="See the three messages and where they come from",
        next_path="/campaigns/human-services-works/",
    ),
    CallText(
        slug="name-a-colleague",
        campaign="human-services-works",
        kind="pledge",
        title="Name a colleague whose work people should know",
        ask=(
            "Pledge to propose one colleague for a profile: a skill, how it was learned, and what came of it."
        ),
        why=(
            "<p>Profiles of the people who do the work are the strongest pages we have. You know who should "
            "be on the next one. We will write to you, ask your colleague for consent, and do the interview "
            "and the writing.</p>"
        ),
        statement=(
            "I will propose one colleague for a worker profile, and ask first whether they want to be named."
        ),
        opened=1,
        closes=28,
        people=7,
        goal=60,
        members=1.0,
        audience="partners",
        next_step="Read the stories so far",
        next_path="/stories/",
    ),
    CallText(
        slug="larger-share-of-the-budget",
        campaign="fair-pay",
        kind="petition",
        title="A larger share of the state budget",
        ask=(
            "Add your name: ask for a higher share of the General Revenue Fund for human services than in "
            "FY23."
        ),
        why=(
            "<p>The General Revenue Fund is where Illinois decides what comes first. A higher share for "
            "human services than in FY23 sustains the programs that make communities strong.</p>"
        ),
        statement=(
            "We ask the Governor and the General Assembly to give human services a higher share of General "
            "Revenue Fund appropriations than in FY23."
        ),
        opened=64,
        closes=-18,
        people=326,
        goal=300,
        status="closed",
        outcome=(
            "{people} people, among them staff of {organizations} partner organizations, put their name to "
            "this call before it closed on {closed}. Our policy team takes the list into its budget "
            "meetings. The next step on pay is the pledge to call your legislators."
        ),
    ),
    CallText(
        slug="tell-your-team-about-loan-repayment",
        campaign="fund-loan-repayment",
        kind="pledge",
        title="Tell your team about loan repayment",
        ask="Pledge to tell the people you work with that the loan repayment program exists.",
        why=(
            "<p>A program helps only those who know of it. Colleagues trust colleagues more than any "
            "flyer.</p>"
        ),
        statement=(
            "I will tell at least three colleagues about the Human Services Professional Loan Repayment "
            "Program."
        ),
        opened=118,
        closes=-61,
        people=204,
        goal=250,
        members=0.9,
        status="closed",
        outcome=(
            "{people} people from {organizations} partner organizations pledged to tell their teams. The "
            "goal was {goal}. We go on in the Local Area Councils, where small agencies meet."
        ),
    ),
    CallText(
        slug="first-dollars-for-loan-repayment",
        campaign="first-dollars",
        kind="petition",
        title="First dollars for the loan repayment program",
        ask="Add your name: ask for $15 million to fund the first 1,000 loan repayments.",
        why=(
            "<p>Public Act 102-1089 created the program. Without an appropriation it cannot repay a single "
            "loan.</p>"
        ),
        statement=(
            "We ask the General Assembly to appropriate $15 million for the Human Services Professional "
            "Loan Repayment Program, to fund 1,000 repayments."
        ),
        dates=(date(2024, 2, 5), date(2024, 4, 30)),
        people=261,
        goal=250,
        status="closed",
        outcome=(
            "{people} people, among them staff of {organizations} partner organizations, added their names. "
            "For FY25 the program received $5.25 million of the $15 million we had asked for. The work goes "
            "on."
        ),
    ),
)
