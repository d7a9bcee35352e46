"""The accounts of the demonstration coalition; `load_demo` makes them and `make run` prints them.

They exist only where demonstration content was loaded, never in production.
"""

from dataclasses import dataclass

PASSWORD = "coalition-demo"  # Printed on purpose.


@dataclass(frozen=True)
class DemoLogin:
    """One person who can sign in: the e-mail address, and who that is."""

    email: str
    label: str


STAFF = DemoLogin("staff@illinoispartners.example", "staff, whose desk is at /admin/")
CONTACT = DemoLogin("contact@ardenshore.example", "primary contact of a partner organization")
ADVOCATE = DemoLogin("advocate@ardenshore.example", "advocate at the same organization")

DEMO_LOGINS = (STAFF, CONTACT, ADVOCATE)
