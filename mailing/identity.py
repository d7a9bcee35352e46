"""Who signs the mail. The facts are another app's; settings name the function that tells them."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class SenderIdentity:
    """What the law and the reader want to know of a sender."""

    name: str
    postal_address: str
    reply_to: str
    site_url: str


def sender_identity() -> SenderIdentity:
    """The sender as `settings.MAILING_IDENTITY` tells it."""
    return import_string(settings.MAILING_IDENTITY)()
