"""One step of a measurement of the mail engine, run with the settings of a database of its own (see `engine`)."""

import json
import os
import sys
import time
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import django

from bench import alert

# Recipients as a caller's query would give them, without a caller: (recipient, party, email, language, slots).
PEOPLE = """
SELECT n::bigint, NULL::bigint, 'person' || n || '@people.example', 'en',
       jsonb_build_object('first_name', 'Person' || n)
FROM generate_series(1, %s) AS n
"""
# How often progress is looked at, in seconds, and between which parts of the whole the steady rate is taken.
LOOK, STEADY = 0.02, (0.25, 0.75)


def send(number: int, patience: float = 600.0) -> dict[str, float]:
    """An alert to so many: compiled, filled, started, and waited for until its last row is settled."""
    found = start(number)
    began = perf_counter()
    samples = _watch(int(found["mailing"]), patience)
    return {
        **found,
        "seconds": samples[-1][0] - began + found["start"],
        "steady": _steady(samples),
        **_truth(int(found["mailing"])),
    }


def start(number: int) -> dict[str, float]:
    """An alert to so many on its way; nobody waits for it."""
    from django.utils import timezone

    from mailing.models import Topic
    from mailing.services import RecipientSelect, Written, compile_mailing, fill_mailing, start_mailing

    topic, _created = Topic.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
    marks = [perf_counter()]
    mailing = compile_mailing(
        topic=topic,
        name=f"Bench, {number}",
        contents=[Written(alert.SUBJECT, alert.text(), alert.html())],
        send_at=timezone.now(),
        personal_links=[alert.ACT],
    )
    marks.append(perf_counter())
    fill_mailing(mailing=mailing, select=RecipientSelect(PEOPLE, (number,)))
    marks.append(perf_counter())
    start_mailing(mailing=mailing)
    marks.append(perf_counter())
    compiled, filled, started = (later - earlier for earlier, later in pairwise(marks))
    return {"mailing": mailing.pk, "compile": compiled, "fill": filled, "start": started}


def logins(number: int) -> dict[str, float]:
    """People who can ask for a new password."""
    from allauth.account.models import EmailAddress

    from bench.transactional import DOMAIN
    from partners.models import Person, User

    for one in range(number):
        user = User.objects.create_user(f"login{one}@{DOMAIN}", "a password nobody keeps")
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        Person.objects.create(email=user.email, first_name="Sam", last_name=f"Login {one}", user=user)
    return {}


def _watch(mailing: int, patience: float) -> list[tuple[float, int]]:
    """(moment, messages at the sink so far) until no batch of the mailing is open."""
    from mailing.models import Batch

    counts = Path(os.environ["BENCH_SINK"])
    open_batches = Batch.objects.filter(mailing=mailing).exclude(state=Batch.State.DONE)
    before = _received(counts)
    samples: list[tuple[float, int]] = []
    give_up = perf_counter() + patience
    while True:
        settled = not open_batches.exists()
        samples.append((perf_counter(), _received(counts) - before))
        if settled:
            return samples
        if perf_counter() > give_up:
            raise SystemExit(f"Not sent within {patience:.0f} seconds: {samples[-1][1]} messages arrived.")
        time.sleep(LOOK)


def _received(counts: Path) -> int:
    return sum(memoryview(counts.read_bytes()).cast("Q")[::2])


def _steady(samples: list[tuple[float, int]]) -> float:
    """Messages per second in the middle half."""
    whole = samples[-1][1]
    first = next(sample for sample in samples if sample[1] >= whole * STEADY[0])
    last = next(sample for sample in samples if sample[1] >= whole * STEADY[1])
    return (last[1] - first[1]) / (last[0] - first[0]) if last[0] > first[0] else 0.0


def _truth(mailing: int) -> dict[str, float]:
    from django.db.models import Count

    from mailing.models import Delivery

    states = Delivery.objects.filter(mailing=mailing).values_list("state").annotate(Count("pk"))
    return {state: float(number) for state, number in states}


STEPS = {"send": send, "start": start, "logins": logins}


def main() -> None:
    """`python -m bench.engine_inside STEP NUMBER …`; prints what it found."""
    django.setup()
    step, *numbers = sys.argv[1:]
    print(json.dumps(STEPS[step](*(int(number) for number in numbers))))


if __name__ == "__main__":
    main()
