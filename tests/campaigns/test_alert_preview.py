"""The preview: an alert as any person of its audience gets it, and tests by mail to staff."""

import pytest
from django.urls import reverse

from campaigns.messages.preview import preview_alert
from campaigns.models import ActionAlert
from campaigns.services.alert_tests import send_test
from campaigns.services.alerts import approve_alert
from mailing.addresses import hash_address
from mailing.composing.message import read_text
from mailing.models import Delivery, OutboxMessage, Preference
from mailing.tokens import view_token
from tests.factories.alerts import ActionAlertFactory, AlertBlockFactory
from tests.factories.partners import (
    CoalitionFactory,
    MembershipFactory,
    OrganizationFactory,
    PersonFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _password_is_enough(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()


@pytest.fixture
def staff(client):
    user = StaffFactory()
    client.force_login(user)
    return user


def address(name: str, alert: ActionAlert) -> str:
    return reverse(f"admin:campaigns_actionalert_{name}", args=[alert.pk])


def spanish_alert(**changes) -> ActionAlert:
    alert = ActionAlertFactory(text="", subject_es="Quedan tres días", preheader_es="El jueves", **changes)
    AlertBlockFactory(alert=alert, order=1, text="<p>Hello</p>", text_es="<p>Hola</p>")
    return alert


class TestMessage:
    def test_hostile_names_stay_text(self):
        organization = OrganizationFactory(name="{{ last_name }} & <b>Sons</b>")
        person = PersonFactory(first_name="<script>alert(1)</script>\r\nBcc: x@example.org", last_name="X")
        MembershipFactory(person=person, organization=organization)
        message = preview_alert(ActionAlertFactory(), person=person).message
        assert "<script>" not in message.html
        assert "&lt;script&gt;" in message.html
        assert "{{ last_name }} &amp; &lt;b&gt;Sons" in message.html
        assert "\n" not in message.subject

    def test_who_lacks_a_field_reads_the_words_after_the_bar(self):
        message = preview_alert(ActionAlertFactory(), person=None).message
        assert message.subject == "Friend, three days left"
        assert "Dear Friend of your organization" in message.text

    def test_the_forced_schemes_leave_the_reader_no_choice(self):
        shown = preview_alert(ActionAlertFactory(), person=None)
        assert "@media all {" in shown.dark_html
        assert "@media not all {" in shown.light_html
        for html in (shown.dark_html, shown.light_html):
            assert "prefers-color-scheme" not in html
        assert 2 < shown.kilobytes < 15

    def test_an_approved_alert_is_shown_as_it_was_compiled(self):
        MembershipFactory()
        alert = approve_alert(alert=ActionAlertFactory(), by=StaffFactory())
        alert.call_to_action.statement = "Other words"
        alert.call_to_action.save()
        message = preview_alert(ActionAlert.objects.get(pk=alert.pk), person=None).message
        assert "Other words" not in message.text
        assert f"?source=alert-{alert.pk}" in message.html


class TestPage:
    def test_as_a_chosen_person_with_hostile_names(self, client, staff):
        MembershipFactory()
        evil = PersonFactory(first_name="</iframe><script>alert(1)</script>", last_name='"><b>')
        MembershipFactory(person=evil, organization__name="<i>Org</i>")
        page = client.get(address("preview", ActionAlertFactory()), {"person": evil.pk}).content.decode()
        assert "<script>alert(1)" not in page
        assert "</iframe><script>" not in page
        assert page.count("sandbox srcdoc=") == 4
        assert "&amp;lt;script&amp;gt;alert(1)" in page

    def test_one_look_at_a_time(self, client, staff):
        alert = ActionAlertFactory()
        for look, frames, text in (
            ("computer", 1, False),
            ("phone", 1, False),
            ("dark", 2, False),
            ("text", 0, True),
            ("nonsense", 4, True),
        ):
            page = client.get(address("preview", alert), {"look": look}).content.decode()
            assert page.count("sandbox srcdoc=") == frames
            assert ("The text part" in page) is text

    def test_only_people_of_the_audience_can_be_chosen(self, client, staff):
        member, outsider = MembershipFactory(), PersonFactory(first_name="Outsider")
        alert = ActionAlertFactory()
        for number in (str(outsider.pk), "0", "x", "9" * 40, "-1"):
            page = client.get(address("preview", alert), {"person": number})
            assert page.status_code == 200
            assert page.context["asked"].person == member.person

    def test_finds_people_by_words_and_beyond_the_first_ones(self, client, staff):
        MembershipFactory.create_batch(12, person__last_name="Aaa")
        wanted = MembershipFactory(person__last_name="Okafor", organization__name="Shore House")
        alert = ActionAlertFactory()
        page = client.get(address("preview", alert), {"q": "okafor shore"})
        assert [person.pk for person in page.context["people"]] == [wanted.person_id]
        page = client.get(address("preview", alert), {"person": wanted.person_id})
        assert page.context["asked"].person == wanted.person
        page = client.get(address("preview", alert), {"q": "nobody at all"})
        assert "Nobody in the audience matches" in page.content.decode()

    def test_the_inbox_line_and_the_size(self, client, staff):
        MembershipFactory(person__first_name="Rosa")
        alert = ActionAlertFactory(preheader="{{ first_name|Friend }}, the Senate votes.")
        page = client.get(address("preview", alert)).content.decode()
        assert "<strong>Rosa, three days left</strong>" in page
        assert "Rosa, the Senate votes." in page
        assert "KB. Gmail cuts off at 102 KB." in page

    def test_as_a_subscriber(self, client, staff):
        MembershipFactory()
        alert = ActionAlertFactory(include_subscribers=True)
        page = client.get(address("preview", alert), {"person": "subscriber"})
        assert page.context["shown"].message.subject == "Friend, three days left"

    def test_a_reader_of_spanish_is_shown_spanish(self, client, staff):
        reader = MembershipFactory()
        email = reader.person.email
        Preference.objects.create(email=email, address_hash=hash_address(email), language="es")
        alert = spanish_alert()
        page = client.get(address("preview", alert))
        assert page.context["shown"].message.subject == "Quedan tres días"
        page = client.get(address("preview", alert), {"version": "A-en"})
        assert page.context["shown"].language == "en"
        assert client.get(address("preview", alert), {"version": "Z-xx"}).context["shown"].language == "es"

    def test_both_variants_can_be_looked_at(self, client, staff):
        alert = ActionAlertFactory(test="subject", test_subject="The other one")
        page = client.get(address("preview", alert), {"version": "B-en"})
        assert page.context["shown"].message.subject == "The other one"
        assert "Variant B, English" in page.content.decode()

    def test_pictures_of_other_sites_may_be_shown_here_alone(self, client, staff):
        alert = ActionAlertFactory()
        assert " https:" in client.get(address("preview", alert))["Content-Security-Policy"]
        assert " https:" not in client.get(address("checks", alert))["Content-Security-Policy"]

    def test_pictures_are_shown_to_readers_in_the_browser_too(self, client):
        MembershipFactory()
        alert = ActionAlertFactory()
        AlertBlockFactory(alert=alert, kind="image", url="https://pictures.example/map.png", label="A map")
        approve_alert(alert=alert, by=StaffFactory())
        page = client.get(reverse("mailing:view_online", args=[view_token(Delivery.objects.get())]))
        assert 'src="https://pictures.example/map.png"' in page.content.decode()
        assert "img-src 'self' https:" in page["Content-Security-Policy"]

    def test_what_cannot_be_shown_is_said(self, client, staff):
        for changes in ({"subject": "{{ nobody }}"}, {"rules": {"field": "segment", "is": ["999999"]}}):
            page = client.get(address("preview", ActionAlertFactory(**changes)))
            assert page.status_code == 200
            assert page.context["trouble"]

    def test_many_people_cost_no_more_queries(self, client, staff, django_assert_num_queries):
        alert = ActionAlertFactory()
        MembershipFactory()
        client.get(address("preview", alert))
        for _round in range(2):
            with django_assert_num_queries(24):
                client.get(address("preview", alert))
            MembershipFactory.create_batch(19)


class TestByMail:
    def test_goes_to_the_staff_member_alone(self):
        MembershipFactory()
        staff, alert = StaffFactory(), ActionAlertFactory()
        assert send_test(alert=alert, to=[staff]) == 1
        message = OutboxMessage.objects.get()
        assert message.to == staff.email
        assert message.subject == "[Test] Friend, three days left"
        assert not Delivery.objects.exists()
        alert.refresh_from_db()
        assert alert.state == "draft"

    def test_every_chosen_message_to_every_chosen_colleague(self, client, staff):
        colleague = StaffFactory()
        member = MembershipFactory(person__first_name="Rosa")
        alert = spanish_alert(test="subject", test_subject="Other", test_subject_es="Otro")
        response = client.post(
            f"{address('send_test', alert)}?person={member.person_id}",
            {"to": [staff.pk, colleague.pk], "versions": ["A-en", "B-es"]},
            follow=True,
        )
        assert "4 tests are on their way." in response.content.decode()
        assert sorted((row.to, row.subject) for row in OutboxMessage.objects.all()) == sorted(
            (user.email, subject)
            for user in (staff, colleague)
            for subject in ("[Test] [Variant A] Rosa, three days left", "[Test] [Variant B] Otro")
        )
        assert any("Hola" in read_text(bytes(row.message)) for row in OutboxMessage.objects.all())

    def test_nobody_else_can_be_chosen(self, client, staff):
        outsider = UserFactory()
        response = client.post(
            address("send_test", ActionAlertFactory()), {"to": [outsider.pk], "versions": ["A-en"]}
        )
        assert response.context["form"].errors["to"]
        assert not OutboxMessage.objects.exists()

    def test_nothing_chosen_is_said_at_the_field(self, client, staff):
        response = client.post(address("send_test", ActionAlertFactory()), {"versions": ["A-es"]})
        assert set(response.context["form"].errors) == {"to", "versions"}
