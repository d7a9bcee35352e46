"""Writes each alert of the demonstration as it goes over the wire, one file for each variant and language."""

import json
import sys
from pathlib import Path

import django


def main(folder: Path) -> dict[str, float]:
    """`python -m bench.spam_inside FOLDER`."""
    django.setup()
    from campaigns.models import ActionAlert

    number = sum(_write(alert, folder) for alert in ActionAlert.objects.order_by("pk"))
    return {"messages": number}


def _write(alert, folder: Path) -> int:  # type: ignore[no-untyped-def]
    from django.utils import timezone

    from campaigns.audience import Audience
    from campaigns.messages import build_contents
    from mailing.models import Topic
    from mailing.services import Recipient, add_recipients, compile_mailing
    from mailing.services.rendering import wire_messages

    audience, now = Audience.of(alert), timezone.now()
    person = audience.people().order_by("pk").first()
    if person is None:
        raise SystemExit(f"Nobody is in the audience of “{alert.subject}”.")
    contents = build_contents(alert)
    mailing = compile_mailing(
        topic=Topic.objects.get(slug="action-alerts"),
        name=alert.subject,
        contents=contents.contents,
        send_at=now,
        personal_links=contents.personal_links,
    )
    for number, written in enumerate(contents.contents):
        to = Recipient(f"{number}.{person.email}", None, None, written.language, audience.slots(person))
        add_recipients(mailing=mailing, recipients=[to])
        row = mailing.deliveries.order_by("-pk")[0]
        [ready] = wire_messages(mailing=mailing, variant=written.variant, deliveries=[row], now=now)
        name = f"alert-{alert.pk}-{written.variant}-{written.language}.eml"
        (folder / name).write_bytes(ready)
    return len(contents.contents)


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
