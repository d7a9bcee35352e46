"""django-mailer: its queue emptied by two processes at once, without its lock file, which would let only one send."""

from bench import alert
from bench.peers import project


def fill(number: int) -> None:
    """The queue, one row for each recipient; it has no way of its own to write many at once."""
    from mailer.models import Message

    for first in range(0, number, 500):
        rows = [Message() for _one in range(first, min(first + 500, number))]
        for one, row in enumerate(rows, first):
            row.email = _message(one)
        Message.objects.bulk_create(rows)


def _message(number: int) -> object:
    from django.core.mail import EmailMultiAlternatives

    address, slots = alert.person(number)
    message = EmailMultiAlternatives(
        alert.filled(alert.SUBJECT, slots), alert.filled(alert.text(), slots), alert.FROM, [address]
    )
    message.attach_alternative(alert.filled(alert.html(), slots), "text/html")
    return message


def send(_number: int) -> float:
    """`send_all` in each process; each skips what the other has locked."""
    from mailer.engine import send_all

    return project.together(lambda _process: send_all())


if __name__ == "__main__":
    project.set_up("mailer", MAILER_USE_FILE_LOCK=False)
    project.empty("mailer_message, mailer_messagelog")
    project.run(fill, send)
