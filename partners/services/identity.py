"""The coalition's row, and how it signs its mail."""

from django.conf import settings

from mailing.identity import SenderIdentity
from partners.models import Coalition, User


def get_coalition() -> Coalition:
    """The coalition's facts; an empty one before `bootstrap` has run."""
    return Coalition.objects.first() or Coalition(
        id=1, name="Illinois Partners for Human Service", short_name="Illinois Partners"
    )


def sender_identity() -> SenderIdentity:
    """What mailing prints under every message."""
    coalition = get_coalition()
    return SenderIdentity(
        name=coalition.name,
        postal_address=coalition.postal_address,
        reply_to=coalition.email,
        site_url=settings.SITE_URL,
    )


def alarm_recipients() -> list[str]:
    """Who hears when mail stands still and settings name nobody: the addresses of all superusers."""
    return list(
        User.objects.filter(is_active=True, is_superuser=True).order_by("pk").values_list("email", flat=True)
    )
