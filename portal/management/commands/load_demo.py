"""`manage.py load_demo`: a lively sample coalition for demonstrations, trainings and measurements."""

import argparse
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.demo.load import PortalNotEmpty, load_demonstration


def _size(text: str) -> int:
    try:
        size = int(text)
    except ValueError:
        size = 0
    if not 1 <= size <= 100_000:
        raise argparse.ArgumentTypeError("must be a whole number from 1 to 100000")
    return size


class Command(BaseCommand):
    help = (
        "Loads the demonstration coalition into an empty portal: sample partners and people around the "
        "coalition's own agenda, campaigns and stories. Loads all of it or nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", type=_size, default=800, help="organizations (default 800)")
        parser.add_argument("--seed", type=int, default=7, help="another seed, other sample data (default 7)")

    def handle(self, *args: Any, size: int, seed: int, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "The demonstration comes with logins whose password is published, so it is not loaded in "
                "production. Run `manage.py bootstrap` instead."
            )
        started = time.monotonic()
        try:
            load_demonstration(size=size, seed=seed, now=timezone.now(), say=self._say)
        except PortalNotEmpty:
            raise CommandError(
                "This portal has content already, so nothing was loaded. The demonstration needs "
                "an empty one."
            ) from None
        self._say(f"The demonstration coalition is loaded ({time.monotonic() - started:.1f} s).")

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
