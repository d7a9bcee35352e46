"""The coalition's two agendas: priorities and targets, after its 2024 agenda and its FY25 strategic plan."""

from dataclasses import dataclass, field

from campaigns.models import Agenda, Pillar, Priority, Target

ICOY = "Illinois Collaboration on Youth (ICOY)"
ISAC = "Illinois Student Assistance Commission (ISAC)"
HHS_COALITION = "The Health and Human Service Coalition of Illinois"


@dataclass(frozen=True)
class PriorityText:
    slug: str
    pillar: str
    title: str
    summary: str
    body: str
    reference: str = ""
    ask: str = ""
    ask_detail: str = ""
    partners_credited: str = ""


@dataclass(frozen=True)
class AgendaText:
    year: int
    title: str
    introduction: str
    commitment: str
    priorities: tuple[PriorityText, ...]
    targets: dict[str, tuple[str, ...]] = field(default_factory=dict)


AGENDA_2024 = AgendaText(
    year=2024,
    title="2024 Policy and Advocacy Agenda",
    introduction=(
        "We lead the work to fund health and human services so that everyone in Illinois can reach their "
        "potential, and so that the sector they turn to is fair, lasting, and speaks with one voice."
    ),
    commitment=(
        "State funding for human services that grows every year, and fair policies that meet the needs of "
        "the sector and strengthen communities."
    ),
    priorities=(
        PriorityText(
            slug="loan-repayment",
            pillar="public-investment",
            title="Fund the loan repayment program",
            summary=(
                "A law passed without a single vote against it helps human service professionals repay "
                "their student loans. It needs money to work."
            ),
            body=(
                "<p>The General Assembly passed SB3925 unanimously, and it became Public Act 102-1089. The "
                "law created the Human Services Professional Loan Repayment Program. It helps "
                "community-based organizations recruit qualified professionals, and helps those "
                "professionals stay.</p><p>A program without an appropriation repays nothing. Until there "
                "is money in it, providers cannot offer their staff what the law promises.</p><h2>What we "
                "ask</h2><p>Together with ICOY we ask for $15 million. It would fund 1,000 repayments for "
                "professionals in community-based human services, across the state.</p>"
            ),
            reference="SB3925, Public Act 102-1089",
            ask="$15 million",
            ask_detail="1,000 loan repayments for community-based human service professionals",
            partners_credited=ICOY,
        ),
        PriorityText(
            slug="pay-equity",
            pillar="root-causes",
            title="Equal pay for equal work in human services",
            summary=(
                "State contracts should pay community-based professionals what the state pays its own "
                "employees for similar work."
            ),
            body=(
                "<p>The state buys many services from community-based providers. Its contracts have not "
                "kept up with the cost of living, or with what the services cost to deliver. Often they pay "
                "far less than the state pays its own employees for similar work. So the value of the work "
                "comes to depend on who does it.</p><h2>What the bill would do</h2><ul><li>End the pay gap "
                "between human service professionals across the sector.</li><li>Set up a Human Services "
                "Compensation Taskforce to recommend how to recruit and keep a skilled workforce.</li></ul>"
            ),
            reference="Equitable Pay Act",
            ask="Equal pay",
            ask_detail=(
                "An end to the gap between state and community-based salaries, and a Compensation Taskforce"
            ),
        ),
        PriorityText(
            slug="fair-contracting",
            pillar="collective-voice",
            title="Contracts on time, paid in full",
            summary=(
                "The Community Partner Fair Contracting Act would cut needless paperwork and see that "
                "providers are paid on time for the services they deliver."
            ),
            body=(
                "<p>A contract with the state of Illinois should let a provider plan, hire and deliver. Too "
                "often it brings paperwork, late signatures and late checks instead. With the Health and "
                "Human Service Coalition of Illinois we propose one bill that mends the whole path, from "
                "signature to payment.</p><h2>What the bill would do</h2><ul><li>Make contracts and "
                "payments timely.</li><li>Let more providers be paid in advance, and make the rules for it "
                "clear.</li><li>Cover the full cost of delivering services.</li><li>Make claims in the "
                "Court of Claims simpler and faster.</li></ul>"
            ),
            reference="Community Partner Fair Contracting Act",
            ask="Fair contracts",
            ask_detail=(
                "Timely contracts and payments, clear advance payment, full cost, a simpler Court of Claims"
            ),
            partners_credited=HHS_COALITION,
        ),
    ),
    targets={
        "policy": (
            "Win a higher share of General Revenue Fund appropriations for human services than in FY23.",
            (
                "Influence funding decisions that promote a livable wage and equitable pay in "
                "community-based services."
            ),
            "Influence funding decisions that address turnover and vacancies in the workforce.",
            "Propose legislation with the HHS Coalition on timely contracts and payments, advance payment, "
            "full cost and the Court of Claims.",
            "Secure appropriations for the Human Services Professional Loan Repayment Program.",
        ),
        "research": (
            (
                "Produce research that centers the voices of frontline workers and defines a livable wage "
                "for the sector."
            ),
        ),
    },
)

