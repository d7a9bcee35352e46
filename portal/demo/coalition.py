"""The demonstration's board, staff and allies, and the goals on the staff's start page.

Board and staff are sample people and are marked as such. The coalitions and allies are those that the
coalition's public documents name; what is said of them is in our words, and their beliefs are told as theirs.
"""

from django.utils.text import slugify

from partners.models import Ally, Coalition, TeamMember

BOARD: tuple[tuple[str, str, str, str], ...] = (
    (
        "Yolanda Whitfield",
        "Chair",
        "Prairie Lantern Behavioral Health (sample)",
        "A coalition is a promise to pick up the phone when another partner calls.",
    ),
    ("Hassan Mansour", "Vice chair", "Welcome Bridge Center (sample)", ""),
    (
        "Ruth Ann Keller",
        "Treasurer",
        "Bluff Country Family Alliance (sample)",
        "Small agencies know to the dollar what a late payment costs.",
    ),
    ("Michael Tran", "Secretary", "Forge City Pathways (sample)", ""),
    ("Guadalupe Serrano", "Member", "Bright Harbor Youth Project (sample)", ""),
    ("Denise Abernathy", "Member", "Three Oaks Home Care Cooperative (sample)", ""),
    ("Samuel Adeyemi", "Member", "Lantern House Advocates (sample)", ""),
    ("Karen Lindqvist", "Member", "Crossroads Community Health Workers (sample)", ""),
)
"""Name, role, organization, words of their own."""

STAFF: tuple[tuple[str, str, str], ...] = (
    ("Alex Rivera", "Executive director", "Our agenda starts with what partners tell us."),
    ("Naomi Feldman", "Policy director", "A good bill is one that a program manager can explain."),
    ("Darnell Hughes", "Organizing director", ""),
    ("Mei-Ling Chao", "Research manager", "Every number needs a source and a definition."),
    ("Sofia Petrakis", "Communications manager", ""),
    ("Jamal Whitaker", "Partner engagement coordinator", ""),
)
"""Name, role, words of their own."""

_SEAT = "We represent the human services sector."

COALITIONS: tuple[tuple[str, str, str], ...] = (
    (
        "The Health and Human Service Coalition of Illinois",
        "Works for contracts and payments that let health and human service providers do their work.",
        "We represent the sector, and propose the Community Partner Fair Contracting Act together.",
    ),
    ("The Responsible Budget Coalition", "Speaks up for a state budget that invests in people.", _SEAT),
    (
        "Illinois Commission on Poverty Elimination and Economic Security",
        "Advises the state on ending poverty and making families economically secure.",
        _SEAT,
    ),
    (
        "Illinois Paid Family and Medical Leave (Time to Care) Coalition",
        "Works for paid time to care for a family member or one's own health.",
        _SEAT,
    ),
    ("Illinois Family Caregiver Coalition", "Speaks for people who care for a family member.", _SEAT),
    (
        "State of Illinois Health Improvement Plan Committee (SHIP)",
        "Plans how the state can improve the health of its residents.",
        _SEAT,
    ),
    (
        "The Chicago Alliance for Collaborative Effort (CACE)",
        "Brings Chicago organizations together; one of those who planned Human Services Works.",
        _SEAT,
    ),
    ("IL Skills for Good Jobs Agenda", "Works for training that leads to good jobs in Illinois.", _SEAT),
)
"""Name, what it does, our part in it."""

ALLIES: tuple[tuple[str, str, str], ...] = (
    (
        "Illinois Collaboration on Youth (ICOY)",
        "",
        "Together we ask for $15 million in appropriations, to fund 1,000 loan repayments.",
    ),
    (
        "Illinois Student Assistance Commission (ISAC)",
        "",
        "We work with this state agency to distribute the $5.25 million of the FY25 loan repayment program.",
    ),
    (
        "National Human Services Assembly (NHSA)",
        "",
        "It led national research on how the public sees human services, funded by the Kresge Foundation. "
        "We use the findings in Human Services Works.",
    ),
    (
        "FrameWorks Institute",
        "",
        (
            "With NHSA it developed a core story that helps people see what human services do. We use its "
            "frames."
        ),
    ),
    (
        "United Way of Metropolitan Chicago",
        "",
        "It was with us when Human Services Works was planned in 2012.",
    ),
    ("Forefront", "", "It was with us when Human Services Works was planned in 2012."),
    ("The Chicago Community Trust", "", "It was with us when Human Services Works was planned in 2012."),
    (
        "Public forum network (ally)",
        "This network brings together community activists, public service workers and faith-based "
        "advocates. It holds that everyone deserves dignity, respect, and services that meet basic human "
        "needs, and that public services are an essential part of a civilized society. It opposes "
        "privatization, service cuts, and the closing of public aid offices. It says that people who use "
        "public services should have a strong, organized voice in how those are delivered, and that racism, "
        "sexism and attacks on immigrants and unions must not divide us.",
        "We listen at its public forums. Its beliefs are its own.",
    ),
)
"""Name, what it believes in its own name, our part in it."""


def write_coalition(size: int) -> None:
    """Board, staff and allies; goals a little above what the demonstration reaches."""
    TeamMember.objects.bulk_create(
        [
            *(
                TeamMember(kind="board", name=name, role=role, organization=where, quote=words, order=place)
                for place, (name, role, where, words) in enumerate(BOARD, start=1)
            ),
            *(
                TeamMember(
                    kind="staff",
                    name=name,
                    role=f"{role} (sample)",
                    quote=words,
                    order=place,
                )
                for place, (name, role, words) in enumerate(STAFF, start=1)
            ),
        ]
    )
    Ally.objects.bulk_create(
        Ally(kind=kind, name=name, slug=slugify(name), summary=summary, our_part=our_part, order=place)
        for kind, allies in ((Ally.Kind.COALITION, COALITIONS), (Ally.Kind.ALLY, ALLIES))
        for place, (name, summary, our_part) in enumerate(allies, start=1)
    )
    Coalition.objects.filter(id=1).update(
        partner_goal=max(10, round(size * 1.06 / 10) * 10),
        participant_goal=max(10, round(size * 1.5 / 10) * 10),
    )
