"""Fields of policy by which bills are found: the words that mark each, as in a web search."""

# name, short name, words
SUBJECTS: tuple[tuple[str, str, str], ...] = (
    (
        "Human services funding",
        "human-services-funding",
        '"human services" appropriates or "human service" provider or "loan repayment" or "community-based" rates or "grant accountability"',
    ),
    (
        "Workforce and pay",
        "workforce",
        '"direct support" or "home care" wages or "living wage" or "minimum wage" or "pay equity" or "equitable pay" or "loan repayment" or workforce',
    ),
    (
        "Children and families",
        "children-and-families",
        '"child welfare" or "foster care" or "children and family services" or adoption or "early intervention" or "child care"',
    ),
    (
        "Aging",
        "aging",
        '"on aging" or "community care program" or "older adults" or "senior citizens" or "nursing home" or "home-delivered meals"',
    ),
    (
        "Behavioral health",
        "behavioral-health",
        '"mental health" or "behavioral health" or "substance use" or opioid or 988 or "overdose"',
    ),
    (
        "Disability",
        "disability",
        '"developmental disabilities" or "intellectual disabilities" or "disability" or "independent living" or "home and community-based"',
    ),
    (
        "Housing and homelessness",
        "housing",
        'homeless or homelessness or eviction or "affordable housing" or "rental assistance" or "supportive housing"',
    ),
    (
        "Income and food",
        "income-and-food",
        '"public aid" or TANF or SNAP or "temporary assistance" or "food pantries" or "child tax credit" or poverty',
    ),
    (
        "Violence and safety",
        "violence-and-safety",
        '"domestic violence" or "sexual assault" or "human trafficking" or "violence prevention" or "victims economic security"',
    ),
    (
        "Immigration and language",
        "immigration",
        'immigrants or immigration or refugee or interpreter or "limited english"',
    ),
    (
        "Contracts and grants",
        "contracts-and-grants",
        'nonprofit or "not-for-profit" grants or "prompt payment" or grantees or "advance payment"',
    ),
    ("Education", "education", '"school code" or "school districts" or "higher education" or students'),
)
