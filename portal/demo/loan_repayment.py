"""The loan repayment program: its words, rules that are marked as samples, and invented reports of FY24 to FY26."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from legislation.models import AppropriationAsk, Bill
from partners.models import User
from portal.demo.loan_repayment_texts import PROGRAM, REPORTS, RULES, SAMPLE
from research.models import EligibilityAnswer, EligibilityCriterion, LoanProgram, ProgramReport, Toolkit


def write_loan_repayment(*, staff: User, now: datetime) -> None:
    """All of it. After the toolkits and the budget, whose figures are the program's appropriations."""
    today = timezone.localdate(now)
    LoanProgram.objects.create(
        pk=1,
        **PROGRAM,
        ask=AppropriationAsk.objects.filter(slug="loan-repayment").first(),
        bill=Bill.objects.filter(identifier="SB3925").first(),
        toolkit=Toolkit.objects.filter(slug="loan-repayment-for-employers").first(),
        rules_checked_on=today,
    )
    _write_rules()
    reports = [
        ProgramReport(
            year=year,
            as_of=date(year if month < 7 else year - 1, month, day),
            applicants=applicants,
            awards=awards,
            dollars=Decimal(dollars),
            source=SAMPLE,
            note=note,
            entered_by=staff,
        )
        for year, (month, day), applicants, awards, dollars, note in REPORTS
    ]
    bulk_create_with_history([report for report in reports if report.as_of <= today], ProgramReport)


def _write_rules() -> None:
    criteria = bulk_create_with_history(
        [
            EligibilityCriterion(
                question=text.question,
                hint=text.hint,
                rule=text.rule,
                source=text.source,
                source_url=text.url,
                is_sample=True,
                order=order,
            )
            for order, text in enumerate(RULES, start=1)
        ],
        EligibilityCriterion,
    )
    EligibilityAnswer.objects.bulk_create(
        EligibilityAnswer(
            criterion=criterion, words=words, meaning=meaning, explanation=explanation, order=order
        )
        for criterion, text in zip(criteria, RULES, strict=True)
        for order, (words, meaning, explanation) in enumerate(text.answers, start=1)
    )
