"""What the tests of the action page share: an answer as typed, an alert as received, a page as text."""

from django.utils import timezone

from mailing.models import Delivery, Mailing, Topic
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
    mailing = Mailing.objects.create(
        topic=topic,
        name="Alert",
        subject="Act",
        from_header="a@example.org",
        text="",
        html="",
        send_at=timezone.now(),
    )
    ActionAlertFactory(call_to_action=call, mailing=mailing)
    return Delivery.objects.create(
        mailing=mailing,
        recipient=person and person.pk,
        email=email or person.email,
        address_hash=f"{mailing.pk}",
    )


def content(response) -> str:
    return response.content.decode()
