"""Invented measures that the coalition follows: what they would do, and how far they got."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MeasureText:
    """`fate` is the last step of `histories.STEPS` it reached. `position` and `priority` when we follow it."""

    identifier: str
    title: str
    synopsis: str
    fate: str
    committee: str = "Human Services"
    plain_title: str = ""
    summary: str = ""
    position: str = ""
    priority: str = ""
    days_ago: int = 20


FOLLOWED: tuple[MeasureText, ...] = (
    MeasureText(
        "HB1402",
        "HUMAN SERVICES-EQUITABLE PAY",
        "Creates the Equitable Pay Act. Provides that the rates the State pays to community-based human "
        "service providers shall allow pay equal to that of State employees who do similar work. Creates the "
        "Human Services Compensation Taskforce, which reports every year how rates and wages compare.",
        "in_committee",
        "Appropriations-Health and Human Services",
        "Equal pay for human service workers",
        "People who do the same work should earn the same, whether the state or a community agency employs them.",
        "support",
        "lead",
        9,
    ),
    MeasureText(
        "SB2210",
        "FAIR CONTRACTING-NONPROFITS",
        "Creates the Community Partner Fair Contracting Act. Provides that State agencies shall pay nonprofit "
        "grantees within 30 days, shall not shorten a grant without 60 days' notice, and shall pay the "
        "indirect cost rate that the provider negotiated.",
        "crossed",
        "Human Services",
        "Fair contracts for community partners",
        "Late payments make small organizations borrow to keep their doors open.",
        "support",
        "lead",
        1,
    ),
    MeasureText(
        "HB3115",
        "LOAN REPAYMENT-APPROPRIATION",
        "Appropriates $15,000,000 from the General Revenue Fund to the Illinois Student Assistance Commission "
        "for the Human Services Professional Loan Repayment Program. Effective July 1.",
        "in_committee",
        "Appropriations-Health and Human Services",
        "Fund loan repayment for 1,000 workers",
        "Debt drives skilled people out of human services; repayment keeps them.",
        "support",
        "lead",
        12,
    ),
    MeasureText(
        "HB2078",
        "FOSTER CARE-SIBLING VISITS",
        "Amends the Children and Family Services Act. Provides that siblings placed apart shall be offered a "
        "visit at least twice a month, and that the Department shall pay for the travel.",
        "public_act",
        "Adoption & Child Welfare",
        "Siblings in foster care see each other",
        "Children keep the people who know them best.",
        "support",
        "support",
        90,
    ),
    MeasureText(
        "SB1733",
        "988 CRISIS LINE-FUNDING",
        "Amends the Community Emergency Services and Support Act. Creates a fund for local crisis teams that "
        "answer calls to the 988 line, and sets standards for how fast a team must arrive.",
        "sent_to_governor",
        "Mental Health & Addiction",
        "Crisis teams for every county",
        "A person in crisis should meet a counselor before a squad car.",
        "support",
        "lead",
        1,
    ),
    MeasureText(
        "HB4410",
        "HOME CARE-RATE INCREASE",
        "Amends the Illinois Act on the Aging. Raises the rate for in-home services under the Community Care "
        "Program and provides that at least 80% of the increase goes to wages.",
        "second_reading",
        "Human Services",
        "Better pay for home care",
        "Elders wait for care because nobody can live on what it pays.",
        "support",
        "support",
        1,
    ),
    MeasureText(
        "HB2955",
        "PROVIDER LICENSE-FEE INCREASE",
        "Amends several Acts. Triples the fees for licenses of community-based residential programs and gives "
        "the Department power to suspend a license without a hearing.",
        "in_committee",
        "Human Services",
        "Higher license fees for group homes",
        "Fees would take what agencies need for staff, and a license could go without a hearing.",
        "oppose",
        "support",
        8,
    ),
    MeasureText(
        "SB2044",
        "HOMELESS PREVENTION-RENT HELP",
        "Amends the Homelessness Prevention Act. Allows help with rent for up to six months instead of three, "
        "and for households that get an eviction notice for the first time.",
        "crossed",
        "Housing",
        "Six months of rent help",
        "Keeping a home costs less than finding a new one.",
        "support",
        "support",
        15,
    ),
    MeasureText(
        "HB1891",
        "EARLY INTERVENTION-WAIT LISTS",
        "Amends the Early Intervention Services System Act. Provides that a family shall be offered a first "
        "service within 30 days, by video where no therapist is near, and that waits are published.",
        "passed_committee",
        "Adoption & Child Welfare",
        "No more waiting for early therapy",
        "Months count when a child is two years old.",
        "support",
        "support",
        1,
    ),
    MeasureText(
        "SB3302",
        "BACKGROUND CHECK-PORTABLE",
        "Amends the Health Care Worker Background Check Act. Makes a worker's background check valid for two "
        "years with every provider that the State licenses.",
        "passed_chamber",
        "Human Services",
        "One background check, two years, every job",
        "New staff could start in days instead of weeks.",
        "support",
        "monitor",
        7,
    ),
    MeasureText(
        "HB5020",
        "COMMUNITY MENTAL HEALTH-RATES",
        "Amends the Community Mental Health Act. Requires a yearly study of what community mental health "
        "services cost and ties rates to its findings.",
        "re_referred",
        "Mental Health & Addiction",
        "Rates that follow the true cost",
        "A rate that is below cost is a service that closes.",
        "support",
        "lead",
        30,
    ),
    MeasureText(
        "SB1120",
        "GRANT REPORTS-ONE SYSTEM",
        "Amends the Grant Accountability and Transparency Act. Creates one system in which grantees report "
        "once to all State agencies.",
        "vetoed",
        "Executive",
        "One report instead of nine",
        "Hours spent on forms are hours not spent with people.",
        "support",
        "monitor",
        60,
    ),
    MeasureText(
        "HR311",
        "HUMAN SERVICES WORKERS DAY",
        "Declares the first Wednesday in March Human Services Workers Day and thanks all who do this work.",
        "adopted",
        "Human Services",
        "A day for human services workers",
        "",
        "support",
        "monitor",
        120,
    ),
    MeasureText(
        "HB1776",
        "TANF-GRANT AMOUNT",
        "Amends the Illinois Public Aid Code. Raises the grant of the Temporary Assistance for Needy Families "
        "program to 50% of the federal poverty level.",
        "tabled",
        "Human Services",
        "Enough to live on",
        "",
        "support",
        "monitor",
        75,
    ),
)
