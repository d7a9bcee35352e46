"""The words about the loan repayment program: its rules as the law has them, and a guide for employers.

The rules are those of PA 102-1089 (110 ILCS 997) in our own words. They are marked as samples, because only the agency says
what holds today. The reports' numbers are invented.
"""

from typing import NamedTuple

SAMPLE = "Sample figure of this demonstration"
LAW_URL = "https://www.ilga.gov/legislation/ilcs/ilcs3.asp?ActID=4330&ChapterID=18"
AGENCY_URL = "https://www.isac.org/students/after-college/forgiveness-programs/human-services-LRP.html"

PROGRAM = {
    "name": "Human Services Professional Loan Repayment Program",
    "summary": "The state repays a part of the student loans of professionals who stay in community-based human services.",
    "body": (
        "<p>Illinois made the program a law with SB 3925 (PA 102-1089), which passed both chambers unanimously. It helps "
        "organizations to find and keep trained people, whose loans often weigh more than their pay can carry.</p>"
        "<p>The law alone pays nothing: each year the General Assembly decides how much money there is. Our first ask was "
        "$15 million for 1,000 repayments. For FY25 the state set aside $5.25 million, and we work with the agency so that "
        "all of it reaches the people it is meant for.</p>"
    ),
    "agency_name": "Illinois Student Assistance Commission (ISAC)",
    "agency_url": AGENCY_URL,
    "law": "PA 102-1089 (110 ILCS 997)",
    "employer_guide": (
        "<h2>What the agency needs from you</h2>"
        "<p>People apply by themselves. ISAC then asks their employer to confirm that they work full time as human services "
        "professionals, since when, and that the organization is funded by a state agency.</p>"
        "<h2>Step by step</h2><ol>"
        "<li>Choose one person who keeps the personnel records and answers ISAC. Name a second one for vacations.</li>"
        "<li>Look for mail from ISAC: it writes to organizations when one of their people applied. Check the spam folder.</li>"
        "<li>Compare what the applicant said with your records: full time, at least 24 months without a gap, the job title.</li>"
        "<li>Have the number of a contract or grant ready that you had with a state agency in these months.</li>"
        "<li>Confirm in the way ISAC asks for. Keep a copy.</li>"
        "<li>Tell the applicant the day you did it, and nothing else: their loans are not your business.</li></ol>"
        "<h2>Whose word counts</h2><p>This guide is ours, a sample to check with ISAC. Its rules may change from year to year.</p>"
    ),
    "employer_checklist": """One person answers ISAC, a second one stands in
Mail from ISAC arrives and is not filtered out
First day of work and hours of the applicant looked up
24 months in a row, full time, confirmed by the records
Job title and what the person does
Contract or grant with a state agency: name and number
Confirmed in the form ISAC asks for, copy kept
Applicant told the day
Follow-up in four weeks if ISAC has not answered""",
}


class RuleText(NamedTuple):
    """A rule as a question; each answer with its meaning and what to know about it."""

    question: str
    hint: str
    rule: str
    source: str
    url: str
    answers: tuple[tuple[str, str, str], ...]


RULES = (
    RuleText(
        "Do you live in Illinois?",
        "",
        "Whoever applies lives in Illinois.",
        "110 ILCS 997/30(a)(1)",
        LAW_URL,
        (("Yes", "meets", ""), ("No", "fails", "Your home must be in Illinois when you apply.")),
    ),
    RuleText(
        "Are you a citizen of the United States, or a noncitizen whom the program accepts?",
        "Whoever may get federal student aid is usually accepted.",
        "Applicants are citizens or eligible noncitizens.",
        "The program's page at ISAC",
        AGENCY_URL,
        (
            ("Yes", "meets", ""),
            ("No", "fails", "The program's page names who is accepted."),
            ("I am not sure", "unsure", "ISAC can tell you which papers count."),
        ),
    ),
    RuleText(
        "Do you work full time in human services?",
        "Direct work with people counts, and work that makes it possible.",
        "Applicants are full-time employees of a community-based human services agency.",
        "110 ILCS 997/30(a)(2)",
        LAW_URL,
        (
            ("Yes, full time", "meets", ""),
            ("Part time", "fails", "The law asks for full-time work."),
            (
                "I am not sure what counts as full time",
                "unsure",
                "Ask ISAC how many hours it counts as full time.",
            ),
        ),
    ),
    RuleText(
        "Have you done so for at least 24 months in a row?",
        "With the employer you have now.",
        "Applicants have worked full time for 24 consecutive months.",
        "110 ILCS 997/30(a)(2)",
        LAW_URL,
        (
            ("Yes, 24 months or longer", "meets", ""),
            ("Less than 24 months", "fails", "You can apply as soon as you have 24 months."),
            (
                "There was a break in between",
                "unsure",
                "Ask ISAC whether your leave interrupts the 24 months.",
            ),
        ),
    ),
    RuleText(
        "Did your employer have a contract with, or money from, a state agency in that time?",
        "Human Services, Children and Family Services, Juvenile Justice, Aging, or Public Health. Your office knows.",
        "The employer is funded by one of the state agencies that the law names.",
        "110 ILCS 997/10 and 30(a)(2)",
        LAW_URL,
        (
            ("Yes", "meets", ""),
            ("No", "fails", "The program is for people of organizations that the state funds."),
            ("I do not know", "unsure", "Ask your employer; our guide tells them what to look up."),
        ),
    ),
    RuleText(
        "Do you still owe money on a student loan?",
        "A loan for your own education, from a government or another lender.",
        "Applicants have a balance left on an educational loan.",
        "110 ILCS 997/30(a)(3)",
        LAW_URL,
        (
            ("Yes", "meets", ""),
            ("No", "fails", "There is nothing to repay."),
            ("Only on a loan for somebody else's education", "unsure", "Ask ISAC which loans count."),
        ),
    ),
    RuleText(
        "Is one of your student loans in default?",
        "That means: not paid for so long that the lender ended the contract.",
        "Applicants have not defaulted on an educational loan.",
        "110 ILCS 997/30(a)(4)",
        LAW_URL,
        (
            ("No", "meets", ""),
            ("Yes", "fails", "Your lender can tell you how to bring a loan out of default."),
            ("I am not sure", "unsure", "Your lender or studentaid.gov tells you how your loans stand."),
        ),
    ),
    RuleText(
        "Will you stay with this employer for a year after the grant?",
        "Full time, for at least twelve months.",
        "Whoever gets a grant stays full time with the same agency for at least 12 months.",
        "110 ILCS 997/30(a)(5)",
        LAW_URL,
        (
            ("Yes", "meets", ""),
            ("No", "fails", "The grant is meant for those who stay."),
            ("I am not sure", "unsure", "Ask ISAC what happens if you have to leave earlier."),
        ),
    ),
)

# Fiscal year, as of (month and day in that fiscal year), applicants, awards, dollars, note.
REPORTS = (
    (2024, (3, 31), 58, 6, 30_000, "First applications"),
    (2024, (6, 30), 214, 62, 248_000, ""),
    (2025, (12, 31), 431, 0, 0, "Applications open"),
    (2025, (3, 31), 1_012, 233, 1_747_500, ""),
    (2025, (6, 30), 1_587, 668, 5_010_000, "Last payments follow in summer"),
    (2026, (12, 31), 522, 0, 0, ""),
    (2026, (3, 31), 1_204, 318, 2_480_400, ""),
    (2026, (6, 30), 1_731, 742, 5_713_400, ""),
)