AGENDA_FY25 = AgendaText(
    year=2025,
    title="FY25 agenda: July 2024 to June 2025",
    introduction=(
        "Our plan for the fiscal year rests on the four pillars. It puts the experience of Black and Brown "
        "frontline workers at the center, tracks who is at the table, and names what we want to reach in "
        "five fields of work."
    ),
    commitment=(
        "We will advocate for state funding of health and human services that grows year over year, and "
        "push for equitable policies that meet the sector's needs and promote community well-being."
    ),
    priorities=(
        PriorityText(
            slug="renew-loan-repayment",
            pillar="public-investment",
            title="Renew and grow the loan repayment program",
            summary=(
                "The first $5.25 million is appropriated. Professionals need to know that the program will "
                "be there next year too."
            ),
            body=(
                "<p>For FY25 the program under Public Act 102-1089 holds an appropriation of $5.25 million. "
                "With the Illinois Student Assistance Commission (ISAC) we work to launch it well and to "
                "see every dollar reach a frontline professional.</p><p>One year is a start. People choose "
                "a career by what they can count on, and so we ask for renewed appropriations, toward the "
                "$15 million that would fund 1,000 repayments.</p>"
            ),
            reference="SB3925, Public Act 102-1089",
            ask="$5.25 million, renewed",
            ask_detail=(
                "FY25 appropriation to distribute in full, and renewed appropriations to sustain the program"
            ),
            partners_credited=f"{ISAC}; {ICOY}",
        ),
        PriorityText(
            slug="equitable-pay-act",
            pillar="root-causes",
            title="Reintroduce the Equitable Pay Act",
            summary=(
                "Close the gap between what the state pays its own staff and what its contracts pay for "
                "similar work."
            ),
            body=(
                "<p>We will bring the Equitable Pay Act back to the General Assembly. It would end the pay "
                "gap between human service professionals and set up a Human Services Compensation "
                "Taskforce.</p><p>The people who do this work know best what low pay costs. Their "
                "experience, and first of all the experience of Black and Brown frontline workers, shapes "
                "what we ask for.</p>"
            ),
            reference="Equitable Pay Act",
            ask="Equal pay",
            ask_detail="Equal pay for similar work, and a Human Services Compensation Taskforce",
        ),
        PriorityText(
            slug="fair-contracting-act",
            pillar="collective-voice",
            title="Reintroduce the Community Partner Fair Contracting Act",
            summary=(
                "One bill for timely contracts, timely payments, clear advance payment and the full cost of "
                "services."
            ),
            body=(
                "<p>The Community Partner Fair Contracting Act goes back to the General Assembly, with the "
                "Health and Human Service Coalition of Illinois. It would lighten the paperwork that comes "
                "with a state contract, and mend how contracts are signed, paid and settled.</p><p>We also "
                "widen the coalition behind it, so that the full human services sector and its priorities "
                "are at the table.</p>"
            ),
            reference="Community Partner Fair Contracting Act",
            ask="Fair contracts",
            ask_detail=(
                "Timely contracts and payments, clear advance payment, full cost, a simpler Court of Claims"
            ),
            partners_credited=HHS_COALITION,
        ),
        PriorityText(
            slug="name-the-cost",
            pillar="essential-value",
            title="Show what underfunding and low wages cost",
            summary=(
                "A campaign that makes plain how years of underfunding and low wages reach workers, and "
                "through them every community."
            ),
            body=(
                "<p>Skilled professionals keep human services going on wages that do not match their skill. "
                "When one of them leaves, a team loses knowledge and a family loses someone it "
                "trusts.</p><p>We launch a campaign on the chronic underfunding and the low wages in the "
                "health and human services of Illinois. It shows the problem, and even more what changes "
                "when it is solved.</p>"
            ),
            ask="Fair wages",
            ask_detail="Public understanding of what chronic underfunding and low wages cost Illinois",
        ),
    ),
    targets={
        "policy": (
            "With ISAC, launch the Human Services Professional Loan Repayment Program and distribute all of "
            "its $5.25 million.",
            "Secure renewed appropriations that sustain the loan repayment program.",
            "Reintroduce the Equitable Pay Act.",
            "Reintroduce the Community Partner Fair Contracting Act.",
            (
                "Launch a campaign on the chronic underfunding and low wages that health and human service "
                "workers face."
            ),
        ),
        "training": (
            (
                "Train human service professionals, online and in person, in reframing and in advancing "
                "racial equity."
            ),
            "Offer technical assistance and resources that help partners put what they learned to work.",
            "Use surveys and interviews with partners to shape and improve the trainings.",
            "Explore partnerships for continuing education credits, and raise participation.",
        ),
        "research": (
            "Release a report with foundational data on the sector: reimbursement rates, state-run and "
            "community-based services, the true cost of services, and the “myth of overhead”.",
            "Release it on schedule and ahead of the legislative session, in time to support advocacy.",
        ),
        "finance": (
            "Keep the increased FY25 budget, with all current funders.",
            "Build relationships with 2 new foundations.",
            "Find sponsors and funding for the training program.",
            "Reach the FY25 Partner Support Goal.",
        ),
        "organization": (
            "Use the advice process when the team makes decisions.",
            "Hold yearly retreats of staff and board that build trust, communication and morale.",
        ),
    },
)


