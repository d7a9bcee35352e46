"""The fields of human services in which partners work: short name, name, what it covers; by name."""

SUB_SECTORS: tuple[tuple[str, str, str], ...] = (
    (
        "aging",
        "Aging and home care",
        "Home care, meals, day programs and caregiver support for older adults.",
    ),
    (
        "behavioral-health",
        "Behavioral health",
        "Counseling, crisis response and long-term mental health care.",
    ),
    ("child-welfare", "Child welfare", "Foster care, adoption, and keeping families safely together."),
    (
        "community-development",
        "Community development",
        "Neighborhood organizing, financial coaching and local economic growth.",
    ),
    (
        "disability",
        "Disability services",
        "Homes, work, and daily support that people with disabilities direct themselves.",
    ),
    (
        "domestic-sexual-violence",
        "Domestic and sexual violence services",
        "Safe housing, hotlines, counseling and advocacy for survivors.",
    ),
    (
        "early-childhood",
        "Early childhood",
        "Child care, preschool and home visits for families with young children.",
    ),
    ("employment", "Employment and training", "Job training, placement and coaching on the job."),
    (
        "family-support",
        "Family support",
        "Parent education, kinship care and help at turning points in family life.",
    ),
    ("food", "Food and nutrition", "Food pantries, community kitchens and nutrition education."),
    ("health-access", "Health care access", "Community clinics, health workers and help with coverage."),
    (
        "housing",
        "Housing and homelessness",
        "Shelter, supportive housing and help to keep or find a home.",
    ),
    (
        "immigrant-refugee",
        "Immigrant and refugee services",
        "Welcome, language classes, legal help and a first job.",
    ),
    (
        "justice-reentry",
        "Justice and reentry",
        "Alternatives to incarceration and a steady start after it.",
    ),
    (
        "substance-use",
        "Substance use treatment and recovery",
        "Prevention, treatment, recovery homes and peer support.",
    ),
    ("youth", "Youth development", "After-school programs, mentoring and paths to work and college."),
)
