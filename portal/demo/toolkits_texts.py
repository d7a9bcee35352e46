"""The words of the demonstration's toolkits. Names in braces are filled in for whoever takes them along."""

from typing import NamedTuple


class ItemText(NamedTuple):
    """One item: `finding` is a word of the claim that is drawn, `limit` a post's length."""

    kind: str
    title: str
    note: str
    text: str = ""
    limit: int | None = None
    finding: str = ""


class ToolkitText(NamedTuple):
    """One toolkit; `topic` is the short name and name of its topic, `report` a word of the report's title."""

    slug: str
    title: str
    summary: str
    body: str
    topic: tuple[str, str]
    items: tuple[ItemText, ...]
    audience: str = "public"
    bill: str = ""
    report: str = ""


LOANS = ToolkitText(
    slug="fund-loan-repayment",
    title="Fund loan repayment for 1,000 workers",
    summary="What you need to ask your legislators for $15 million, so that 1,000 professionals can stay in their work.",
    body=(
        "<p>Take ten minutes: copy the letter, call one office, share one post. "
        "Your own experience says more than our words, so change whatever you like.</p>"
    ),
    topic=("workforce-and-wages", "Workforce and wages"),
    bill="HB3115",
    items=(
        ItemText(
            "letter",
            "Letter to your State Representative",
            "Send it from your organization's own mailbox, and add one story from your work.",
            """Dear Representative {{ representative|[name] }},

{{ organization|Our organization }} works with people in {{ city|our community }}. Our staff are trained professionals, and \
many of them still pay for that training. Some leave work they do well because another job pays the loan faster.

Illinois has an answer: the Human Services Professional Loan Repayment Program, which both chambers passed without a vote \
against it. We ask you to support {{ bill|the appropriation }} and $15 million, enough for about 1,000 repayments.

A professional who stays is the surest way to shorter waiting lists in House District {{ house_district|[number] }}. \
I would be glad to show you our work.

Sincerely,
[your name]
{{ organization|[your organization] }}""",
        ),
        ItemText(
            "script",
            "Call to your State Senator",
            "Two minutes. Say your name and where you live first: offices count calls from their district.",
            """Call: {{ senator_phone|[number of the Springfield office] }}

Hello, my name is [your name]. I work at {{ organization|[your organization] }} in {{ city|[your city] }}, in Senate \
District {{ senate_district|[number] }}.

I call to ask Senator {{ senator|[name] }} to support $15 million for the Human Services Professional Loan Repayment Program.

With it, about 1,000 professionals in community-based human services can stay in their work.

May I tell the Senator's staff what this would mean here? [Tell it in two sentences.]

Thank you for passing this on.""",
        ),
        ItemText(
            "post",
            "Post about the people who stay",
            "Add a picture of your team if they agree to it.",
            """Student loans should not push skilled people out of human services. We at {{ organization|our organization }} ask \
Illinois to fund loan repayment: $15 million, about 1,000 professionals who stay.""",
            280,
        ),
        ItemText(
            "post",
            "Post to your legislator",
            "Name their account at the end.",
            """Thank you, Rep. {{ representative|[name] }}, for listening to human service workers in \
District {{ house_district|[number] }}. Please support loan repayment for those who stay. {{ bill }}""",
            280,
        ),
        ItemText(
            "points",
            "Talking points",
            "For a meeting of a quarter of an hour. Two points are enough.",
            """- The law is there: PA 102-1089 passed without a vote against it. What it needs is money.

- $15 million repays loans of about 1,000 professionals. For FY25 the state set aside $5.25 million.

- Vacancies cost more than repayment: every departure means months of hiring and training.

- {{ partners_in_district|Many }} partners of the coalition work in this district.

- {{ local_finding|Ask us for a fact about this community. }}""",
        ),
        ItemText(
            "slides",
            "Slides for your board or team",
            "Four slides; speak freely to them.",
            """People stay where they can
{{ organization|Our organization }}, {{ city|Illinois }}
---
What happens today
- Skilled colleagues leave to pay back what their training cost
- Each vacancy means waiting lists
---
What the state can do
- Human Services Professional Loan Repayment Program, PA 102-1089
- $15 million: about 1,000 repayments
---
What we do this week
- One letter to Representative {{ representative|[name] }}
- One call to Senator {{ senator|[name] }}""",
        ),
        ItemText("graphic", "Graphic to share", "Wide for links, square for feeds.", finding="repay"),
    ),
)

COST = ToolkitText(
    slug="pay-the-true-cost",
    title="Pay the true cost of services",
    summary="Explain in your town why rates must cover what a service costs: a letter to the editor, a script and slides.",
    body="<p>Local papers print letters of 200 words or less. Send it to one paper only, with your phone number.</p>",
    topic=("rates", "Rates and contracts"),
    report="cost",
    items=(
        ItemText(
            "letter",
            "Letter to the editor",
            "Keep it under 200 words.",
            """To the editor:

When somebody in {{ city|our community }} needs care for a parent or a safe place for a child, a human service organization is \
there. The state buys these services, and it pays less than they cost.

{{ organization|Our organization }} makes up the difference with vacancies and fundraising. That is like building a house \
and leaving out a beam: it stands for a while.

Rates that cover the full cost are sound planning. I hope our legislators, \
{{ representative|our State Representative }} and {{ senator|our State Senator }}, will see to it.

[your name]
{{ organization|[your organization] }}, {{ city|[your city] }}""",
        ),
        ItemText(
            "points",
            "Answers to common questions",
            "For town halls and phone-ins.",
            """Why not just raise more money?
Donations pay for what is new. They cannot carry a contract year after year.

Is this about higher salaries?
It is about work that is paid by what it takes: training, supervision, travel, a roof.

Where do these figures come from?
{{ report|Our report }}: {{ report_link|on our website }}""",
        ),
        ItemText(
            "script",
            "Call to a budget committee's office",
            "Call in the morning; leave a message if nobody answers.",
            """Hello, I am [your name] of {{ organization|[your organization] }}.

I ask that the budget pays providers what services cost, and pays on time.

May I send you our numbers? Which address is best?""",
        ),
        ItemText(
            "post",
            "Post with the graphic",
            "Attach the square graphic.",
            "A service that is paid below its cost is a beam left out of the house. Rates should cover the full cost of care.",
            280,
        ),
        ItemText("graphic", "Graphic to share", "Wide for links, square for feeds.", finding="cost"),
        ItemText(
            "slides",
            "Slides for a town hall",
            "Three slides.",
            """What care really costs
{{ organization|Our organization }}
---
What a rate leaves out
- Training and supervision
- Travel between homes
- The time until the state pays
---
What we ask
- Rates that cover the full cost
- Contracts signed and paid on time""",
        ),
    ),
)

