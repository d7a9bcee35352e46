"""Whom to invite next, in which order, and that nobody is invited twice or against their wish."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from mailing.addresses import hash_address
from mailing.models import OutboxMessage, Preference
from mailing.services import suppress
from meetings.invite_next import followed, invite_next, reason_words, source_of
from meetings.models import EventInvitation
from meetings.services.inviting import invite
from meetings.services.registering import register
from partners.errors import NotAllowed
from partners.models import UnderrepresentedSubSector
from partners.underrepresented import Reason
from tests.factories.meetings import AttendanceFactory, CouncilFactory, EventFactory, council_meeting
from tests.factories.partners import (
    AreaFactory,
    CoalitionFactory,
    MembershipFactory,
    StaffFactory,
    UserFactory,
    member,
)
from tests.meetings.scenes import NOW, came, contact, partner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _password_is_enough(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    CoalitionFactory()


@pytest.fixture
def council():
    return CouncilFactory()


@pytest.fixture
def event(council):
    return council_meeting(council, starts_at=NOW + timedelta(days=10), title="Fall meeting")


def names(found):
    return [row.organization.name for row in found.rows]


def asked(event, *organizations, by=None, subject="Come", message="Please come.", now=NOW):
    return invite(
        event=event,
        organizations=[organization.pk for organization in organizations],
        subject=subject,
        message=message,
        by=by or StaffFactory(),
        now=now,
    )


def reachable(area, **facts):
    organization = partner(area, **facts)
    contact(organization)
    return organization


# --- The list ---------------------------------------------------------------------------------------------------


def test_only_underrepresented_partners_of_the_area_that_have_no_place(council, event):
    area = council.area
    wanted = reachable(area, small=True)
    reachable(area)
    reachable(area, small=True, status="lapsed")
    reachable(AreaFactory(), small=True)
    partner(area, small=True)  # Nobody to write to.
    for status in ("registered", "waitlisted", "cancelled"):
        came(event, reachable(area, small=True), status=status)
    invited = reachable(area, small=True)
    asked(event, invited)
    found = invite_next(event, NOW)
    assert names(found) == [wanted.name]
    assert (found.have_place, found.said_no, found.invited, found.without_contact) == (2, 1, 1, 1)


def test_a_statewide_event_looks_everywhere():
    first, second = reachable(AreaFactory(), small=True), reachable(AreaFactory(), small=True)
    assert set(names(invite_next(EventFactory(starts_at=NOW + timedelta(days=9)), NOW))) == {
        first.name,
        second.name,
    }


def test_ranked_by_missing_reasons_then_by_last_attendance_then_by_name(council, event):
    area = council.area
    # Registered: two small ones. Partners: budget is well represented, race is not.
    came(event, partner(area, small=True), partner(area, small=True), partner(area), status="registered")
    by_race = reachable(area, race=["latino"], name="Zinnia House")
    never = reachable(area, small=True, name="Birch House")
    also_never = reachable(area, small=True, name="Acorn House")
    long_ago = reachable(area, small=True, name="Aspen House")
    lately = reachable(area, small=True, name="Alder House")
    for organization, days in ((long_ago, 400), (lately, 30)):
        came(council_meeting(council, starts_at=NOW - timedelta(days=days), state="held"), organization)
    found = invite_next(event, NOW)
    # Known: 8. Budget: 2 of 3 attending = 66.7, of partners 6 of 8 = 75.0. Race: 0 and 1 of 8 = 12.5.
    assert [row.points for row in found.rows] == [12.5, 8.3, 8.3, 8.3, 8.3]
    assert names(found) == [by_race.name, also_never.name, never.name, long_ago.name, lately.name]
    assert found.rows[3].last_attended == NOW - timedelta(days=400)
    # (2 + k) / (3 + k) = 7/8 at k = 5: all of them.
    assert found.panel.to_close == 5
    assert all(row.suggested for row in found.rows)


def test_last_contact_is_the_newest_message_that_went_out(council, event):
    organization = partner(council.area, small=True)
    person = contact(organization)
    for days, sent in ((30, True), (9, True), (1, False)):
        OutboxMessage.objects.create(
            to=person.email,
            subject="Hello",
            message=b"",
            message_id=f"{days}@example.org",
            next_attempt_at=NOW,
            state="sent" if sent else "pending",
            sent_at=NOW - timedelta(days=days) if sent else None,
        )
    (row,) = invite_next(event, NOW).rows
    assert row.last_written == NOW - timedelta(days=9)
    assert row.last_attended is None


def test_reasons_from_answers_only_for_those_who_may_read_them():
    reasons = [Reason.BUDGET, Reason.RACE]
    assert reason_words(reasons, StaffFactory()) == [
        "the leader's race or ethnicity",
        "an annual budget under $5 million",
    ]
    words = reason_words(reasons, UserFactory(is_staff=True))
    assert words == ["an annual budget under $5 million", "an answer in its profile"]
    assert reason_words([Reason.BUDGET], UserFactory(is_staff=True)) == [words[0]]


def test_the_same_queries_for_one_and_twenty(council, event, django_assert_max_num_queries):
    reachable(council.area, small=True)
    with django_assert_max_num_queries(15) as one:
        invite_next(event, NOW)
    for _number in range(20):
        reachable(council.area, small=True)
    with django_assert_max_num_queries(15) as twenty:
        assert len(invite_next(event, NOW).rows) == 21
    assert len(one) == len(twenty)


# --- Inviting ---------------------------------------------------------------------------------------------------


def test_each_primary_contact_is_written_to_once(council, event):
    organization = partner(council.area, small=True)
    people = {contact(organization).email, contact(organization).email}
    MembershipFactory(organization=organization, role="advocate")
    rows = asked(event, organization)
    assert len(rows) == 2
    assert asked(event, organization) == []
    sent = OutboxMessage.objects.all()
    assert {message.to for message in sent} == people
    assert {message.precedence for message in sent} == {OutboxMessage.Precedence.NOTICE}
    assert {message.expires_at for message in sent} == {event.starts_at}
    assert all(row.reasons == ["budget"] for row in EventInvitation.objects.all())


def test_a_contact_of_two_partners_is_asked_once(council, event):
    first, second = partner(council.area, small=True), partner(council.area, small=True)
    person = contact(first)
    MembershipFactory(person=person, organization=second)
    assert len(asked(event, first, second)) == 1
    assert OutboxMessage.objects.count() == 1


def test_suppressed_and_paused_addresses_are_left_alone(council, event):
    silent, resting, awake = (partner(council.area, small=True) for _ in range(3))
    suppress(email=contact(silent).email, reason="unsubscribed")
    for organization, until in ((resting, NOW + timedelta(days=3)), (awake, NOW - timedelta(days=3))):
        email = contact(organization).email
        Preference.objects.create(email=email, address_hash=hash_address(email), paused_until=until)
    rows = asked(event, silent, resting, awake)
    assert [row.organization for row in rows] == [awake]
    assert invite_next(event, NOW).without_contact == 2


def test_those_not_on_the_list_are_not_asked(council, event):
    other = reachable(AreaFactory(), small=True)
    plain = reachable(council.area)
    assert asked(event, other, plain) == []
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "draft"},
        {"state": "held"},
        {"state": "cancelled", "cancelled_at": NOW},
        {"starts_at": NOW - timedelta(minutes=1)},
        {"registration_closes_at": NOW},
    ],
)
def test_only_to_events_that_take_registrations(council, facts):
    event = council_meeting(council, **({"starts_at": NOW + timedelta(days=3)} | facts))
    organization = reachable(council.area, small=True)
    with pytest.raises(NotAllowed):
        asked(event, organization)


def test_not_to_internal_events():
    retreat = EventFactory(kind="internal", audience="staff", starts_at=NOW + timedelta(days=3))
    with pytest.raises(NotAllowed):
        asked(retreat, reachable(AreaFactory(), small=True))


def test_only_staff_with_the_right_invite(council, event):
    organization = reachable(council.area, small=True)
    for user in (UserFactory(is_staff=True), member(organization)):
        with pytest.raises(NotAllowed):
            asked(event, organization, by=user)
    user = UserFactory(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="add_eventinvitation"))
    assert asked(event, organization, by=user)


def test_words_that_cannot_be_sent_are_refused(council, event):
    organization = reachable(council.area, small=True)
    for facts in ({"subject": " "}, {"message": "\n"}, {"message": "x" * 10_000}, {"subject": "x" * 200}):
        with pytest.raises(NotAllowed):
            asked(event, organization, **facts)


def test_the_words_arrive_as_text(council, event):
    organization = partner(council.area, small=True, name="Café <b>Ω</b> 🌻")
    contact(organization, first_name="Ωmega")
    asked(
        event,
        organization,
        subject="Komm\r\nBcc: all@example.org 🌻",
        message="<script>alert(1)</script>\n\nمرحبا {{ settings.SECRET_KEY }} {% now 'Y' %}",
    )
    message = OutboxMessage.objects.get()
    wire = bytes(message.message).decode("utf-8", "replace")
    assert not [line for line in wire.splitlines() if line.lower().startswith("bcc:")]
    assert "Bcc:" in message.subject
    parsed = message_from_bytes(bytes(message.message), policy=policy.default)
    html = parsed.get_body(("html",)).get_content()
    text = parsed.get_body(("plain",)).get_content()
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert "<script>alert(1)</script>" in text
    assert "{{ settings.SECRET_KEY }}" in text
    assert "مرحبا" in text
    link = f"/events/{event.slug}/?from={source_of(EventInvitation.objects.get())}"
    assert link in text
    assert link in html


# --- Followed ---------------------------------------------------------------------------------------------------


def test_followed_from_the_invitation_to_the_attendance(council, event):
    by_hand, over_link, away, silent = (partner(council.area, small=True) for _ in range(4))
    for organization in (by_hand, over_link, away, silent):
        contact(organization)
    rows = {row.organization_id: row for row in asked(event, by_hand, over_link, away, silent)}
    AttendanceFactory(event=event, person=rows[by_hand.pk].person, organization=by_hand, status="attended")
    colleague = MembershipFactory(organization=over_link, role="advocate").person
    register(
        event=event,
        person=colleague,
        online=False,
        needs="",
        language="",
        source=source_of(rows[over_link.pk]),
        by=None,
        now=NOW,
    )
    AttendanceFactory(event=event, person=rows[away.pk].person, organization=away, status="cancelled")
    funnel = followed(event)
    assert (funnel.invited, funnel.registered, funnel.attended) == ((4, 4), (2, 2), (1, 1))
    status = {row.invitation.organization_id: row.status for row in funnel.rows}
    assert status == {by_hand.pk: "attended", over_link.pk: "registered", away.pk: "cancelled", silent.pk: ""}


def test_nobody_stands_twice_on_an_events_invitations(council, event):
    organization = reachable(council.area, small=True)
    (row,) = asked(event, organization)
    with pytest.raises(IntegrityError), transaction.atomic():
        EventInvitation.objects.create(
            event=event, organization=organization, person=row.person, invited_at=NOW
        )


# --- The page ---------------------------------------------------------------------------------------------------


@pytest.fixture
def soon(council):
    return council_meeting(council, starts_at=timezone.now() + timedelta(days=10), title="Fall meeting")


def address(event):
    return reverse("admin:meetings_eventinvitation_of_event", args=[event.pk])


def test_shown_then_previewed_then_sent(client, council, soon):
    client.force_login(StaffFactory())
    organization = partner(council.area, small=True, said=False, name="Acorn House")
    contact(organization, first_name="Rosa")
    page = client.get(address(soon)).content.decode()
    assert "Acorn House" in page
    assert "An annual budget under $5 million" in page
    answers = {"organization": [organization.pk], "subject": "Come 🌻", "message": "We <b>miss</b> you."}
    shown = client.post(address(soon), answers | {"preview": "yes"}).content.decode()
    assert "Hello Rosa" in shown
    assert "Send 1 invitation" in shown
    # The mail stands in the frame's attribute, every quote of it escaped.
    assert 'srcdoc="&lt;!DOCTYPE html&gt;' in shown
    assert "We &amp;lt;b&amp;gt;miss" in shown
    assert not OutboxMessage.objects.exists()
    again = client.post(address(soon), answers | {"edit": "yes"}).content.decode()
    assert "We &lt;b&gt;miss&lt;/b&gt; you." in again
    assert client.post(address(soon), answers | {"send": "yes"}).status_code == 302
    client.post(address(soon), answers | {"send": "yes"})
    assert OutboxMessage.objects.count() == 1
    assert "Who was invited" in client.get(address(soon)).content.decode()


def test_bad_input_comes_back_with_the_words(client, council, soon):
    client.force_login(StaffFactory())
    organization = reachable(council.area, small=True, said=False)
    for answers in (
        {"organization": ["x", "-1", "9" * 40, "²"], "subject": "Come", "message": "Please", "send": "yes"},
        {"organization": [organization.pk], "subject": "", "message": "Please", "send": "yes"},
        {"organization": [organization.pk], "subject": "Come", "message": "x" * 10_000, "preview": "yes"},
        {"subject": "Come", "message": "Please", "preview": "yes"},
    ):
        assert client.post(address(soon), answers).status_code == 200
    assert not OutboxMessage.objects.exists()


def test_who_may_not_see_it(client, council, soon):
    organization = reachable(council.area, small=True)
    client.force_login(member(organization))
    assert client.get(address(soon)).status_code in {302, 403}
    assert client.post(address(soon), {"send": "yes"}).status_code in {302, 403}
    client.force_login(UserFactory(is_staff=True))
    assert client.get(address(soon)).status_code == 403
    reader = UserFactory(is_staff=True)
    reader.user_permissions.add(
        *Permission.objects.filter(codename__in=["view_eventinvitation", "view_event"])
    )
    client.force_login(reader)
    page = client.get(address(soon)).content.decode()
    assert "You may not invite people" in page
    answers = {"organization": [organization.pk], "subject": "Come", "message": "Please", "send": "yes"}
    client.post(address(soon), answers)
    assert not EventInvitation.objects.exists()


def test_reasons_from_answers_stay_hidden_on_the_page(client, council, soon):
    organization = partner(council.area, race=["black"], at=timezone.now())
    contact(organization)
    reader = UserFactory(is_staff=True)
    reader.user_permissions.add(
        *Permission.objects.filter(codename__in=["view_eventinvitation", "add_eventinvitation", "view_event"])
    )
    client.force_login(reader)
    page = client.get(address(soon)).content.decode()
    assert organization.name in page
    assert "An answer in its profile" in page
    assert "The leader&#x27;s race" not in page
    invite(
        event=soon,
        organizations=[organization.pk],
        subject="Come",
        message="Please",
        by=reader,
        now=timezone.now(),
    )
    listed = client.get(reverse("admin:meetings_eventinvitation_changelist")).content.decode()
    assert organization.name in listed
    assert "race or ethnicity" not in listed
    client.force_login(StaffFactory())
    assert (
        "race or ethnicity"
        in client.get(reverse("admin:meetings_eventinvitation_changelist")).content.decode()
    )


def test_an_internal_event_has_no_panel(client):
    client.force_login(StaffFactory())
    retreat = EventFactory(kind="internal", audience="staff")
    assert "counted apart" in client.get(address(retreat)).content.decode()


def test_the_years_list_is_a_reason(council, event):
    organization = reachable(council.area)
    UnderrepresentedSubSector.objects.create(fiscal_year=2027, sub_sector=organization.sub_sectors.get())
    (row,) = invite_next(event, NOW).rows
    assert row.reasons == {Reason.SUB_SECTOR}
