"""`manage.py mail_status`: how mail is doing, for somebody at a terminal. Ends with 1 when something is wrong."""

import sys
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.timezone import localtime

from mailing.figures import RelayRow, relay_rows, unknown_by_mailing
from mailing.models import Mailing
from mailing.services.installation import fingerprint
from mailing.watching import look, progress_of, troubles


class Command(BaseCommand):
    help = "Shows what is going out, the mail servers, what waits, what is unknown, and signs of life."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        seen = look(now)
        self._lines(
            "Signs of life",
            [
                f"due mail looked at {_when(seen.pumped_at)}",
                f"lost workers looked for {_when(seen.swept_at)}",
            ],
        )
        self._lines("Database", [fingerprint(), *self._restored(seen.restored_at, seen.data_from)])
        self._lines("Mail servers", [_relay(row) for row in relay_rows()])
        self._lines(
            "Single messages waiting",
            [
                f"answers: {seen.answers.messages}, oldest due {_when(seen.answers.oldest_due)}",
                f"notices: {seen.notices.messages}, oldest due {_when(seen.notices.oldest_due)}",
            ],
        )
        self._lines("Mailings", self._mailings(now) or ["none under way"])
        unknown = [f"{mailing}: {number}" for mailing, number in unknown_by_mailing()]
        self._lines("Unknown", [*unknown, f"single messages: {seen.unknown_messages}"])
        found = troubles(seen)
        self._lines("Trouble", [trouble.words for trouble in found] or ["none"])
        if found:
            sys.exit(1)

    def _mailings(self, now: datetime) -> list[str]:
        rows = Mailing.objects.exclude(state__in=["done", "cancelled", "expired"]).order_by("send_at")[:50]
        progress = progress_of([mailing.pk for mailing in rows], now)
        return [
            f"{mailing.pk} {mailing.name}: {mailing.state}"
            + (f" ({mailing.pause_reason})" if mailing.pause_reason else "")
            + (f", {going.handled:,} of {going.total:,}, {going.rate:,}/min" if going else ", no recipients")
            for mailing in rows
            for going in [progress.get(mailing.pk)]
        ]

    def _restored(self, restored_at: datetime | None, data_from: datetime | None) -> list[str]:
        if restored_at is None:
            return ["not restored"]
        return [f"RESTORED, noticed {_when(restored_at)}; its data end {_when(data_from)}"]

    def _lines(self, title: str, lines: list[str]) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(title))
        for line in lines:
            self.stdout.write(f"  {line}")


def _relay(found: RelayRow) -> str:
    if found.row is not None and found.is_down:
        return f"{found.name}: no answer since {_when(found.row.down_since)}; {found.row.last_answer}"
    return f"{found.name}: no trouble"


def _when(moment: datetime | None) -> str:
    return localtime(moment).strftime("%Y-%m-%d %H:%M:%S") if moment else "never"