MEETING = ToolkitText(
    slug="meet-your-legislator",
    title="Meet your legislator at home",
    summary="From the first letter to the thank-you note: everything for a visit in your district.",
    body="<p>Legislators are in their districts on Fridays and in summer. Ask three weeks ahead, and bring one person who uses your services if they like to come.</p>",
    topic=("advocacy", "Advocacy"),
    audience="partners",
    items=(
        ItemText(
            "letter",
            "Letter that asks for a meeting",
            "Send it to the district office.",
            """Dear Representative {{ representative|[name] }},

I write for {{ organization|[your organization] }} in {{ city|[your city] }}. We would like to meet you in the district for \
half an hour and show you what your constituents rely on.

Would a Friday in the next four weeks suit you? We come to your office, or you visit us.

Sincerely,
[your name], [phone]""",
        ),
        ItemText(
            "points",
            "Plan for half an hour",
            "Decide beforehand who says what.",
            """- 5 minutes: who we are. {{ organization|[Your organization] }} and what it does in House District \
{{ house_district|[number] }}.

- 10 minutes: one person, one story.

- 5 minutes: one number. {{ local_finding|[a number from your own work] }}

- 5 minutes: the ask. One ask, said twice.

- 5 minutes: their questions. Promise an answer instead of guessing.""",
        ),
        ItemText(
            "script",
            "Call when nobody answered",
            "A week after the letter.",
            """Call: {{ representative_phone|[number of the office] }}

Hello, this is [your name] of {{ organization|[your organization] }}. I wrote last week to ask for a meeting. \
Who keeps the Representative's calendar in the district?""",
        ),
        ItemText(
            "letter",
            "Thank-you note",
            "Within two days.",
            """Dear Representative {{ representative|[name] }},

Thank you for your time and your questions. Here is what I promised to send: [link or answer].

{{ organization|[Your organization] }} and {{ partners_in_district|other }} partners of the coalition in your district are \
glad to help whenever you need a fact.

Sincerely,
[your name]""",
        ),
        ItemText(
            "post",
            "Post after the visit",
            "Ask the office before you post a picture.",
            "Good talk with Rep. {{ representative|[name] }} about human services in {{ city|our community }}. Thank you for coming!",
            280,
        ),
    ),
)

EMPLOYERS = ToolkitText(
    slug="loan-repayment-for-employers",
    title="Loan repayment: for employers",
    summary="Tell your staff about the program, and write the letter that confirms their employment.",
    body=(
        "<p>Your people can only apply when you confirm that they work for you. The agency says in which form it wants "
        "that; the letter here helps where it asks for one in your own words.</p>"
    ),
    topic=("workforce-and-wages", "Workforce and wages"),
    items=(
        ItemText(
            "letter",
            "Letter that confirms employment",
            "On your letterhead, signed by somebody who keeps the personnel records.",
            """[date]

To: Illinois Student Assistance Commission

{{ organization|[name of the organization] }}, {{ city|[city] }}, {{ county|[county] }} County, confirms:

[name of the employee] has worked for us full time as [job title] since [day], without interruption.

In this time our organization had a contract with, or a grant from, [state agency] to provide human services \
(number [contract or grant number]).

Somebody at [phone] can answer questions about this letter.

[name and title]
[signature]""",
        ),
        ItemText(
            "letter",
            "Message to your staff",
            "By e-mail, and on the board where people take their breaks.",
            """Do you still pay for your studies?

Illinois repays a part of the student loans of professionals who stay in community-based human services. \
{{ organization|We }} would like you to know about it.

Check in two minutes whether you may apply; nobody keeps your answers. If you apply, tell [name] in our office, so that \
we can confirm your employment quickly.

You do not have to tell us anything about your loans.""",
        ),
        ItemText(
            "points",
            "Questions your staff will ask",
            "For a team meeting.",
            """Does my supervisor learn about my loans?
No. You apply by yourself. We only confirm that you work here.

What if I leave?
The program expects that you stay for twelve months after the grant. Ask the agency what happens otherwise.

Is it taxed?
We do not know your situation. Ask the agency or somebody who does your taxes.""",
        ),
        ItemText(
            "script",
            "Call to the agency",
            "When a confirmation hangs.",
            """Hello, I am [your name] of {{ organization|[your organization] }}. We confirm employment for the Human Services \
Professional Loan Repayment Program.

I would like to know whether our confirmation has arrived, and whether anything is missing.

Who may I write to about this?""",
        ),
        ItemText(
            "post",
            "Post for job seekers",
            "With the link to your openings.",
            "Work with us at {{ organization|our organization }}: Illinois repays student loans of professionals who stay in human services. Ask us how.",
            280,
        ),
    ),
)

TOOLKITS = (LOANS, COST, MEETING, EMPLOYERS)
