"""The tiny Django project in which a peer runs: settings from the environment, and processes that start together."""

import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable

from bench import alert

PROCESSES = 2


def set_up(*apps: str, **more: object) -> None:
    """Django with these apps, their queue in the benchmark's PostgreSQL, and the sink as mail server."""
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="bench" * 12,
        INSTALLED_APPS=["django.contrib.contenttypes", *apps],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": os.environ["BENCH_DATABASE"],
                "HOST": os.environ["BENCH_DATABASE_HOST"],
                "USER": os.environ["BENCH_DATABASE_USER"],
                "CONN_MAX_AGE": None,
            }
        },
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=int(os.environ["BENCH_SINK_PORT"]),
        DEFAULT_FROM_EMAIL=alert.FROM,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        LOGGING_CONFIG=None,
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        **more,
    )
    django.setup()


def empty(tables: str) -> None:
    """The peer's tables, without the rows of the round before."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables}")


def together(work: Callable[[int], None]) -> float:
    """Runs `work(number)` in several processes that begin at once; seconds until the last has ended."""
    from django.db import connections

    connections.close_all()
    fork = multiprocessing.get_context("fork")
    start = fork.Barrier(PROCESSES + 1)

    def begin(number: int) -> None:
        start.wait()
        work(number)

    children = [fork.Process(target=begin, args=(number,)) for number in range(PROCESSES)]
    for child in children:
        child.start()
    start.wait()
    began = time.perf_counter()
    for child in children:
        child.join()
    seconds = time.perf_counter() - began
    if any(child.exitcode for child in children):
        raise SystemExit("A sending process failed.")
    return seconds


def run(fill: Callable[[int], None], send: Callable[[int], float]) -> None:
    """`python -m bench.peers.NAME MESSAGES`: fills the queue, sends it, and prints the seconds of both."""
    number = int(sys.argv[1])
    began = time.perf_counter()
    fill(number)
    filled = time.perf_counter() - began
    print(json.dumps({"fill": filled, "send": send(number)}))
