"""Lets a long task know that its worker was asked to end."""

import mmap

from celery.signals import worker_shutting_down

# One byte that the worker's main process shares with its children: only the main process gets the signal.
_flag = mmap.mmap(-1, 1)


@worker_shutting_down.connect
def ask_to_stop(**_kwargs: object) -> None:
    """Celery's main process calls this at SIGTERM, before it waits for its tasks."""
    _flag[0] = 1


def stop_asked() -> bool:
    """Whether this worker should finish what it has begun and begin nothing new."""
    return _flag[0] == 1
