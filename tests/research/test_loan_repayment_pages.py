"""The loan repayment program for readers: the tracker, the checker that keeps nothing, the guide for employers."""

import csv
import logging
import re
from datetime import date
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from legislation.models import AppropriationAsk, AppropriationFigure
from research.loan_repayment_pages import current_program
from tests.factories.partners import CoalitionFactory, StaffFactory
from tests.factories.research_loan_repayment import LoanProgramFactory, ProgramReportFactory, criterion
from tests.factories.research_toolkit import ToolkitFactory, ToolkitItemFactory
from tests.meetings.reading import content
from tests.research.redis_words import words_in_redis

pytestmark = pytest.mark.django_db
TRACKER, CHECK = "/research/loan-repayment/", "/research/loan-repayment/check/"


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


def hidden(response) -> dict[str, str]:
    """The hidden fields of the page's form, by name."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', response.content.decode())
    return dict(found)


def answered(question, words: str) -> dict[str, str]:
    """What the form sends for an answer."""
    return {f"answer-{question.pk}": str(question.answers.get(words=words).pk)}


def test_the_tracker_shows_money_against_the_appropriation_with_its_table_and_csv(client):
    ask = AppropriationAsk.objects.create(name="Loans", slug="loans", purpose="Loans")
    AppropriationFigure.objects.create(ask=ask, year=2025, step="enacted", amount=5_250_000, source="Budget")
    LoanProgramFactory(ask=ask)
    ProgramReportFactory(as_of=date(2025, 1, 31), applicants=30, awards=5, dollars=25_000)
    ProgramReportFactory(dollars=2_625_000, source_url="https://agency.example/report/")
    page = content(client.get(TRACKER))
    assert "50% of the $5,250,000 appropriated" in page
    assert "$2,625,000" in page
    assert "https://agency.example/report/" in page
    assert "fewer than ten people" in page
    assert "$25,000" not in page
    rows = list(csv.reader(StringIO(b"".join(client.get(f"{TRACKER}program.csv")).decode("utf-8-sig"))))
    assert [row[:6] for row in rows[1:2]] == [["FY25", "FY25", "2025-06-30", "1000", "400", "2625000.00"]]
    assert [row[0] for row in rows[2:]] == ["definition", "withheld"]


def test_every_page_stands_on_an_empty_portal(client):
    assert "No report yet" in content(client.get(TRACKER))
    checker, employers = content(client.get(CHECK)), content(client.get(f"{TRACKER}employers/"))
    assert "No questions are published" in checker
    assert "No guide is published" in employers
    for page in (checker, employers):
        assert '<meta name="robots" content="noindex">' in page
        assert current_program().agency_url in page
    # Nothing leads to what is empty.
    assert CHECK not in employers
    for address in (CHECK, f"{TRACKER}employers/"):
        assert address not in content(client.get(TRACKER))


def test_pages_with_something_to_say_are_found_and_linked(client):
    criterion()
    LoanProgramFactory(employer_checklist="Copy kept")
    employers = content(client.get(f"{TRACKER}employers/"))
    assert CHECK in employers
    assert "noindex" not in employers
    assert f"{TRACKER}employers/" in content(client.get(TRACKER))


def test_one_question_a_page_with_answers_in_the_form_alone(client):
    first, second = criterion(question="Do you live here?"), criterion(question="Do you work here?")
    page = client.get(CHECK)
    assert "Question 1 of 2" in content(page)
    assert not hidden(page).keys() - {"at"}
    page = client.post(CHECK, hidden(page) | answered(first, "Yes"))
    assert "Do you work here?" in content(page)
    assert hidden(page) == answered(first, "Yes") | {"at": "2"}
    # Nothing chosen: the question stays, with words at its field.
    refused = content(client.post(CHECK, hidden(page)))
    assert "<title>Error: " in refused
    assert "Choose an answer" in refused
    # Back, with what was answered.
    back = client.post(CHECK, hidden(page) | {"go": "1"})
    assert "Question 1 of 2" in content(back)
    given = answered(first, "Yes").popitem()[1]
    assert re.search(rf'value="{given}"[^>]*checked', back.content.decode())
    done = client.post(CHECK, hidden(page) | answered(second, "Yes"))
    assert "You are likely eligible" in content(done)
    assert "no legal advice" in content(done)
    # From the result back to a question, and on from there with the other answers kept.
    again = client.post(CHECK, hidden(done) | {"go": "2"})
    changed = client.post(CHECK, hidden(again) | answered(second, "No"))
    assert "You are likely not eligible today" in content(changed)
    assert "Sorry about rule." in content(changed)


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        (("Yes", "Yes"), "likely"),
        (("Yes", "Not sure"), "ask"),
        (("No", "Not sure"), "unlikely"),
    ],
)
def test_what_answers_come_to(client, words, verdict):
    questions = criterion(), criterion(is_sample=True)
    posted = {}
    for question, word in zip(questions, words, strict=True):
        posted |= answered(question, word)
    result = client.post(CHECK, posted)
    assert result.context["check"].verdict == verdict
    assert "samples" in content(result)


def test_answers_that_are_none_and_questions_not_asked_count_for_nothing(client):
    asked = criterion()
    criterion(is_asked=False, question="Secret?")
    other = answered(criterion(), "Yes").popitem()[1]
    for value in (other, "999999999", "x", "-1"):
        page = client.post(CHECK, {f"answer-{asked.pk}": value, "at": "1", "go": "7000"})
        assert "Question 1 of 2" in content(page)
    assert "Secret?" not in content(client.get(CHECK))


def test_the_checker_keeps_nothing_anywhere(caplog, capfd, settings):
    settings.PAGE_CACHE_SECONDS = 60
    settings.DEBUG = False
    first, second = criterion(question="Is your loan in default?"), criterion()
    posted = answered(first, "Yes") | answered(second, "No")
    marks = [f"answer-{first.pk}", f"answer-{second.pk}"]
    client = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as queries:
        start = client.get(CHECK)
        pages = [
            client.post(CHECK, data) for data in (answered(first, "Yes") | {"at": "1"}, posted, {"at": "1"})
        ]
    for page in (start, *pages):
        assert page.status_code == 200
        assert "no-store" in page["Cache-Control"]
        assert not page.cookies
        # What travels, travels in the form: no address of ours holds an answer, and none sends by GET.
        assert 'method="post"' in page.content.decode()
        assert "/check/?" not in page.content.decode()
    assert not client.cookies
    statements = [query["sql"].split()[0] for query in queries]
    assert set(statements) == {"SELECT"}
    # The tracker is stored, and found where an answer would be.
    client.get(TRACKER)
    stored = words_in_redis()
    assert [value for value in stored if value.endswith(f"{TRACKER}?".encode())]
    assert [value for value in stored if b"No report yet" in value]
    assert not [value for value in stored if CHECK.encode() + b"?" in value]
    assert not [value for value in stored if any(mark.encode() in value for mark in marks)]
    written = caplog.text + "".join(capfd.readouterr())
    logged = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert not any(mark in record.getMessage() for record in logged for mark in marks)
    assert "loan-repayment/check/?" not in written


def test_an_error_report_holds_no_answer(settings, monkeypatch):
    """What an administrator would be told of a failure: neither the form's values nor the variables."""
    from django.views.debug import ExceptionReporter

    question = criterion()
    posted = answered(question, "Yes")
    value = f"secret-{posted.popitem()[1]}"
    settings.DEBUG = False
    seen = {}

    def fail(check, sent):
        raise RuntimeError("broken")

    monkeypatch.setattr("research.views.loan_repayment._question", fail)

    def report(sender, request=None, **kwargs):
        import sys

        seen["text"] = ExceptionReporter(request, *sys.exc_info()).get_traceback_text()

    from django.core.signals import got_request_exception

    got_request_exception.connect(report)
    try:
        Client(raise_request_exception=False).post(CHECK, {f"answer-{question.pk}": value})
    finally:
        got_request_exception.disconnect(report)
    assert "broken" in seen["text"]
    assert value not in seen["text"]


