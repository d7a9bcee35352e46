"""A worker that is asked to end: the process that sends is a child of the one that hears the signal."""

import os
import subprocess
import sys

from bench.report import ROOT

# What a worker does before its first task: import the tasks, then fork.
_WORKER = """
import os
from celery.signals import worker_shutting_down
from portal.celery import app

app.loader.import_default_modules()
heard, tell = os.pipe()
child = os.fork()
if child == 0:
    from mailing.shutdown import stop_asked
    os.read(heard, 1)
    os._exit(0 if stop_asked() else 1)
worker_shutting_down.send(sender=None)
os.write(tell, b".")
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_the_children_of_a_worker_hear_that_it_was_asked_to_end():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _WORKER],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
