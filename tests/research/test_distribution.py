"""The distribution plan, and announcements that our own mail sends: to whom, once, and what became of them."""

import threading
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mailing.models import Click, Delivery, Mailing
from mailing.services import subscribe_confirmed, suppress, unsubscribe
from mailing.services.sending import send_batches
from partners.errors import NotAllowed
from research.distribution_mail import preview, readers_count
from research.distribution_results import mail_results
from research.models import Announcement, DistributionStep
from research.services import distribution as steps
from research.services.distribution_mail import (
    schedule_announcement,
    send_announcement,
    send_due_announcements,
    send_test,
    stop_announcement,
    unschedule_announcement,
)
from research.services.report import withdraw_report
from tests.factories.partners import (
    CoalitionFactory,
    MembershipFactory,
    OrganizationFactory,
    PersonFactory,
    StaffFactory,
    UserFactory,
)
from tests.factories.research_uptake import (
    AnnouncementFactory,
    DistributionStepFactory,
    MailTopicFactory,
    UptakeReportFactory,
)
from tests.meetings.reading import content, html_of, mails, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()


@pytest.fixture
def staff():
    return StaffFactory()


class TestSteps:
    def test_done_dropped_and_planned_again(self, staff):
        step = DistributionStepFactory(channel="print")
        done = steps.mark_done(step=step, done_on=date(2025, 3, 4), sent_count=120, by=staff)
        assert (done.state, done.sent_count) == ("done", 120)
        assert done.history.latest().history_user == staff
        with pytest.raises(NotAllowed):
            steps.drop(step=step, why="too late", by=staff)
        again = steps.plan_again(step=step, planned_on=date(2025, 4, 1), by=staff)
        assert (again.state, again.done_on, again.sent_count) == ("planned", None, None)
        assert steps.drop(step=step, why="no money to print", by=staff).note == "no money to print"

    @pytest.mark.parametrize(
        "fields",
        [
            {"state": "done"},
            {"done_on": date(2025, 3, 4)},
            {"sent_count": 5},
            {"state": "dropped", "sent_count": 1},
        ],
    )
    def test_a_step_is_done_on_a_day_or_not_at_all(self, fields):
        with pytest.raises(IntegrityError), transaction.atomic():
            DistributionStepFactory(**fields)

    def test_a_source_code_belongs_to_one_step(self):
        DistributionStepFactory.create_batch(2)
        DistributionStepFactory(source_code="media-june")
        with pytest.raises(IntegrityError), transaction.atomic():
            DistributionStepFactory(source_code="media-june")