def test_employers_find_steps_a_checklist_and_letters_to_fill_in(client):
    letter = ToolkitItemFactory(title="Letter that confirms employment")
    LoanProgramFactory(
        employer_guide="<h2>Step by step</h2><script>x</script>", employer_checklist="First day looked up\n\nCopy kept ",
        toolkit=letter.toolkit,
    )  # fmt: skip
    page = client.get(f"{TRACKER}employers/")
    assert page.context["program"].checklist == ["First day looked up", "Copy kept"]
    text = content(page)
    assert "<h2>Step by step</h2>" in text
    assert "<script>x" not in text
    for form in ("txt", "docx", "pdf"):
        assert client.get(f"{letter.toolkit.get_absolute_url()}{letter.pk}/{form}/").status_code == 200
        assert f"{letter.toolkit.get_absolute_url()}{letter.pk}/{form}/" in text


def test_a_toolkit_for_partners_does_not_show_through_on_the_employers_page(client):
    item = ToolkitItemFactory(toolkit=ToolkitFactory(audience="partners"), title="Inner letter")
    LoanProgramFactory(toolkit=item.toolkit)
    assert "Inner letter" not in content(client.get(f"{TRACKER}employers/"))


def test_staff_keep_the_program_and_its_rules(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(StaffFactory())
    posted = {
        "question": "Do you live here?", "rule": "People live here.", "source": "Law", "is_asked": "on", "order": "1",
        "answers-TOTAL_FORMS": "1", "answers-INITIAL_FORMS": "0",
        "answers-0-words": "Yes", "answers-0-meaning": "meets", "answers-0-order": "1",
    }  # fmt: skip
    refused = client.post("/admin/research/eligibilitycriterion/add/", posted)
    assert "at least two answers" in content(refused)
    second = {
        "answers-TOTAL_FORMS": "2",
        "answers-1-words": "No",
        "answers-1-meaning": "fails",
        "answers-1-order": "2",
    }
    client.post("/admin/research/eligibilitycriterion/add/", posted | second)
    assert "Do you live here?" in content(client.get(CHECK))
    LoanProgramFactory()
    assert client.get("/admin/research/loanprogram/").url == "/admin/research/loanprogram/1/change/"
    assert client.get("/admin/research/loanprogram/1/change/").status_code == 200
    assert client.get("/admin/research/loanprogram/add/").url == "/admin/research/loanprogram/1/change/"


@pytest.mark.parametrize("count", [1, 20])
def test_the_tracker_takes_as_many_queries_for_one_report_as_for_twenty(client, count):
    LoanProgramFactory()
    for day in range(count):
        ProgramReportFactory(as_of=date(2025, 3, 1 + day), awards=100 + 20 * day, applicants=None)
    with CaptureQueriesContext(connection) as queries:
        client.get(TRACKER)
    assert len(queries) == 4
