"""django-post-office, tuned: large batches, one thread in each of two processes, no log rows, bodies rendered before.

Tried and no better: batches of 100 (its default, a third as fast), 500, 1,000 and 5,000; two and five threads (its
default) in each process; one stored template rendered at delivery.
"""

import logging
import tempfile
import time

from bench import alert
from bench.peers import project

TUNED = {
    "BATCH_SIZE": 2000,
    "THREADS_PER_PROCESS": 1,
    "LOG_LEVEL": 0,
    "BATCH_DELIVERY_TIMEOUT": 600,
    # By its primary key: the usual order would sort the whole queue for every batch.
    "SENDING_ORDER": ["id"],
}


def fill(number: int) -> None:
    """The queue, one row for each recipient, whole messages in it."""
    from post_office import mail

    for first in range(0, number, 500):
        mail.send_many([_message(one) for one in range(first, min(first + 500, number))])


def _message(number: int) -> dict[str, object]:
    address, slots = alert.person(number)
    return {
        "recipients": address,
        "sender": alert.FROM,
        "subject": alert.filled(alert.SUBJECT, slots),
        "message": alert.filled(alert.text(), slots),
        "html_message": alert.filled(alert.html(), slots),
    }


def send(number: int) -> float:
    """Its own loop, which is all that `manage.py send_queued_mail --processes 2` runs."""
    from post_office.mail import send_queued_mail_until_done
    from post_office.models import STATUS, Email

    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        send_queued_mail_until_done(f"{folder}/lock", project.PROCESSES)
        seconds = time.perf_counter() - began
    if Email.objects.filter(status=STATUS.sent).count() != number:
        raise SystemExit("django-post-office did not send its whole queue.")
    return seconds


if __name__ == "__main__":
    # Otherwise it logs every message.
    logging.getLogger("post_office").addHandler(logging.NullHandler())
    logging.getLogger("post_office").setLevel(logging.WARNING)
    project.set_up("post_office", POST_OFFICE=TUNED)
    project.empty("post_office_email CASCADE")
    project.run(fill, send)
