"""The loan repayment program's reports and rules for tests."""

from datetime import date

import factory

from research.models import EligibilityAnswer, EligibilityCriterion, LoanProgram, ProgramReport


class LoanProgramFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LoanProgram

    id = 1
    name = "Sample Loan Repayment"
    summary = "Loans are repaid."
    agency_name = "Sample Agency"
    agency_url = "https://agency.example/"
    law = "PA 102-1089"


class ProgramReportFactory(factory.django.DjangoModelFactory):
    """A report of FY25 at its end."""

    class Meta:
        model = ProgramReport

    year = 2025
    as_of = date(2025, 6, 30)
    applicants = 1000
    awards = 400
    dollars = 3_000_000
    source = "Sample Agency, annual report"


class EligibilityCriterionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EligibilityCriterion

    question = factory.Sequence(lambda number: f"Do you meet rule {number}?")
    rule = factory.Sequence(lambda number: f"Rule {number} is met.")
    source = "110 ILCS 997/30"
    order = factory.Sequence(lambda number: number)


def criterion(**fields: object) -> EligibilityCriterion:
    """A question with the answers yes, no and unsure."""
    made = EligibilityCriterionFactory(**fields)
    answers = (
        ("Yes", "meets", ""),
        ("No", "fails", "Sorry about rule."),
        ("Not sure", "unsure", "Ask them."),
    )
    for order, (words, meaning, explanation) in enumerate(answers):
        EligibilityAnswer.objects.create(
            criterion=made, words=words, meaning=meaning, explanation=explanation, order=order
        )
    return made
