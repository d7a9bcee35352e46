"""The three accounts that the demonstration's first page names."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from partners.models import Person, User
from portal.embedded.demo_logins import ADVOCATE, CONTACT, PASSWORD, STAFF
from portal.reference.load import create_staff_account


def write_logins() -> User:
    """Staff, primary contact and advocate, with verified addresses and the demo password; returns staff."""
    encoded = make_password(PASSWORD)  # Slow on purpose, so once for all three.
    staff, _created = create_staff_account(email=STAFF.email, password=None)
    User.objects.filter(pk=staff.pk).update(password=encoded)
    Person.objects.create(
        email=STAFF.email, first_name="Alex", last_name="Rivera", title="Executive director", user=staff
    )
    for login in (CONTACT, ADVOCATE):
        user = User.objects.create(email=login.email, password=encoded)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        Person.objects.by_email(login.email).update(user=user)
    staff.refresh_from_db()
    return staff
