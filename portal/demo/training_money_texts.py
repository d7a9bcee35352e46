"""The demonstration's facilitators, sponsors and scholarship funds. Everybody here is invented."""

# Name, in one line, their own words, fee for an hour, what they told about themselves, whether they are shown.
FACILITATORS = (
    (
        "Imani Brooks",
        "Trainer, former youth counselor",
        "<p>I spent ten years on night shifts in a group home before I taught anybody anything. I grew up Black on the "
        "West Side, in two foster families. I teach what would have helped my own counselors.</p>",
        95,
        {"races": ["black"], "ability": "no_disability"},
        True,
    ),
    (
        "Rosa Delgado-Ruiz",
        "Facilitator and interpreter",
        "<p>Soy hija de trabajadores del campo. I interpreted for my parents at every office when I was eight, and I "
        "still notice who gets to speak in a room. I teach in Spanish and in English.</p>",
        95,
        {"races": ["latino"], "ability": "no_disability"},
        True,
    ),
    (
        "Wen Chao",
        "Budget analyst turned teacher",
        "<p>I read state budgets for a living for twelve years. My hearing is poor, so you will see my slides captioned "
        "and hear me ask you to say it again. Numbers get friendlier when we read them aloud together.</p>",
        90,
        {"races": ["asian"], "ability": "disability"},
        True,
    ),
    (
        "Tomasz Lewandowski",
        "Organizer and wheelchair user",
        "<p>I became an organizer when the only elevator at my clinic broke for a year. I teach how to plan a meeting "
        "that nobody has to leave early.</p>",
        90,
        {"races": ["white"], "ability": "disability"},
        True,
    ),
    (
        "Leila Haddad",
        "Director of a family center",
        "<p>I came to Illinois from Homs at nineteen and started as a volunteer at the center that I lead today. "
        "I teach new directors what nobody wrote down for me.</p>",
        100,
        {"races": ["mena"], "self_description": "Syrian American"},
        True,
    ),
    ("Jordan Whitefeather", "Trainer", "", 90, {"declined": True}, False),
)

# Name, website, who they are, what they gave, for which course (empty: all trainings).
SPONSORS = (
    (
        "Lakeshore Family Foundation",
        "https://lakeshorefamily.example/",
        "A family's foundation for learning at work.",
        12000,
        "",
    ),
    (
        "Prairie Mutual Bank",
        "https://prairiemutual.example/",
        "A bank that its members own.",
        4000,
        "new-executive-directors",
    ),
)

# Name, given by, for whom, amount, years before this fiscal year.
FUNDS = (
    (
        "Open Door Fund",
        "Lakeshore Family Foundation",
        "Everybody for whom the fee is in the way, first of all people who work with clients every day.",
        6000,
        0,
    ),
    (
        "Small Towns Fund",
        "Gifts of partner organizations",
        "People who work outside of the cities, where a training means a day of driving.",
        2500,
        0,
    ),
    (
        "Open Door Fund, last year",
        "Lakeshore Family Foundation",
        "Everybody for whom the fee was in the way.",
        5000,
        1,
    ),
    (
        "Learning Fund",
        "Gifts of partner organizations",
        "Everybody for whom the fee was in the way.",
        5000,
        2,
    ),
)

REASONS = (
    "",
    "",
    "Our training money for this year went into the new intake staff.",
    "I pay for trainings myself and just came back from parental leave.",
    "We are four people and lost a grant in the fall.",
    "",
)
DECLINED = "This season's fund is spent. Please take the Community step of the fees: it costs nothing, and it is meant for you."
