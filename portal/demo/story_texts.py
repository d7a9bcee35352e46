"""Stories: the coalition's own, and sample stories of the kind that workers and agencies could tell."""

from dataclasses import dataclass

from campaigns.models import Story

SAMPLE_SOURCE = "Sample story: the agency, the people and the figures are made up"
SAMPLE_CONSENT = "Nobody real is described, so no consent was needed."


@dataclass(frozen=True)
class StoryText:
    """One story. `week` counts from the current one: 0 leads now, -1 led last week; None leads no week."""

    slug: str
    week: int | None
    kicker: str
    headline: str
    summary: str
    body: str
    campaign: str
    call: str
    facts: tuple[tuple[str, str], ...]
    agency: str = ""
    city: str = ""
    quote: str = ""
    quote_by: str = ""
    quote_role: str = ""
    source: str = SAMPLE_SOURCE
    consent: str = Story.Consent.PUBLIC_RECORD
    consent_note: str = SAMPLE_CONSENT
    status: str = Story.Status.PUBLISHED


STORIES: tuple[StoryText, ...] = (
    StoryText(
        slug="arden-shore-waukegan",
        week=0,
        kicker="Paid for work done",
        headline="Arden Shore keeps families steady. It needs a state that does the same",
        summary=(
            "In Waukegan more than 1,500 people turn to Arden Shore Child and Family Services. It used to "
            "reach more, before the state cut about $400,000."
        ),
        agency="Arden Shore Child and Family Services",
        city="Waukegan",
        body=(
            "<p>When a child has been hurt, healing takes skill, patience and a safe place to come back to. "
            "Across Illinois, providers give families all three: counseling, care and a home, until they "
            "can go on with confidence. It is work that all of us have a stake in.</p><p>Arden Shore Child "
            "and Family Services does this work in Waukegan, with more than 1,500 clients. That is 15 to 20 "
            "percent fewer than it served before the state cut its funding by about $400,000. The need did "
            "not shrink with the budget. The agency's means to meet it did.</p><p>Executive Officer Dora "
            "Maya sees a second cost besides the services themselves. A community that relies on an agency "
            "watches whether it can last, and cuts make even strong agencies look uncertain.</p><h2>What "
            "would help</h2><p>The first duty of the state toward community providers is plain: pay them "
            "for the services they have delivered. Where the state owes more than it can pay at once, it "
            "can restructure its debt. Then providers are paid now, and the state repays over years on "
            "terms that are known. Illinois Partners speaks for this way, so that agencies can plan and "
            "families can count on them.</p>"
        ),
        quote=(
            "These cuts impact the direct services we provide to families, but also affects our agency’s "
            "perception of stability [in our community]."
        ),
        quote_by="Dora Maya",
        quote_role="Executive Officer, Arden Shore Child and Family Services",
        source="Illinois Partners for Human Service, Issue of the Week on Arden Shore",
        consent_note="Published statement of the agency's executive officer.",
        facts=(
            ("More than 1,500", "Clients served in and around Waukegan"),
            ("15–20%", "Fewer clients than before the cut"),
            ("About $400,000", "Cut by the state from the agency's funding"),
        ),
        campaign="fair-contracting",
        call="pay-for-services-delivered",
    ),
    StoryText(
        slug="what-fifteen-million-dollars-buys",
        week=-1,
        kicker="Loan repayment",
        headline="What $15 million buys: 1,000 people who can afford to stay",
        summary=(
            "The loan repayment program passed without one vote against it. Now the question is how many "
            "professionals it will reach."
        ),
        body=(
            "<p>Some of the most skilled people in Illinois human services owe more than they earn in a "
            "year. They took out loans to learn their profession, and they took a job in a community-based "
            "agency because they wanted to do it there.</p><p>SB3925 was the General Assembly's answer. It "
            "passed unanimously and became Public Act 102-1089, which created the Human Services "
            "Professional Loan Repayment Program. Its purpose is to recruit and to keep qualified "
            "professionals.</p><p>In FY25 the program holds $5.25 million, which we work to distribute with "
            "the Illinois Student Assistance Commission. Together with ICOY we ask for $15 million. It "
            "would pay for 1,000 repayments, which is $15,000 each on average.</p><h2>Why it pays "
            "off</h2><p>When a counselor leaves, an agency has to search, hire and train, and the people "
            "she worked with start over with someone new. Each repayment buys the opposite: experience that "
            "stays.</p>"
        ),
        source="2024 Policy and Advocacy Agenda; FY25 Strategic Plan",
        consent_note="No private person is described.",
        facts=(
            ("$15 million", "Our ask, together with ICOY"),
            ("1,000", "Loan repayments it would fund"),
            ("$5.25 million", "Appropriated for the program in FY25"),
        ),
        campaign="fund-loan-repayment",
        call="fund-1000-repayments",
    ),
    StoryText(
        slug="the-counselor-who-rehearses-calm",
        week=-2,
        kicker="Skilled work",
        headline="The crisis counselor who rehearses calm",
        summary=(
            "Delphine Okoye answers calls that others dread. Her calm is a skill, and she can tell you how "
            "she learned it."
        ),
        agency="Prairie Lantern Behavioral Health",
        city="Decatur",
        body=(
            "<p>The call comes at 6:40 in the evening. A man has stopped answering his sister. Delphine "
            "Okoye puts on her coat, takes a colleague along, and uses the drive to practice. She says the "
            "first three sentences out loud, more slowly each time.</p><p>People call it a gift. She calls "
            "it training. She spent two years in supervised practice, then learned to read a room, to lower "
            "a voice, and to know when a police car should wait around the corner. That evening she talked "
            "for ninety minutes through a door. Then it opened.</p><p>Mobile crisis teams like hers keep "
            "people out of emergency rooms and jail cells. They work when the team is complete, and it is "
            "complete when people with her skill can stay in the job.</p>"
        ),
        quote="Calm is not how I feel. It is what I do, and I learned to do it.",
        quote_by="Delphine Okoye",
        quote_role="Crisis counselor, Prairie Lantern Behavioral Health (sample)",
        facts=(
            ("2 years", "Of supervised practice before her first call alone (sample figure)"),
            ("90 minutes", "Of talk before the door opened (sample figure)"),
        ),
        campaign="human-services-works",
        call="name-a-colleague",
    ),
    StoryText(
        slug="one-job-three-services",
        week=-3,
        kicker="Interconnected",
        headline="One job, kept by three services that talk to each other",
        summary=(
            "A welding course, a preschool and a recovery group: take one away and the other two stop "
            "working. In Peoria they plan together."
        ),
        agency="Riverbend Works",
        city="Peoria",
        body=(
            "<p>Andre started the welding course in March. To be there at seven, he needed someone to look "
            "after his daughter at half past six. To stay, he needed his Thursday recovery group, and a "
            "foreman who would let him leave on time for it.</p><p>On paper that is three programs with "
            "three budgets. In Peoria the three agencies sit at one table every other week. The preschool "
            "opens early on course days. The recovery group moved to six o'clock. The trainer spoke with "
            "the foreman.</p><p>This is what it means that human services are interconnected. Each of the "
            "three would report success on its own. None of them could have reached it alone.</p>"
        ),
        quote="We stopped asking whose client he was. We asked what his week looks like.",
        quote_by="Monique Salazar",
        quote_role="Program director, Riverbend Works (sample)",
        facts=(
            ("3", "Services behind one steady job (sample figure)"),
            ("Every 2 weeks", "The agencies plan at one table (sample figure)"),
        ),
        campaign="human-services-works",
        call="use-the-three-messages",
    ),
    StoryText(
        slug="a-contract-signed-in-october",
        week=-4,
        kicker="Fair contracting",
        headline="A contract signed in October for work begun in July",
        summary=(
            "For four months a small agency paid for a state program from its own savings. A fair contract "
            "would have let it hire instead."
        ),
        agency="Bluff Country Family Alliance",
        city="Carbondale",
        body=(
            "<p>The program year began on July 1. The families came on July 1. The contract came in "
            "October, and the first payment after Thanksgiving.</p><p>Bluff Country Family Alliance paid "
            "its home visitors all the same, first from savings and then from a line of credit. The "
            "interest was not a cost the contract covered. Neither were the forty hours that the director "
            "spent on forms she had filled in the year before.</p><p>The Community Partner Fair Contracting "
            "Act would mend each step: a signature in time, advance payment by clear rules, payment that "
            "covers the full cost, and a simple way to settle a claim. Then the savings could do what they "
            "were saved for: a fifth home visitor.</p>"
        ),
        quote="We know how to help a family plan its month. We would like to plan ours.",
        quote_by="Ruth Ann Keller",
        quote_role="Executive director, Bluff Country Family Alliance (sample)",
        facts=(
            ("4 months", "Between the start of the work and the contract (sample figure)"),
            ("40 hours", "Spent on forms filled in before (sample figure)"),
        ),
        campaign="fair-contracting",
        call="sign-on-fair-contracting",
    ),
    StoryText(
        slug="what-a-home-care-worker-sees-first",
        week=-5,
        kicker="Skilled work",
        headline="What a home care worker sees before anyone else",
        summary=(
            "Lourdes Medina notices a new bruise, an unopened letter, a pot left on the stove. What she "
            "does next keeps people at home for years."
        ),
        agency="Three Oaks Home Care Cooperative",
        city="Galesburg",
        body=(
            "<p>Lourdes Medina has been in the kitchen for two minutes and knows three things. Mr. Harlan "
            "has not eaten since yesterday. The letter from the clinic is unopened. And he holds on to the "
            "counter where last week he did not.</p><p>She makes oatmeal, reads him the letter, and calls "
            "the nurse about his balance. By noon there is a handrail on order. A fall that did not happen "
            "makes no headline, and no budget line shows it. It is still the most valuable hour of the "
            "day.</p><p>Home care takes training in medication, movement, memory loss and conversation. "
            "Those who have it should be able to make a living from it.</p>"
        ),
        quote="My work is noticing. The rest is knowing whom to call.",
        quote_by="Lourdes Medina",
        quote_role="Home care worker, Three Oaks Home Care Cooperative (sample)",
        facts=(
            ("2 minutes", "To notice what had changed (sample figure)"),
            ("11 years", "She has worked in home care (sample figure)"),
        ),
        campaign="fair-pay",
        call="call-for-equal-pay",
    ),
    StoryText(
        slug="what-comes-back",
        week=-6,
        kicker="Return on investment",
        headline="What comes back when a town invests in its own people",
        summary=(
            "A Rockford training program measures what most budgets leave out: wages earned, taxes paid, "
            "rent paid on time."
        ),
        agency="Forge City Pathways",
        city="Rockford",
        body=(
            "<p>Budgets list what a program costs. They seldom list what it returns. Forge City Pathways in "
            "Rockford keeps a second ledger for that.</p><p>Of the people who finished its machine operator "
            "course last year, most were still on the job twelve months later. The second ledger adds up "
            "what they earned, what they paid in taxes, and what the county did not have to spend. It is "
            "careful work: only what can be shown goes in, with its source beside it.</p><p>Human services "
            "provide a return on investment. The way to make people believe it is to count honestly, and to "
            "say what has not been counted yet.</p>"
        ),
        quote="If we cannot show where a number comes from, it stays out of the ledger.",
        quote_by="Terrence Boyd",
        quote_role="Director of evaluation, Forge City Pathways (sample)",
        facts=(
            ("38", "People finished the course last year (sample figure)"),
            ("31", "Still on the job twelve months later (sample figure)"),
        ),
        campaign="human-services-works",
        call="use-the-three-messages",
    ),
    StoryText(
        slug="same-work-two-paychecks",
        week=-7,
        kicker="Fair pay",
        headline="Same work, two paychecks: what the Equitable Pay Act would change",
        summary=(
            "State contracts often pay community-based professionals far less than the state pays its own "
            "employees for similar work. A bill would end the difference."
        ),
        body=(
            "<p>Whether a case manager works for a state office or for a community agency that the state "
            "pays, the work is much the same. So are the training and the responsibility. The paycheck "
            "often is not.</p><p>The reason lies in the contracts. They do not reflect the rising cost of "
            "living, or what it costs to deliver the service. Agencies that depend on them cannot pay more "
            "than the contract brings in. The work ends up being worth more or less depending on who does "
            "it.</p><p>The Equitable Pay Act sets out to end the gap. It would also set up a Human Services "
            "Compensation Taskforce that recommends how Illinois can recruit and keep the people it needs. "
            "We will bring it back to the General Assembly.</p>"
        ),
        source="2024 Policy and Advocacy Agenda; FY25 Strategic Plan",
        consent_note="No private person is described.",
        facts=(
            ("Similar work", "In state offices and in community agencies"),
            ("Far lower rates", "In many state contracts than in state jobs"),
            ("1 taskforce", "On compensation, which the bill would set up"),
        ),
        campaign="fair-pay",
        call="call-for-equal-pay",
    ),
    StoryText(
        slug="the-reading-hour",
        week=-8,
        kicker="Interconnected",
        headline="The reading hour that lets a night shift sleep",
        summary=(
            "In Cicero an after-school reading hour began with books. Parents say it changed their working "
            "week."
        ),
        agency="Bright Harbor Youth Project",
        city="Cicero",
        body=(
            "<p>At half past three the room fills. By four it is quiet, except for a fourth grader who "
            "reads to a first grader in two languages.</p><p>The reading hour at Bright Harbor Youth "
            "Project was meant for children, and the children read better for it. Then the parents spoke "
            "up. Several work nights. Two more hours of sleep, they said, is what the program gave them, "
            "and it kept them in jobs they would have lost.</p><p>So the project now counts both: pages "
            "read, and shifts kept. Education and the economy turn out to be one subject, taught by trained "
            "youth workers between three thirty and six.</p>"
        ),
        quote="We teach reading. What a family does with a safe afternoon is up to them, and they do a lot.",
        quote_by="Imani Foster",
        quote_role="Youth program manager, Bright Harbor Youth Project (sample)",
        facts=(
            ("2 languages", "In the room on most afternoons (sample figure)"),
            ("46", "Children in the reading hour (sample figure)"),
        ),
        campaign="human-services-works",
        call="use-the-three-messages",
    ),
    StoryText(
        slug="how-to-speak-about-human-services",
        week=-9,
        kicker="Reframing",
        headline="Before we ask for support, we have to be understood",
        summary=(
            "Focus groups across Illinois found that few leaders knew what human services do. What they "
            "found became a campaign."
        ),
        body=(
            "<p>In 2012 Illinois Partners and a group of organizations asked people with influence what "
            "they knew about human services. They met business and civic leaders and philanthropists in "
            "focus groups across the state. The answer was sobering. Few had a clear picture of what the "
            "services bring a community, or of how one depends on another. People who do not see the "
            "connections cannot set priorities well.</p><p>At about the same time the National Human "
            "Services Assembly worked with the FrameWorks Institute on the same question, with funding from "
            "the Kresge Foundation. Their research showed that people may know what human services are and "
            "still doubt that they work. FrameWorks developed a core story in answer.</p><h2>What we took "
            "from it</h2><p>Lead with solutions. Show how services connect. Show what they return, and the "
            "skill of those who provide them. That is Human Services Works.</p>"
        ),
        source="Human Services Works, the concept of the campaign",
        consent_note="No private person is described.",
        facts=(
            ("2012", "The year the planning began"),
            ("3", "Messages that came out of it"),
        ),
        campaign="human-services-works",
        call="use-the-three-messages",
    ),
    StoryText(
        slug="eight-tables-one-sector",
        week=-10,
        kicker="Collective voice",
        headline="Eight tables where human services need a seat",
        summary=(
            "Budgets, paid leave, poverty, caregiving, jobs: the sector has a stake in each. We sit where "
            "it is decided."
        ),
        body=(
            "<p>No organization can follow every policy that touches its work. A coalition can. Illinois "
            "Partners represents the human services sector in eight coalitions and state bodies, from the "
            "Responsible Budget Coalition to the State of Illinois Health Improvement Plan "
            "Committee.</p><p>What partners tell us is what we bring to these tables: how a rule plays out "
            "in a small agency, what a late payment does, and which services have no voice yet. What we "
            "hear there comes back to partners in time to act on it.</p><p>A voice grows with the number "
            "and the variety of those behind it. Every partner that joins makes it harder to overlook.</p>"
        ),
        source="2024 Policy and Advocacy Agenda",
        consent_note="No private person is described.",
        facts=(
            ("8", "Coalitions and state bodies where we represent the sector"),
            ("4", "Pillars of our agenda"),
        ),
        campaign="fair-contracting",
        call="pay-for-services-delivered",
    ),
    StoryText(
        slug="who-answers-at-two-in-the-morning",
        week=1,
        kicker="Skilled work",
        headline="Who answers at two in the morning",
        summary=(
            "A hotline advocate in Joliet has four minutes to make a plan with a stranger. It takes years "
            "to learn how."
        ),
        agency="Lantern House Advocates",
        city="Joliet",
        body=(
            "<p>The phone rings at ten past two. Priya Raman lets it ring once more while she pulls her "
            "notes closer. Then she says her first name, and asks whether it is safe to "
            "talk.</p><p>Survivors know their situation best. An advocate's skill is to ask what they need "
            "to think it through: where the keys are, who else is in the house, whether a neighbor is "
            "awake. Within minutes there is a plan, and it belongs to the person who "
            "called.</p><p>Certified training, supervision and a team that shares the nights make this "
            "possible. So does funding that lasts longer than a year.</p>"
        ),
        quote="I do not rescue anyone. I help people hear their own plan.",
        quote_by="Priya Raman",
        quote_role="Hotline advocate, Lantern House Advocates (sample)",
        facts=(
            ("4 minutes", "That a first call often lasts (sample figure)"),
            ("24 hours", "A day the hotline is staffed (sample figure)"),
        ),
        campaign="fair-pay",
        call="call-for-equal-pay",
        status=Story.Status.SCHEDULED,
    ),
    StoryText(
        slug="the-clinic-a-farm-town-built",
        week=None,
        kicker="Return on investment",
        headline="The clinic a farm town built for itself",
        summary=(
            "Three towns in western Illinois pooled what they had. Now the nearest nurse is eight minutes "
            "away."
        ),
        agency="Crossroads Community Health Workers",
        city="Macomb",
        body=(
            "<p>The nearest clinic was fifty minutes off. So three towns pooled a storefront, a retired "
            "nurse and a small grant, and trained six neighbors as community health workers.</p><p>They "
            "check blood pressure, explain letters from insurers, and drive. What they cannot do, they know "
            "whom to ask for. Fewer appointments are missed, and the pharmacy delivers on Fridays again.</p>"
        ),
        quote="Nobody drives fifty minutes for a blood pressure check. Everybody walks to the old bank.",
        quote_by="Gary Lindqvist",
        quote_role="Community health worker, Crossroads Community Health Workers (sample)",
        facts=(
            ("6", "Neighbors trained as community health workers (sample figure)"),
            ("8 minutes", "To the nearest nurse (sample figure)"),
        ),
        campaign="human-services-works",
        call="name-a-colleague",
        status=Story.Status.DRAFT,
    ),
)