def write_agendas() -> dict[tuple[int, str], Priority]:
    """Both agendas with priorities and targets; returns the priorities by year and short name."""
    pillars = Pillar.objects.in_bulk(field_name="slug")
    return {
        (text.year, priority.slug): priority
        for text in (AGENDA_2024, AGENDA_FY25)
        for priority in _write_agenda(text, pillars)
    }


def _write_agenda(text: AgendaText, pillars: dict[str, Pillar]) -> list[Priority]:
    agenda = Agenda.objects.create(
        year=text.year,
        title=text.title,
        introduction=text.introduction,
        commitment=text.commitment,
        is_published=True,
    )
    targets = [(name, words) for name, texts in text.targets.items() for words in texts]
    Target.objects.bulk_create(
        Target(agenda=agenda, field=name, text=words, order=place)
        for place, (name, words) in enumerate(targets, start=1)
    )
    return Priority.objects.bulk_create(
        Priority(
            agenda=agenda,
            pillar=pillars[priority.pillar],
            slug=priority.slug,
            title=priority.title,
            summary=priority.summary,
            body=priority.body,
            reference=priority.reference,
            ask=priority.ask,
            ask_detail=priority.ask_detail,
            partners_credited=priority.partners_credited,
            order=place,
        )
        for place, priority in enumerate(text.priorities, start=1)
    )
