"""Reads bounces and complaints that came back by mail."""

import mailbox
import sys
from collections.abc import Iterator
from email import message_from_binary_file
from email.message import Message
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from mailing.reports import ProviderEvent
from mailing.reports.mail import read_report
from mailing.services.events import record_events


class Command(BaseCommand):
    help = (
        "Reads bounce messages (delivery status notifications, RFC 3464) and spam complaints (abuse reports, "
        "RFC 5965) and stops addresses that are gone or complained. For plain mail servers; providers with a web "
        "service report by themselves. Without options it reads one message from standard input, as a mail server "
        'hands it to a program ("| /path/to/manage.py read_bounces" in an alias); with --mbox a whole mailbox in '
        "mbox format, which stays as it is. Reading a message twice does no harm. Reports that do not carry the "
        "message ID of a message of ours are left out, because anybody could write them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--mbox", metavar="FILE", help="a mailbox in mbox format, in place of standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.read = self.without_report = 0
        recorded = record_events(provider="mail", events=self._events(options["mbox"]))
        self.stdout.write(
            f"{self.read} messages read, {self.without_report} without a report about our mail. "
            f"{recorded.new} reports are new, {recorded.repeated} were known. "
            f"{recorded.moved} deliveries changed, {recorded.stopped} addresses stopped."
        )

    def _events(self, path: str | None) -> Iterator[ProviderEvent]:
        now = timezone.now()
        for message in _mailbox(path) if path else iter([message_from_binary_file(sys.stdin.buffer)]):
            self.read += 1
            events = read_report(message, now=now)
            self.without_report += not events
            yield from events


def _mailbox(path: str) -> Iterator[Message]:
    if not Path(path).is_file():
        raise CommandError(f"There is no file {path}.")
    yield from mailbox.mbox(path, create=False)
