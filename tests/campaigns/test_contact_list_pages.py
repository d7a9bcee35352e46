"""The desk's pages of contact lists: three steps from a file to a list."""

import csv
import io

import pytest
from django.urls import reverse

from campaigns.models import ContactImport, ContactList
from campaigns.services.contact_lists import confirm_contacts
from tests.campaigns.test_contact_lists import PLAIN, checked
from tests.factories.partners import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST_QUERIES = 8


@pytest.fixture(autouse=True)
def _password_is_enough(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def staff():
    return StaffFactory()


@pytest.fixture
def desk(client, staff):
    client.force_login(staff)
    return client


def send(desk, content=PLAIN, **facts):
    sent = {"name": "Forum", "basis": "signed up", "file": io.BytesIO(content)} | facts
    sent["file"].name = "people.csv"
    return desk.post(reverse("admin:campaigns_contactlist_upload"), sent)


def test_from_a_file_to_a_list(desk):
    assert desk.get(reverse("admin:campaigns_contactlist_add")).url == reverse(
        "admin:campaigns_contactlist_upload"
    )
    columns = send(desk).url
    page = desk.get(columns).content.decode()
    assert "maria@example.org" in page
    form = {"email": "2", "first_name": "0", "last_name": "1"}
    check = desk.post(columns, form).url
    page = desk.get(check).content.decode()
    assert "Make the list with 2 people" in page
    done = desk.post(check)
    made = ContactList.objects.get()
    assert done.url == reverse("admin:campaigns_contactlist_change", args=[made.pk])
    assert desk.post(check).url == done.url
    assert "Download the people" in desk.get(done.url).content.decode()
    # The upload shows what it became, and cannot be changed any more.
    assert desk.get(columns).url == check
    assert "has become a list" in desk.get(check).content.decode()


def test_the_report_has_every_line_and_no_formula(desk):
    columns = send(desk, b'Name,E-mail\n=HYPERLINK("x"),maria@example.org\nX,+nobody\n').url
    check = desk.post(columns, {"email": "1", "first_name": "0"}).url
    report = desk.get(check.replace("check/", "report.csv"))
    rows = list(csv.reader(io.StringIO(b"".join(report).decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["2", "3"]
    assert rows[1][2].startswith("'=HYPERLINK")
    assert rows[2][1] == "'+nobody"
    assert "no e-mail address" in rows[2][5]


def test_why_we_may_write_must_be_said(desk):
    page = send(desk, basis=" ").content.decode()
    assert "Say why we may write to these people." in page
    assert not ContactImport.objects.exists()


def test_an_upload_belongs_to_its_uploader(desk, client):
    columns = send(desk).url
    other = StaffFactory()
    client.force_login(other)
    key = ContactImport.objects.get().key
    for step in ("columns", "check", "report", "discard"):
        assert client.get(reverse(f"admin:campaigns_contactlist_{step}", args=[key])).status_code == 404
    assert client.post(columns, {"email": "2"}).status_code == 404


def test_staff_without_the_right_are_refused(client):
    client.force_login(UserFactory(is_staff=True))
    assert client.get(reverse("admin:campaigns_contactlist_upload")).status_code == 403


def test_it_can_be_erased_at_once(desk):
    columns = send(desk).url
    desk.get(columns.replace("columns/", "discard/"))
    assert ContactImport.objects.exists()
    desk.post(columns.replace("columns/", "discard/"))
    assert not ContactImport.objects.exists()


def test_the_people_of_a_list_as_a_file(desk, staff):
    made = confirm_contacts(upload=checked(PLAIN, staff), by=staff)
    answer = desk.get(reverse("admin:campaigns_contactlist_people", args=[made.pk]))
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["maria@example.org", "wei@example.org"]


def test_the_list_of_lists_with_1_and_20_rows(desk, staff, django_assert_num_queries):
    url = reverse("admin:campaigns_contactlist_changelist")
    ContactList.objects.create(name="One", basis="b", created_by=staff)
    desk.get(url)
    with django_assert_num_queries(LIST_QUERIES):
        desk.get(url)
    for number in range(19):
        ContactList.objects.create(name=f"List {number}", basis="b", created_by=staff)
    with django_assert_num_queries(LIST_QUERIES):
        desk.get(url)
