"""People and their places in organizations."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailing.addresses import normalize_address
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import Membership, Organization, Person, User


@transaction.atomic
def remember_person(*, email: str, first_name: str = "", last_name: str = "", zip_code: str = "") -> Person:
    """The person behind an address, made if we did not know them. Fills gaps.

    Whoever has a login keeps the name they gave; a stranger who types their address cannot rename them.
    """
    address = normalize_address(email)
    person = Person.objects.select_for_update().filter(email=address).first()
    if person is None:
        try:
            with transaction.atomic():
                return Person.objects.create(
                    email=address, first_name=first_name, last_name=last_name, zip_code=zip_code
                )
        except IntegrityError:  # Somebody else remembered them a moment ago.
            person = Person.objects.select_for_update().get(email=address)
    _fill(person, first_name=first_name, last_name=last_name, zip_code=zip_code)
    return person


def _fill(person: Person, **facts: str) -> None:
    """Writes facts that were missing; without a login also newer ones."""
    changed = [
        name
        for name, value in facts.items()
        if value and value != getattr(person, name) and not (person.user_id and getattr(person, name))
    ]
    for name in changed:
        setattr(person, name, facts[name])
    if changed:
        person.save(update_fields=changed)


@transaction.atomic
def person_of(*, user: User) -> Person:
    """The person behind a login; staff logins get theirs when it is first needed."""
    person = Person.objects.select_for_update().filter(user=user).first()
    if person is None:
        person = remember_person(email=user.email)
        if person.user_id and person.user_id != user.pk:
            raise NotAllowed(_("This address belongs to another login."))
        person.user = user
        person.save(update_fields=["user"])
    return person


@transaction.atomic
def update_person(*, user: User, first_name: str, last_name: str, title: str, phone: str) -> Person:
    """What somebody says about themself."""
    person = person_of(user=user)
    person.first_name, person.last_name = first_name, last_name
    person.title, person.phone = title, phone
    person.save(update_fields=["first_name", "last_name", "title", "phone"])
    return person


@transaction.atomic
def start_membership(*, person: Person, organization: Organization, role: str) -> Membership:
    """A person's place in an organization from today. Whoever is there keeps the higher of the two roles."""
    Organization.objects.select_for_update().get(pk=organization.pk)
    membership = organization.memberships.current().filter(person=person).first()
    if membership is None:
        return Membership.objects.create(
            person=person, organization=organization, role=role, started_on=timezone.localdate()
        )
    ranks = Membership.Role.values
    if ranks.index(role) < ranks.index(membership.role):
        membership.role = role
        membership.save(update_fields=["role"])
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User) -> Membership:
    """Gives a member another role; never takes it from the last primary contact."""
    membership = _lock(membership)
    if membership.role == role:
        return membership
    _keep_a_primary_contact(membership)
    membership.role = role
    changed_by(membership, by)
    membership.save(update_fields=["role"])
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: User) -> Membership:
    """Ends a membership today; the row stays. The last primary contact cannot leave without a successor."""
    membership = _lock(membership)
    _keep_a_primary_contact(membership)
    membership.ended_on = timezone.localdate()
    changed_by(membership, by)
    membership.save(update_fields=["ended_on"])
    return membership


def _lock(membership: Membership) -> Membership:
    """The membership as it is now; its organization is locked, so that two contacts cannot leave at once."""
    Organization.objects.select_for_update().get(pk=membership.organization_id)
    fresh = Membership.objects.select_related("person", "organization").get(pk=membership.pk)
    if fresh.ended_on:
        raise NotAllowed(_("This membership has ended already."))
    return fresh


def _keep_a_primary_contact(membership: Membership) -> None:
    primary = Membership.Role.PRIMARY_CONTACT
    if membership.role != primary:
        return
    others = membership.organization.memberships.current().filter(role=primary).exclude(pk=membership.pk)
    if not others.exists():
        raise NotAllowed(_("Make somebody else a primary contact first. Every organization needs one."))


@transaction.atomic
def follow_login_address(*, user: User) -> None:
    """After a login's address changed: the person is known by it, unless it stands for somebody else."""
    taken = Person.objects.by_email(user.email).exclude(user=user).exists()
    if not taken:
        Person.objects.filter(user=user).update(email=normalize_address(user.email))
