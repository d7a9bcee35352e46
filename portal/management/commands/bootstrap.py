"""`manage.py bootstrap`: what an empty portal needs before its first day."""

import getpass
import os
import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse

from mailing.addresses import normalize_address
from partners.models import Coalition, User
from portal.reference.coalition import SAMPLE_EMAIL
from portal.reference.load import create_staff_account, load_reference

PASSWORD_VARIABLE = "PORTAL_STAFF_PASSWORD"  # noqa: S105 (the variable's name, not a password)


class Command(BaseCommand):
    help = (
        "Writes the coalition's facts, areas, counties, sub-sectors, pillars, mail topics and subjects of bills where they are "
        "missing, and creates the first staff account. Safe to run again: what is there stays as it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--email",
            help=f"the first staff account; its password is read from {PASSWORD_VARIABLE}, or asked for",
        )

    def handle(self, *args: Any, email: str | None = None, **options: Any) -> None:
        if email:
            self._check_address(email)
        loaded = load_reference()
        self.stdout.write(
            f"Reference data: {loaded.areas} areas, {loaded.counties} counties, {loaded.sub_sectors} "
            f"sub-sectors, {loaded.pillars} pillars, {loaded.topics} mail topics and {loaded.subjects} subjects of bills added."
            if loaded.total
            else "Reference data: all there, nothing added."
        )
        if Coalition.objects.filter(email=SAMPLE_EMAIL).exists():
            self.stdout.write(
                f"The coalition's e-mail address is still the sample {SAMPLE_EMAIL}: set the real one in the "
                "admin, under Coalition."
            )
        if email:
            self._staff_account(email)

    def _check_address(self, email: str) -> None:
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email!r} is not an e-mail address.") from None

    def _staff_account(self, email: str) -> None:
        if User.objects.filter(email=normalize_address(email)).exists():
            self.stdout.write(f"Staff account {email}: already there, left as it is.")
            return
        password = self._password(email)
        user, created = create_staff_account(email=email, password=password)
        if not created:
            self.stdout.write(f"Staff account {user.email}: already there, left as it is.")
        elif password:
            self.stdout.write(f"Staff account {user.email}: created.")
        else:
            address = settings.SITE_URL + reverse("account_reset_password")
            self.stdout.write(
                f"Staff account {user.email}: created without a password. To set one, open {address} "
                "and enter the address."
            )

    def _password(self, email: str) -> str | None:
        """From the environment, or from the person at the terminal; None where there is neither."""
        password = os.environ.get(PASSWORD_VARIABLE) or None
        if password is None and sys.stdin is not None and sys.stdin.isatty():
            password = getpass.getpass(f"Password for {email} (empty: set it later by e-mail): ") or None
            if password and getpass.getpass("Once more: ") != password:
                raise CommandError("The two passwords differ. No account was created; run the command again.")
        if password is None:
            return None
        try:
            validate_password(password, User(email=email))
        except ValidationError as error:
            raise CommandError(
                "The password is too weak, so no account was created: " + " ".join(error.messages)
            ) from None
        return password
