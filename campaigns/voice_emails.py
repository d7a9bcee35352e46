"""What we write to the workers whose words we tell: where they stand, how to withdraw them, the proof of it."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.emails import Message, message_from
from campaigns.models import WorkerProfile, WorkerVoice
from campaigns.tokens import words_token


def withdrawal_address(words: WorkerVoice | WorkerProfile) -> str:
    """Where its author withdraws what they told us, at any time."""
    return settings.SITE_URL + reverse("campaigns:withdraw_words", args=[words_token(words)])


def page_address(words: WorkerVoice | WorkerProfile) -> str:
    """The page on which the words stand."""
    page = words.priority if isinstance(words, WorkerVoice) else words
    return settings.SITE_URL + page.get_absolute_url()


def words_published(words: WorkerVoice | WorkerProfile) -> Message:
    """Tells them that their words are on the site, and how to take them back.

    It repeats nothing of them, not even a profile's address, which may hold a name: mail is kept for a while.
    """
    return message_from(
        "words_published",
        _("Your words are with us, and how to take them back"),
        {"words": words, "withdraw_url": withdrawal_address(words)},
    )


def words_withdrawn(words: WorkerVoice | WorkerProfile) -> Message:
    """The proof that their words are erased."""
    return message_from("words_withdrawn", _("Your words are withdrawn"), {"words": words})
