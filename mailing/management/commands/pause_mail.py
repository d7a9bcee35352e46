"""`manage.py pause_mail`: after a backup was restored, nothing goes out until staff have looked."""

from typing import Any

from django.core.management.base import BaseCommand

from mailing.models import Mailing
from mailing.services import pause_mailing


class Command(BaseCommand):
    help = (
        "Pauses every mailing that is scheduled or under way. For use after restoring a backup: what went out "
        "after the backup was made would otherwise go out again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        paused = 0
        for mailing in Mailing.objects.filter(state__in=[Mailing.State.READY, Mailing.State.SENDING]):
            pause_mailing(mailing=mailing)
            self.stdout.write(f"Paused: {mailing}")
            paused += 1
        self.stdout.write(f"{paused} mailings paused. Staff resume them in the admin, alert by alert.")
