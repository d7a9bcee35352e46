"""Sample budget years, and the coalition's own ask for the loan repayment program."""

from decimal import Decimal

from legislation.models import AppropriationAsk, AppropriationFigure, Bill, BudgetYear

SAMPLE = "Sample figure of this demonstration"
# Fiscal year, General Revenue Fund and human services in millions of dollars: round, invented.
YEARS = ((2023, 46_000, 7_400), (2024, 49_000, 8_100), (2025, 52_000, 8_900), (2026, 54_000, 9_300))
# Year, step, dollars, source.
LOAN_REPAYMENT = (
    (2024, "asked", 15_000_000, "2024 Policy and Advocacy Agenda"),
    (2025, "enacted", 5_250_000, "Strategic plan: FY25 appropriation"),
    (2026, "asked", 15_000_000, SAMPLE),
    (2026, "governor", 5_250_000, SAMPLE),
    (2026, "enacted", 6_000_000, SAMPLE),
    (2027, "asked", 15_000_000, SAMPLE),
)


def write_budget(bills: dict[str, Bill]) -> None:
    """Budget years with the FY23 baseline, and one appropriation ask with its figures."""
    BudgetYear.objects.bulk_create(
        BudgetYear(
            year=year,
            general_revenue_fund=Decimal(fund * 1_000_000),
            human_services=Decimal(part * 1_000_000),
            is_baseline=year == 2023,
            source=SAMPLE,
        )
        for year, fund, part in YEARS
    )
    ask = AppropriationAsk.objects.create(
        name="Human Services Professional Loan Repayment Program",
        slug="loan-repayment",
        purpose="$15 million would repay loans of 1,000 professionals who stay in community-based human services.",
        agency="Illinois Student Assistance Commission (ISAC)",
        credit_text="ICOY",
    )
    ask.bills.set(bill for identifier, bill in bills.items() if identifier == "HB3115")
    AppropriationFigure.objects.bulk_create(
        AppropriationFigure(ask=ask, year=year, step=step, amount=Decimal(amount), source=source)
        for year, step, amount, source in LOAN_REPAYMENT
    )
