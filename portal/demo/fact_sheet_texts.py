"""Fact sheets that staff wrote, for the demonstration: facts of the coalition's own agenda, in short parts."""

# Kind, bill or None, priority's name, title, slug, summary, body, ask.
WRITTEN = (
    (
        "priority",
        None,
        "Human Services Professional Loan Repayment",
        "Repay the loans of those who stay",
        "loan-repayment",
        "The Human Services Professional Loan Repayment Program pays back student loans of people who work in "
        "community-based human services and stay.",
        "<h2>Why it matters</h2><p>People who train for human services often carry student loans that their wages "
        "cannot carry. They leave for better paid work, and those they serve start over with somebody new.</p>"
        "<h2>What the program does</h2><ul><li>It pays toward the <strong>student loans</strong> of professionals "
        "who work in community-based human services.</li><li>It is meant for those who <strong>stay</strong>."
        "</li><li>It is run by the Illinois Student Assistance Commission (ISAC).</li></ul>"
        "<h2>Where it stands</h2><p>For FY25 the General Assembly appropriated <strong>$5.25 million</strong>. The "
        "2024 Policy and Advocacy Agenda asked for <strong>$15 million</strong>, which would repay loans of 1,000 "
        "professionals.</p>",
        "Appropriate $15 million for the Human Services Professional Loan Repayment Program.",
    ),
    (
        "bill",
        "HB3115",
        "",
        "Why this bill matters to human services",
        "bill-hb3115",
        "Sample data of this demonstration: what the bill would change for partners and for those they serve.",
        "<h2>What it changes</h2><p>This sheet shows how the coalition explains a bill on one page. Its words are "
        "sample data; the bill’s number, stage and sponsors come from the imported records and stay up to date.</p>"
        "<h2>What to say</h2><ol><li>Say where you work and whom you serve.</li><li>Say what happens when a position "
        "stays empty.</li><li>Ask for a vote, and for the reason if it is no.</li></ol>",
        "Sample ask of this demonstration: vote for the bill in committee and on the floor.",
    ),
    (
        "general",
        None,
        "",
        "Human services are what holds a community together",
        "human-services",
        "What human services are, who provides them in Illinois, and what keeps them standing.",
        "<h2>What they are</h2><p>Child welfare, behavioral health, services for older adults and for people with "
        "disabilities, housing, food, safety at home: the services that people turn to when life gets hard.</p>"
        "<h2>Who provides them</h2><p>Mostly community organizations, many of them small, under contracts with the "
        "state. Each is somebody’s employer, and for some people the only door that is open.</p>"
        "<h2>What they need</h2><ul><li><strong>Rates</strong> that pay what a service costs.</li><li><strong>"
        "Workers</strong> who can afford to stay.</li><li><strong>Time</strong> with people instead of with "
        "forms.</li></ul>",
        "Fund human services at what they cost, and ask those who provide them before rules change.",
    ),
)
