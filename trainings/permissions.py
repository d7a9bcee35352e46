"""Who may do what with trainings: booleans."""

from django.contrib.auth.models import AnonymousUser

from partners.models import Membership, Organization, User
from partners.permissions import can_edit_organization
from trainings.models import Course


def can_register(user: User | AnonymousUser, course: Course) -> bool:
    """Register oneself and colleagues: everybody, or people of active partners where the course is for them."""
    if course.audience == Course.Audience.EVERYONE:
        return True
    if not user.is_authenticated:
        return False
    if can_register_others(user):
        return True
    return Membership.objects.of(user).filter(organization__status=Organization.Status.ACTIVE).exists()


def can_register_others(user: User | AnonymousUser) -> bool:
    """Register whoever calls the office: staff with the right to change enrollments."""
    return user.is_authenticated and user.is_staff and user.has_perm("trainings.change_enrollment")


def can_see_who_took_part(user: User | AnonymousUser, organization: Organization) -> bool:
    """See which of an organization's own people took part in what: its primary contacts."""
    return can_edit_organization(user, organization)


def can_check_in(user: User | AnonymousUser) -> bool:
    """Whether somebody may say who was there: staff with the right to change enrollments."""
    return can_register_others(user)
