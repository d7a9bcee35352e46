"""The demonstration's toolkits and rules hold to what staff are held to."""

import pytest

from portal.demo.loan_repayment_texts import REPORTS, RULES
from portal.demo.toolkits_texts import TOOLKITS
from research.indicators.loan_repayment import publishable
from research.models import EligibilityAnswer, ProgramReport, ToolkitItem
from research.toolkit_fields import check_text, fill_text


@pytest.mark.parametrize("toolkit", TOOLKITS, ids=lambda toolkit: toolkit.slug)
def test_every_text_is_one_that_staff_could_save(toolkit):
    assert 5 <= len(toolkit.items) <= 7
    for item in toolkit.items:
        assert item.kind in ToolkitItem.Kind.values
        assert item.text or item.finding
        check_text(item.text)
        if item.limit:
            assert (
                len(fill_text(item.text, {"organization": "Prairie Path Community Services"})) <= item.limit
            )


def test_each_rule_can_be_met_and_failed_and_each_year_has_something_to_show():
    for rule in RULES:
        meanings = {meaning for _words, meaning, _explanation in rule.answers}
        assert {"meets", "fails"} <= meanings <= set(EligibilityAnswer.Meaning.values)
    for year in (2024, 2025, 2026):
        rows = [ProgramReport(applicants=row[2], awards=row[3]) for row in REPORTS if row[0] == year]
        assert publishable(rows)[-1] is rows[-1]
