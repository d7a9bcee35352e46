"""Signed words in the addresses of somebody's own place, and of a registration that its contact opens."""

from django.conf import settings
from django.urls import reverse

from partners.gatherings.tokens import MANAGE, place_token, read_place_token
from trainings.models import Enrollment, Registration

ROOM = "trainings"
# A registration is no place: its word opens nobody's own page, and the other way round.
REGISTRATION = "registration"
# In the address after registering without a login: it shows numbers, and nobody's name.
SENT = "sent"


def place_address(enrollment: Enrollment, page: str = "place") -> str:
    """Where somebody manages their own place; `page` names another page of it."""
    return reverse(f"trainings:{page}", args=[place_token(ROOM, MANAGE, enrollment.pk)])


def place_behind(token: str) -> int | None:
    """The enrollment's number; None for what we did not sign."""
    return read_place_token(ROOM, MANAGE, token)


def registration_address(registration: Registration) -> str:
    """Where the contact sees what they registered."""
    return reverse("trainings:registered", args=[place_token(ROOM, REGISTRATION, registration.pk)])


def registration_behind(token: str) -> int | None:
    """The registration's number; None for what we did not sign."""
    return read_place_token(ROOM, REGISTRATION, token)


def full(address: str) -> str:
    """A path of ours as it stands in a mail."""
    return f"{settings.SITE_URL}{address}"
