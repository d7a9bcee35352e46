"""Who may take part in what."""

from django.contrib.auth.models import AnonymousUser

from meetings.models import Event
from partners.models import Person, User
from partners.permissions import acting_organization


def may_take_part(event: Event, person: Person) -> bool:
    """Whether an event is meant for this person: everyone, people of active partners, or board and staff."""
    if event.audience == Event.Audience.EVERYONE or (person.user is not None and person.user.is_staff):
        return True
    return event.audience == Event.Audience.PARTNERS and acting_organization(person) is not None


def can_check_in(user: User | AnonymousUser) -> bool:
    """Whether somebody may say who was there: staff with the right to change attendance."""
    return user.is_authenticated and user.is_staff and user.has_perm("meetings.change_attendance")
