"""Attendance of sessions, completion, certificates and their public check."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from mailing.models import OutboxMessage
from partners.errors import NotAllowed
from surveys.models import SurveyInvitation
from tests.factories.partners import CoalitionFactory, PersonFactory, StaffFactory, UserFactory
from tests.factories.surveys import QuestionFactory, SurveyFactory
from tests.factories.trainings import CourseFactory, EnrollmentFactory, SessionFactory
from tests.meetings.reading import content
from trainings import certificate_files
from trainings.models import Certificate, CertificatePackage, CreditApproval
from trainings.services import attendance, certificate_packages, check_in
from trainings.services.certificates import reissue_certificate, revoke_certificate
from trainings.services.completion import ask_how_it_was, settle_open

pytestmark = pytest.mark.django_db

ROSTER_QUERIES = 10


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def staff():
    return StaffFactory()


@pytest.fixture
def session(now):
    """Two hours that ended an hour ago."""
    return SessionFactory(starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1))


def enrolled(session, **facts):
    return EnrollmentFactory(session=session, **facts)


def attended(session, staff, now, minutes=None):
    row = enrolled(session)
    attendance.mark_attended(enrollment=row, by=staff, now=now, minutes=minutes)
    return row


# --- Who was there ------------------------------------------------------------------------------------------------


def test_nobody_was_there_before_the_day(staff, now):
    row = enrolled(
        SessionFactory(starts_at=now + timedelta(days=2), ends_at=now + timedelta(days=2, hours=1))
    )
    with pytest.raises(NotAllowed, match="morning"):
        attendance.mark_attended(enrollment=row, by=staff, now=now)


def test_closing_makes_absent_who_did_not_come(session, staff, now):
    came, stayed_away = attended(session, staff, now), enrolled(session)
    waiting = enrolled(session, status="waitlisted", waiting_since=now - timedelta(days=1))
    assert attendance.close_session(session=session, by=staff, now=now) == 1
    for row, status in ((came, "attended"), (stayed_away, "absent"), (waiting, "waitlisted")):
        row.refresh_from_db()
        assert row.status == status
    assert stayed_away.history.get(status="absent").history_user == staff
    with pytest.raises(NotAllowed, match="once"):
        attendance.close_session(session=session, by=staff, now=now)


def test_a_session_is_not_closed_before_its_end(staff, now):
    running = SessionFactory(starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    with pytest.raises(NotAllowed, match="ended"):
        attendance.close_session(session=running, by=staff, now=now)


def test_the_same_report_again_changes_nothing(session, staff, now):
    row, stranger = enrolled(session), PersonFactory()
    minutes = {row.person_id: 110, stranger.pk: 20}
    for _each in range(2):
        assert check_in.apply_report(session=session, minutes=minutes, by=staff, now=now) == 2
    row.refresh_from_db()
    assert (row.status, row.check_in, row.minutes) == ("attended", "import", 110)
    assert session.enrollments.count() == 2
    assert row.history.filter(status="attended").count() == 1


# --- Completion ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "completes"), [(None, True), (96, True), (95, False), (0, False)])
def test_four_fifths_of_two_hours_complete(session, staff, now, minutes, completes):
    row = attended(session, staff, now, minutes)
    attendance.close_session(session=session, by=staff, now=now)
    row.refresh_from_db()
    assert (row.completed_at is not None) is completes
    assert Certificate.objects.exists() is completes


def test_the_survey_may_be_part_of_it(session, staff, now):
    survey = SurveyFactory()
    QuestionFactory(survey=survey)
    session.course.end_survey, session.course.end_survey_required = survey, True
    session.course.save()
    row = attended(session, staff, now)
    attendance.close_session(session=session, by=staff, now=now)
    assert ask_how_it_was(now=now) == 1
    assert ask_how_it_was(now=now) == 0
    settle_open(now=now)
    assert not Certificate.objects.exists()
    invitation = SurveyInvitation.objects.get()
    assert invitation.occasion == f"training:{session.pk}:end"
    invitation.answered = True
    invitation.save()
    settle_open(now=now)
    row.refresh_from_db()
    assert row.completed_at == now
    assert Certificate.objects.count() == 1


def test_after_ninety_days_we_ask_again_and_once(session, staff, now):
    survey = SurveyFactory()
    QuestionFactory(survey=survey)
    session.course.later_survey = survey
    session.course.save()
    attended(session, staff, now)
    attendance.close_session(session=session, by=staff, now=now)
    assert ask_how_it_was(now=now + timedelta(days=88)) == 0
    assert ask_how_it_was(now=now + timedelta(days=91)) == 1
    assert ask_how_it_was(now=now + timedelta(days=92)) == 0
    assert SurveyInvitation.objects.get().occasion.endswith(":90d")


def test_a_correction_revokes_the_certificate_and_a_second_one_issues_anew(session, staff, now):
    row = attended(session, staff, now)
    attendance.close_session(session=session, by=staff, now=now)
    attendance.take_back(enrollment=row, by=staff, now=now)
    first = Certificate.objects.get()
    assert not first.holds
    row.refresh_from_db()
    assert (row.status, row.completed_at) == ("absent", None)
    attendance.mark_attended(enrollment=row, by=staff, now=now)
    assert Certificate.objects.filter(revoked_at=None).count() == 1
    assert Certificate.objects.count() == 2


# --- Certificates -------------------------------------------------------------------------------------------------


def approval(course, body, day, **facts):
    values = {"hours": "1.5", "number": "159.001", "valid_from": day, "valid_until": None}
    return CreditApproval.objects.create(course=course, authority=body, **values | facts)


@pytest.fixture
def certificate(staff, now):
    CoalitionFactory()
    course = CourseFactory(title="Reframing 101")
    session = SessionFactory(
        course=course, starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1)
    )
    today = timezone.localdate(session.ends_at)
    approval(course, "Board of Social Work", today)
    approval(course, "Lapsed Board", today - timedelta(days=60), valid_until=today - timedelta(days=1))
    approval(course, "Coming Board", today + timedelta(days=1))
    row = enrolled(session, person=PersonFactory(first_name="María", last_name="López & Söhne"))
    attendance.mark_attended(enrollment=row, by=staff, now=now)
    attendance.close_session(session=session, by=staff, now=now)
    return Certificate.objects.get()


def test_a_certificate_keeps_what_was_approved_on_its_day(certificate):
    assert [line["body"] for line in certificate.credit_lines] == ["Board of Social Work"]
    assert certificate.hours == 2
    CreditApproval.objects.all().delete()
    certificate.enrollment.person.last_name = "Other"
    certificate.enrollment.person.save()
    certificate.refresh_from_db()
    assert certificate.credit_lines[0]["hours"] == "1.5"
    assert certificate.name == "María López & Söhne"


def test_it_is_mailed_once_with_its_code(certificate):
    message = OutboxMessage.objects.get(subject__startswith="Your certificate")
    assert message.to == certificate.enrollment.person.email
    assert certificate.printed_code in bytes(message.message).decode()


def test_the_pdf_is_one_page_with_its_words_and_fonts(client, certificate):
    answer = client.get(reverse("trainings:certificate_file", args=[certificate.printed_code]))
    assert answer["Content-Type"] == "application/pdf"
    pdf = PdfReader(io.BytesIO(answer.content))
    text = pdf.pages[0].extract_text()
    assert len(pdf.pages) == 1
    for words in ("María López & Söhne", "Reframing 101", "Board of Social Work", certificate.printed_code):
        assert words in text
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    fonts = pdf.pages[0]["/Resources"]["/Font"]
    for font in fonts.values():
        inner = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(inner)


@pytest.mark.parametrize("typed", ["{code}", " {lower} ", "{dashes}"])
def test_a_code_is_read_however_it_is_typed(client, certificate, typed):
    spelled = typed.format(
        code=certificate.code, lower=certificate.code.lower(), dashes=certificate.printed_code
    )
    page = client.post(reverse("trainings:certificate_check"), {"code": spelled}, follow=True)
    assert "This certificate is valid" in page.text
    assert "López &amp; Söhne" in page.text


@pytest.mark.parametrize("typed", ["", "ABCD-EFGH-JKMN", "<script>", "x" * 10_000, "\0"])
def test_a_wrong_code_says_so_and_nothing_else(client, certificate, typed):
    page = client.post(reverse("trainings:certificate_check"), {"code": typed})
    assert page.status_code == 200
    assert "There is a problem" in page.text
    assert "López" not in page.text


def test_the_page_tells_nothing_else_about_its_holder(client, certificate):
    page = client.get(certificate.get_absolute_url())
    assert certificate.enrollment.person.email not in page.text
    assert 'name="robots" content="noindex"' in page.text
    missing = reverse("trainings:certificate", args=["ABCD-EFGH-JKMN"])
    assert client.get(missing).status_code == 404


def test_guessing_is_stopped(client, certificate):
    missing = reverse("trainings:certificate", args=["ABCD-EFGH-JKMN"])
    codes = {client.get(missing).status_code for _each in range(61)}
    assert codes == {404, 429}


def test_a_reissued_certificate_replaces_the_other(client, certificate, staff, now):
    person = certificate.enrollment.person
    person.last_name = "García"
    person.save()
    new = reissue_certificate(certificate=certificate, reason="The name was corrected.", by=staff, now=now)
    assert new.name == "María García"
    assert new.code != certificate.code
    page = client.get(certificate.get_absolute_url())
    assert "no longer holds" in page.text
    assert "The name was corrected." in page.text
    old_file = reverse("trainings:certificate_file", args=[certificate.printed_code])
    assert client.get(old_file).status_code == 302


def test_one_valid_certificate_for_each_enrollment(certificate, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(
            enrollment=certificate.enrollment,
            code="ANOTHERCODE2",
            name="X",
            course_title="Y",
            held_on=now.date(),
            hours=1,
            issued_at=now,
        )


def test_everybody_sees_their_own_certificates_alone(client, certificate):
    address = reverse("my_trainings:certificates")
    client.force_login(PersonFactory(user=UserFactory()).user)
    assert certificate.printed_code not in client.get(address).text
    person = certificate.enrollment.person
    person.user = UserFactory()
    person.save()
    client.force_login(person.user)
    assert certificate.printed_code in client.get(address).text


# --- All of a session in one file ---------------------------------------------------------------------------------


@pytest.fixture
def packages(client, staff, certificate, settings, tmp_path):
    """The desk's page of the session's certificates; its files lie in a folder of the test."""
    settings.PRIVATE_ROOT = tmp_path
    client.force_login(staff)
    return reverse("admin:trainings_session_certificates", args=[certificate.enrollment.session_id])


def the_file(client, page: str):
    return client.get(page.removesuffix("/") + ".zip")


def test_the_desk_has_all_of_a_session_packed(client, packages, certificate):
    assert "1 certificate of this session holds" in content(client.get(packages))
    for _click in range(2):
        assert client.post(packages)["Location"] == packages
    package = CertificatePackage.objects.get()  # The second click found the first one's job.
    waits = client.get(packages)
    assert waits["Refresh"] == "2"
    assert "0 of 1 are in the file" in content(waits)
    assert the_file(client, packages)["Location"] == packages
    assert certificate_packages.work(package_id=package.pk).state == "done"
    done = client.get(packages)
    assert "Refresh" not in done
    assert "Download the ZIP file" in content(done)
    names = zipfile.ZipFile(io.BytesIO(b"".join(the_file(client, packages).streaming_content))).namelist()
    assert names == [f"certificate-maria-lopez-sohne-{certificate.printed_code}.pdf"]
    assert certificate_packages.work(package_id=package.pk) is None


def test_each_certificate_is_counted_at_once(packages, session, staff, now, monkeypatch):
    attended(session, staff, now)
    attendance.close_session(session=session, by=staff, now=now)
    package = certificate_packages.request_package(session=session, by=staff, now=now)
    seen = []

    def draw(certificate) -> bytes:
        seen.append(CertificatePackage.objects.get().done)
        return b"%PDF"

    monkeypatch.setattr(certificate_files, "certificate_pdf", draw)
    assert certificate_packages.work(package_id=package.pk).done == len(seen)
    assert seen == list(range(len(seen)))


def test_a_failure_is_shown_and_can_be_tried_again(client, packages, monkeypatch):
    def full(certificate) -> bytes:
        raise OSError("No space left on device")

    client.post(packages)
    with monkeypatch.context() as broken:
        broken.setattr(certificate_files, "certificate_pdf", full)
        certificate_packages.work(package_id=CertificatePackage.objects.get().pk)
    page = content(client.get(packages))
    assert "could not be packed" in page
    assert "No space left on device" in page
    client.post(packages)
    certificate_packages.work(package_id=CertificatePackage.objects.first().pk)
    assert CertificatePackage.objects.get().state == "done"  # Of the failure nothing is left.


def test_a_revoked_certificate_is_not_handed_out(client, packages, certificate, staff):
    client.post(packages)
    certificate_packages.work(package_id=CertificatePackage.objects.get().pk)
    revoke_certificate(
        enrollment=certificate.enrollment, reason="Another name.", by=staff, now=timezone.now()
    )
    assert the_file(client, packages).status_code == 302
    assert "issued or revoked since" in content(client.get(packages))
    client.post(packages)
    assert CertificatePackage.objects.count() == 1  # Nothing holds that could be packed.


def test_a_job_whose_worker_died_is_taken_up_and_not_for_ever(packages, certificate, staff, now, monkeypatch):
    session = certificate.enrollment.session
    package = certificate_packages.request_package(session=session, by=staff, now=now)
    queued = []
    monkeypatch.setattr(certificate_packages, "queue", lambda task, pk: queued.append(pk))
    assert certificate_packages.take_up_forgotten(now=now) == 0
    assert certificate_packages.take_up_forgotten(now=now + timedelta(minutes=2)) == 1
    CertificatePackage.objects.update(state="running", attempts=3, seen_at=now - timedelta(minutes=3))
    assert certificate_packages.take_up_forgotten(now=now) == 1
    assert queued == [package.pk, package.pk]
    assert certificate_packages.work(package_id=package.pk) is None
    package.refresh_from_db()
    assert (package.state, "died 3 times" in package.error) == ("failed", True)


def test_files_lie_ready_for_a_week(client, packages, now, tmp_path):
    client.post(packages)
    certificate_packages.work(package_id=CertificatePackage.objects.get().pk)
    assert len(list(tmp_path.rglob("*.zip"))) == 1
    assert certificate_packages.remove_old(now=now + timedelta(days=6)) == 0
    assert certificate_packages.remove_old(now=timezone.now() + timedelta(days=7, minutes=1)) == 1
    assert not list(tmp_path.rglob("*.zip"))
    assert not CertificatePackage.objects.exists()


def test_packing_is_for_staff_with_the_right(client, packages):
    client.force_login(UserFactory(is_staff=True))
    for page in (packages, packages.removesuffix("/") + ".zip"):
        assert client.get(page).status_code == 403
    assert client.post(packages).status_code == 403
    assert not CertificatePackage.objects.exists()


def test_the_database_packs_one_at_a_time(session, now):
    CertificatePackage.objects.create(session=session, asked_at=now)
    with pytest.raises(IntegrityError, match="one_at_a_time"), transaction.atomic():
        CertificatePackage.objects.create(session=session, asked_at=now, state="running")
    with pytest.raises(IntegrityError, match="done_has_file"), transaction.atomic():
        CertificatePackage.objects.create(session=session, asked_at=now, state="done")


# --- The desk's list ----------------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, staff):
    client.force_login(staff)
    return client


def roster(session):
    return reverse("admin:trainings_session_attendance", args=[session.pk])


def test_staff_tick_take_back_and_add(desk, session):
    row = enrolled(session)
    desk.post(roster(session), {"step": "present", "row": row.pk})
    row.refresh_from_db()
    assert row.status == "attended"
    desk.post(roster(session), {"step": "undo", "row": row.pk})
    row.refresh_from_db()
    assert row.status == "registered"
    new = {"step": "walk_in", "first_name": "Ada", "last_name": "Okafor", "email": "ada@example.org"}
    for _each in range(2):
        desk.post(roster(session), new)
    assert session.enrollments.filter(person__email="ada@example.org", status="attended").count() == 1


def test_a_row_of_another_session_is_not_found(desk, session):
    assert (
        desk.post(roster(session), {"step": "present", "row": enrolled(SessionFactory()).pk}).status_code
        == 404
    )
    assert desk.post(roster(session), {"step": "present", "row": "1e9\0"}).status_code == 404


def test_the_list_is_for_staff_with_the_right(client, session):
    client.force_login(UserFactory(is_staff=True))
    assert client.get(roster(session)).status_code == 403


def test_the_list_stays_flat(desk, session, django_assert_num_queries):
    enrolled(session)
    for more in (0, 19):
        for _each in range(more):
            enrolled(session)
        with django_assert_num_queries(ROSTER_QUERIES):
            desk.get(roster(session))


def test_a_zoom_report_is_looked_through_and_noted(desk, session):
    day = timezone.localtime(session.starts_at)
    row = enrolled(
        session, person=PersonFactory(first_name="Maria", last_name="Lopez", email="m@example.org")
    )
    lines = [
        "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,Recording Consent",
        f"Maria L.,m@example.org,{day:%m/%d/%Y %I:%M:%S %p},"
        f"{day + timedelta(minutes=100):%m/%d/%Y %I:%M:%S %p},100,Yes,",
    ]
    file = io.BytesIO("\r\n".join(lines).encode())
    file.name = "report.csv"
    address = reverse("admin:trainings_session_attendance_report", args=[session.pk])
    page = desk.post(address, {"file": file})
    found = page.context["lines"][0]
    assert (found["finding"].person, found["participant"].minutes) == (row.person_id, 100)
    row.refresh_from_db()
    assert row.status == "registered"
    desk.post(address, {"apply": "1", "person_0": row.person_id, "minutes_0": "100"})
    row.refresh_from_db()
    assert (row.status, row.minutes) == ("attended", 100)


def test_a_file_that_is_no_report_says_so(desk, session):
    file = io.BytesIO(b"\x89PNG nothing")
    file.name = "report.csv"
    address = reverse("admin:trainings_session_attendance_report", args=[session.pk])
    assert "not an attendance report" in desk.post(address, {"file": file}).text
    assert "Choose the report" in desk.post(address, {}).text