class TestSending:
    def test_contacts_of_active_partners_get_it_once(self, staff):
        both = PersonFactory(email="both@partner.example", first_name="Bo")
        first = OrganizationFactory(name="First Partner")
        MembershipFactory(person=both, organization=first, started_on=date(2023, 1, 1))
        MembershipFactory(person=both, started_on=date(2024, 1, 1))
        MembershipFactory(person__email="advocate@partner.example", role="advocate")
        MembershipFactory(person__email="left@partner.example", ended_on=date(2025, 1, 1))
        MembershipFactory(person__email="gone@partner.example", organization__status="former")
        refused = MembershipFactory(person__email="no@partner.example").person
        topic = MailTopicFactory()
        subscribe_confirmed(email=refused.email, topics=[topic], consent_text="yes", source="test")
        unsubscribe(email=refused.email, topic=topic)
        announcement = AnnouncementFactory(readers="contacts", topic=topic)
        assert readers_count(announcement) == 2
        sent = send_announcement(announcement=announcement, by=staff)
        rows = {row.email: row for row in Delivery.objects.filter(mailing=sent.mailing)}
        assert set(rows) == {"both@partner.example", "no@partner.example"}
        assert rows["no@partner.example"].state == "suppressed"
        assert rows["both@partner.example"].slots["organization"] == "First Partner"
        assert "First Partner" in rows["both@partner.example"].slots["_why"]
        step = DistributionStep.objects.get()
        assert (step.state, step.done_on) == ("done", timezone.localdate())
        assert (sent.sent_by, sent.mailing.state) == (staff, "sending")
        with pytest.raises(NotAllowed):
            send_announcement(announcement=announcement, by=staff)
        assert Mailing.objects.count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_subscribers_get_the_report_and_the_numbers_come_from_the_mail_engine(self, staff, smtp_catcher):
        topic = MailTopicFactory()
        for name in ("ann", "bob", "stopped"):
            email = f"{name}@reader.example"
            subscribe_confirmed(email=email, topics=[topic], consent_text="yes", source="test")
        PersonFactory(email="ann@reader.example", first_name="Ann")
        suppress(email="stopped@reader.example", reason="bounced")
        step = DistributionStepFactory(source_code="news-june")
        sent = send_announcement(announcement=AnnouncementFactory(step=step, topic=topic), by=staff)
        send_batches()
        (ann,) = smtp_catcher.to("ann@reader.example")
        (bob,) = smtp_catcher.to("bob@reader.example")
        assert "Dear Ann" in html_of(ann)
        assert "Dear Friend" in text_of(bob)
        assert ann["List-Unsubscribe-Post"]
        assert not smtp_catcher.to("stopped@reader.example")
        targets = set(sent.mailing.links.values_list("url", flat=True))
        assert any(url.endswith(f"{step.report.get_absolute_url()}?from=news-june") for url in targets)
        row = Delivery.objects.get(email="ann@reader.example")
        link = sent.mailing.links.first()
        for minutes in (1, 10, 12):
            click = Click.objects.create(delivery=row, link=link)
            Click.objects.filter(pk=click.pk).update(clicked_at=row.accepted_at + timedelta(minutes=minutes))
        # A visit within three minutes is a scanner's.
        early = Delivery.objects.get(email="bob@reader.example")
        click = Click.objects.create(delivery=early, link=link)
        Click.objects.filter(pk=click.pk).update(clicked_at=early.accepted_at + timedelta(minutes=1))
        result = mail_results([sent.mailing.pk])[sent.mailing.pk]
        assert (result.readers, result.accepted, result.not_sent, result.clicked) == (3, 2, 1, 1)
        assert result.clicked_percent == 50.0

    @pytest.mark.parametrize(
        ("state", "readers", "goes"),
        [
            ("published", "subscribers", True),
            ("embargoed", "contacts", True),
            ("embargoed", "subscribers", False),
            ("draft", "contacts", False),
            ("draft", "subscribers", False),
        ],
    )
    def test_nobody_hears_of_a_report_too_early(self, state, readers, goes, staff):
        MembershipFactory(person__email="contact@partner.example")
        topic = MailTopicFactory()
        subscribe_confirmed(email="ann@reader.example", topics=[topic], consent_text="yes", source="test")
        day = {"published_at": None} if state in {"draft", "embargoed"} else {}
        report = UptakeReportFactory(state=state, **day)
        announcement = AnnouncementFactory(step__report=report, readers=readers, topic=topic)
        if not goes:
            with pytest.raises(NotAllowed):
                send_announcement(announcement=announcement, by=staff)
            assert not Mailing.objects.exists()
            return
        sent = send_announcement(announcement=announcement, by=staff)
        warned = "do not share it before" in sent.mailing.contents.get().text
        assert warned == (state == "embargoed")

    def test_a_message_to_nobody_is_not_sent(self, staff):
        announcement = AnnouncementFactory()
        with pytest.raises(NotAllowed):
            send_announcement(announcement=announcement, by=staff)
        assert not Mailing.objects.exists()
        assert DistributionStep.objects.get().state == "planned"

    def test_stopped_and_not_planned_again(self, staff):
        MembershipFactory()
        sent = send_announcement(announcement=AnnouncementFactory(readers="contacts"), by=staff)
        stop_announcement(announcement=sent, by=staff)
        assert Delivery.objects.get().state == "cancelled"
        with pytest.raises(NotAllowed):
            stop_announcement(announcement=sent, by=staff)
        with pytest.raises(NotAllowed):
            steps.plan_again(step=sent.step, planned_on=date(2030, 1, 1), by=staff)

    def test_stopping_leaves_alone_what_changed_meanwhile(self, staff):
        MembershipFactory()
        announcement = AnnouncementFactory(readers="contacts")
        seen = Announcement.objects.get(pk=announcement.pk)
        with pytest.raises(NotAllowed, match="not been sent"):
            stop_announcement(announcement=seen, by=staff)
        sent = send_announcement(announcement=announcement, by=staff)
        # Whoever stops it opened the page before it was sent, and before its words were changed.
        Announcement.objects.filter(pk=sent.pk).update(subject="Another subject")
        with CaptureQueriesContext(connection) as queries:
            stopped = stop_announcement(announcement=seen, by=staff)
        read = next(query["sql"] for query in queries if 'FROM "research_announcement"' in query["sql"])
        assert read.endswith('FOR UPDATE OF "research_announcement"')
        assert (stopped.subject, stopped.sent_by) == ("Another subject", staff)
        assert Delivery.objects.get().state == "cancelled"

    def test_a_test_reaches_one_person_and_counts_nobody(self, staff):
        announcement = AnnouncementFactory()
        send_test(announcement=announcement, to=staff)
        (message,) = mails(staff.email)
        assert message["Subject"] == "[Test] Our report is out"
        assert "Dear Friend" in text_of(message)
        assert not Delivery.objects.exists()

    def test_what_is_written_cannot_become_markup(self):
        announcement = AnnouncementFactory(body="<p>Hi {{ first_name }} <script>x()</script></p>")
        shown = preview(announcement, first_name="<b>Eve")
        assert "<script" not in shown.message.html
        assert "<b>" not in shown.message.html
        assert "Hi &lt;b&gt;Eve" in shown.message.html
        assert "Hi <b>Eve" in shown.message.text
        assert "color-scheme: dark" in shown.dark_html

    def test_a_sent_announcement_has_its_mailing_and_its_time(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            AnnouncementFactory(sent_at=timezone.now())


class TestDesk:
    def test_written_looked_at_and_sent(self, client, staff):
        client.force_login(staff)
        MembershipFactory(person__email="contact@partner.example")
        step, topic = DistributionStepFactory(channel="partners"), MailTopicFactory()
        buttons = reverse("admin:research_distributionstep_changelist") + f"{step.pk}/"
        add = client.get(f"{buttons}announcement/")["Location"]
        assert client.get(add).context["adminform"].form.initial["readers"] == "contacts"
        said = {"step": step.pk, "readers": "contacts", "topic": topic.pk, "subject": "It is out"}
        wrong = client.post(add, said | {"body": "<p>Dear {{ nickname }}</p>"})
        assert "Nothing fills" in content(wrong)
        assert client.post(add, said | {"body": "<p>Dear {{ first_name|Friend }}</p>"}).status_code == 302
        announcement = Announcement.objects.get()
        assert announcement.written_by == staff
        base = reverse("admin:research_announcement_changelist") + f"{announcement.pk}/"
        assert "Dear Alex" in content(client.get(f"{base}preview/"))
        asked = client.get(f"{base}send/")
        facts = {str(label): str(value) for label, value in asked.context["question"].facts}
        assert facts["People, before those who want no mail"] == "1"
        assert "before those who want no mail" in content(asked)
        client.post(f"{base}send/")
        assert Delivery.objects.get().email == "contact@partner.example"
        change = reverse("admin:research_announcement_change", args=[announcement.pk])
        assert "accepted by the mail server" in content(client.get(change))
        # What went out cannot be rewritten.
        assert client.post(change, said | {"body": "<p>Other words</p>"}).status_code == 403

    def test_sending_takes_a_right_of_its_own(self, client):
        writer = UserFactory(is_staff=True)
        rights = Permission.objects.filter(
            content_type__app_label="research", content_type__model__in=["announcement", "distributionstep"]
        )
        writer.user_permissions.set(rights.exclude(codename="send_announcement"))
        client.force_login(writer)
        MembershipFactory()
        announcement = AnnouncementFactory(readers="contacts")
        base = reverse("admin:research_announcement_changelist") + f"{announcement.pk}/"
        assert client.get(f"{base}preview/").status_code == 200
        assert client.post(f"{base}send/").status_code == 403
        assert not Mailing.objects.exists()


class TestAtItsTime:
    """An announcement that staff schedule goes out by itself, to whoever is a reader by then."""

    @pytest.fixture
    def at(self):
        return timezone.now() + timedelta(hours=2)

    def test_it_goes_out_once_and_to_those_who_read_by_then(self, staff, at):
        announcement = AnnouncementFactory(readers="contacts")
        schedule_announcement(announcement=announcement, send_at=at, by=staff)
        late = MembershipFactory(role="primary_contact", organization__status="active")
        assert send_due_announcements(now=at - timedelta(minutes=1)) == 0
        assert send_due_announcements(now=at) == 1
        assert send_due_announcements(now=at) == 0
        announcement.refresh_from_db()
        assert announcement.sent_by == staff
        assert [row.email for row in Delivery.objects.all()] == [late.person.email]

    def test_moved_and_taken_back(self, staff, at):
        MembershipFactory()
        announcement = AnnouncementFactory(readers="contacts")
        schedule_announcement(announcement=announcement, send_at=at, by=staff)
        schedule_announcement(announcement=announcement, send_at=at + timedelta(days=1), by=staff)
        assert send_due_announcements(now=at) == 0
        unschedule_announcement(announcement=announcement, by=staff)
        assert send_due_announcements(now=at + timedelta(days=2)) == 0
        with pytest.raises(NotAllowed, match="not scheduled"):
            unschedule_announcement(announcement=announcement, by=staff)
        with pytest.raises(NotAllowed, match="time is over"):
            schedule_announcement(announcement=announcement, send_at=timezone.now(), by=staff)

    def test_everybody_hears_of_a_report_only_once_it_is_out(self, staff):
        report = UptakeReportFactory(state="embargoed", published_at=None)
        announcement = AnnouncementFactory(
            step__report=report, readers="subscribers", topic=MailTopicFactory()
        )
        before = report.embargo_until - timedelta(minutes=5)
        with pytest.raises(NotAllowed, match="partners only"):
            schedule_announcement(announcement=announcement, send_at=before, by=staff)
        after = report.embargo_until + timedelta(minutes=5)
        schedule_announcement(announcement=announcement, send_at=after, by=staff)
        # Staff put the release off meanwhile: the message waits, and says what for.
        assert send_due_announcements(now=after) == 0
        announcement.refresh_from_db()
        assert "partners only" in announcement.held_because
        assert not Mailing.objects.exists()

    def test_one_that_may_not_go_out_holds_up_no_other(self, staff, at):
        MembershipFactory()
        gone, fine = AnnouncementFactory.create_batch(2, readers="contacts")
        for number, one in enumerate((gone, fine)):
            schedule_announcement(announcement=one, send_at=at + timedelta(minutes=number), by=staff)
        withdraw_report(report=gone.step.report, because="A table was wrong.", by=staff, now=timezone.now())
        assert send_due_announcements(now=at + timedelta(minutes=5)) == 1
        gone.refresh_from_db()
        assert "once it is published" in gone.held_because
        # Once looked at, it is not tried again by itself.
        assert send_due_announcements(now=at + timedelta(hours=5)) == 0

    def test_staff_schedule_it_at_the_desk(self, client, staff, at):
        client.force_login(staff)
        MembershipFactory()
        announcement = AnnouncementFactory(readers="contacts")
        base = reverse("admin:research_announcement_changelist") + f"{announcement.pk}/"
        local = timezone.localtime(at)
        said = {"send_at_0": f"{local:%Y-%m-%d}", "send_at_1": f"{local:%H:%M}"}
        past = client.post(f"{base}schedule/", said | {"send_at_0": "2020-01-01"})
        assert "still to come" in content(past)
        assert client.post(f"{base}schedule/", said).status_code == 302
        announcement.refresh_from_db()
        assert announcement.is_scheduled
        page = content(client.get(reverse("admin:research_announcement_change", args=[announcement.pk])))
        # Its words stay as they were decided; the time can be taken back.
        assert 'name="subject"' not in page
        assert "Take back the time" in page
        assert client.post(f"{base}unschedule/").status_code == 302
        page = content(client.get(reverse("admin:research_announcement_change", args=[announcement.pk])))
        assert 'name="subject"' in page


@pytest.mark.django_db(transaction=True)
def test_two_presses_of_the_button_send_one_message():
    staff = StaffFactory()
    MembershipFactory()
    announcement = AnnouncementFactory(readers="contacts")
    start, answers = threading.Barrier(2), []

    def press() -> None:
        try:
            start.wait(20)
            send_announcement(announcement=announcement, by=staff)
            answers.append("sent")
        except NotAllowed:
            answers.append("refused")
        finally:
            connection.close()

    presses = [threading.Thread(target=press) for _number in range(2)]
    for one in presses:
        one.start()
    for one in presses:
        one.join(30)
    assert sorted(answers) == ["refused", "sent"]
    assert Delivery.objects.count() == Mailing.objects.count() == 1
