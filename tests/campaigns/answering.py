"""What the tests of the action page share: an answer as typed, an alert as received, a page as text."""

from email import message_from_bytes, policy

from django.utils import timezone

from mailing.models import Topic
from mailing.services import Recipient, Written, add_recipients, compile_mailing
from tests.factories.alerts import ActionAlertFactory

ANSWER = {
    "first_name": "Maria",
    "last_name": "Gomez",
    "email": "maria@example.org",
    "zip_code": "60085",
    "comment": "It matters.",
}


def delivery_to(call, person=None, email=""):
    """An alert about a call that reached somebody."""
    topic, _created = Topic.objects.get_or_create(slug="action-alerts", defaults={"name": "Action alerts"})
    mailing = compile_mailing(
        topic=topic, name="Alert", contents=[Written("Act", "Act", "<p>Act</p>")], send_at=timezone.now()
    )
    ActionAlertFactory(call_to_action=call, mailing=mailing)
    add_recipients(
        mailing=mailing, recipients=[Recipient(email or person.email, recipient=person and person.pk)]
    )
    return mailing.deliveries.get()


def content(response) -> str:
    return response.content.decode()


def mail_text(row) -> str:
    """The text part of a message in the outbox, as its reader sees it."""
    message = message_from_bytes(bytes(row.message), policy=policy.default)
    return message.get_body(("plain",)).get_content()
