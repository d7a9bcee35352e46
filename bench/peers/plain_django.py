"""Django's own SMTP backend: each message rendered and built, one connection kept in each of two processes."""

from bench import alert
from bench.peers import project


def fill(_number: int) -> None:
    """There is no queue."""


def send(number: int) -> float:
    """Half of the recipients in each process."""
    return project.together(lambda process: _send(range(process, number, project.PROCESSES)))


def _send(numbers: range) -> None:
    from django.core.mail import EmailMultiAlternatives, get_connection
    from django.template import Context, engines

    template = engines["django"].from_string
    subject, text, html = (template(part).template for part in (alert.SUBJECT, alert.text(), alert.html()))
    with get_connection() as connection:
        for number in numbers:
            address, slots = alert.person(number)
            as_text = Context(slots, autoescape=False)
            message = EmailMultiAlternatives(
                subject.render(as_text), text.render(as_text), alert.FROM, [address], connection=connection
            )
            message.attach_alternative(html.render(Context(slots)), "text/html")
            message.send()


if __name__ == "__main__":
    project.set_up()
    project.run(fill, send)
