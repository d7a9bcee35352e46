"""Who is in a mailing: everybody once, nobody who said no, in batches that may go out together."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from mailing.addresses import hash_address, is_address, normalize_address
from mailing.models import Batch, Delivery, Mailing, Preference, Subscription, Suppression
from mailing.services import Recipient, RecipientSelect, add_recipients, fill_mailing, filling
from mailing.services.windows import window_start
from tests.mailing.helpers import addresses, make_mailing, make_topic, recipient, states, written
from tests.mailing.selects import people

pytestmark = pytest.mark.django_db
CHICAGO = ZoneInfo("America/Chicago")

NASTY = [
    "",
    " ",
    "nobody",
    "@",
    "a@b",
    "a@b.c",
    "Person@People.Example",
    "  spaces@people.example \t",
    "\u00a0hard@people.example\u2003",
    "two@@people.example",
    "a b@people.example",
    "a@people.example\r\nRCPT TO:<x@y.example>",
    "<angle@people.example>",
    '"quoted local"@people.example',
    'quote"d@people.example',
    "back\\slash@people.example",
    "o'brien+tag@people.example",
    "{{first_name}}@people.example",
    "%s@people.example",
    "dot..dot@people.example",
    ".dot@people.example",
    "dot.@people.example",
    "a@-people.example",
    "a@people-.example",
    "a@people.example.",
    "a@people..example",
    "a@localhost",
    "a@[127.0.0.1]",
    "a@people.e",
    "a@people.123",
    "a@xn--mnchen-3ya.example",
    "a@MÜNCHEN.example",
    "jörg@people.example",
    "İstanbul@people.example",
    "\u212aelvin@people.example",
    "straße@straße.example",
    "ﬁ@people.example",
    "用户@例子.广告",
    "😀@people.example",
    "a@😀.example",
    "\u202eright@people.example",
    "null\u2400@people.example",
    "x" * 64 + "@people.example",
    "x" * 65 + "@people.example",
    "x" * 300 + "@a.example",
    "a@" + "b" * 63 + ".example",
    "a@" + "b" * 64 + ".example",
    "a@" + ".".join(["b" * 50] * 5) + ".example",
    "A_B-c.D+e@Sub-Domain.People.Example",
]


def moments(mailing: Mailing) -> set[datetime]:
    return set(mailing.batches.values_list("not_before", flat=True))


# Addresses


def as_filled(email: str) -> tuple[str, str, bool]:
    """(address, hash, whether it may be mailed) as SQL found them."""
    mailing = make_mailing(started=False)
    assert fill_mailing(mailing=mailing, select=people([email])).added == 1
    row = mailing.deliveries.get()
    return row.email, row.address_hash, row.state == Delivery.State.PENDING


@pytest.mark.parametrize("email", NASTY)
def test_sql_compares_and_hashes_addresses_as_python_does(email):
    compared = normalize_address(email)
    found, address_hash, good = as_filled(email)
    assert good == is_address(compared)
    assert address_hash == hash_address(found)
    if good:
        assert (found, address_hash) == (compared, hash_address(email))
    else:
        assert len(found) <= 254
        assert Delivery.objects.get().response


@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.one_of(
        st.emails(),
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40),
        st.from_regex(r"[A-Za-z0-9._+-]{1,20}@[A-Za-z0-9.-]{1,30}\.[A-Za-z]{1,8}", fullmatch=True),
    )
)
def test_sql_and_python_never_disagree_on_an_address(email):
    Delivery.objects.all().delete()
    compared = normalize_address(email)
    found, address_hash, good = as_filled(email)
    assert good == is_address(compared)
    assert address_hash == hash_address(found)
    assert not good or found == compared


@pytest.mark.parametrize("key", ["k", "x" * 63, "x" * 64, "x" * 65, "clé 😀" * 30])
def test_the_hash_in_sql_is_the_one_in_python_for_every_key(settings, key):
    settings.MAILING_HASH_KEY = key
    assert as_filled("Ada@people.example")[1] == hash_address("ada@people.example")


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "x" * 300 + "@a.example", "a@people.example\r\nRCPT TO:<x@y>"]
)
def test_what_is_no_address_is_a_failed_row(email):
    mailing = make_mailing(started=False)
    assert add_recipients(mailing=mailing, recipients=[Recipient(email, 1)]) == 1
    row = mailing.deliveries.get()
    assert row.state == Delivery.State.FAILED
    assert row.response
    assert row.batch.state == Batch.State.DONE


# Nobody twice


def test_nobody_is_added_twice():
    mailing = make_mailing(started=False)
    first = [recipient(email, number) for number, email in enumerate(addresses(3), 1)]
    assert add_recipients(mailing=mailing, recipients=first) == 3
    assert add_recipients(mailing=mailing, recipients=first) == 0
    again = [
        recipient("PERSON1@people.example "),
        recipient("elsewhere@people.example", 2),
        recipient("new@people.example", 9),
        recipient("New@People.example", 10),
        recipient("nobody-in-particular@people.example"),
        recipient("another@people.example"),
    ]
    assert add_recipients(mailing=mailing, recipients=again) == 3
    assert states(mailing) == {"pending": 6}


def test_approving_twice_adds_nobody_and_no_batch():
    mailing = make_mailing(started=False)
    select = people([*addresses(30), "NOBODY"])
    assert fill_mailing(mailing=mailing, select=select).added == 31
    batches = mailing.batches.count()
    again = fill_mailing(mailing=mailing, select=select)
    assert (again.added, sum(again.tally.values())) == (0, 0)
    assert mailing.batches.count() == batches
    assert states(mailing) == {"pending": 30, "failed": 1}


def test_one_address_in_two_cases_or_of_two_people_gets_it_once():
    mailing = make_mailing(started=False)
    emails = ["Info@Shore.example", "info@shore.example", "info@shore.example ", "b@people.example"]
    fill_mailing(mailing=mailing, select=people(emails))
    assert list(mailing.deliveries.order_by("email").values_list("email", "recipient")) == [
        ("b@people.example", 4),
        ("info@shore.example", 1),
    ]


def test_one_person_with_two_addresses_gets_it_once():
    mailing = make_mailing(started=False)
    fill_mailing(mailing=mailing, select=people(["a@people.example", "b@people.example"], recipient=[7, 7]))
    assert mailing.deliveries.get().email == "a@people.example"


def test_nobody_is_left_out_for_a_row_that_is_not_there():
    """Person 1 has two addresses, the second of which is also person 2's: both get one message."""
    mailing = make_mailing(started=False)
    emails = ["a@people.example", "b@people.example", "b@people.example"]
    fill_mailing(mailing=mailing, select=people(emails, recipient=[1, 1, 2]))
    assert set(mailing.deliveries.values_list("recipient", "email")) == {
        (1, "a@people.example"),
        (2, "b@people.example"),
    }


@pytest.mark.parametrize("seed", range(8))
def test_many_who_share_numbers_and_addresses_are_as_if_added_one_by_one(seed):
    chance = random.Random(seed)
    pairs = [
        (chance.choice([None, *range(1, 12)]), f"p{chance.randrange(12)}@people.example") for _ in range(40)
    ]
    mailing = make_mailing(started=False)
    numbers, emails = zip(*pairs, strict=True)
    fill_mailing(mailing=mailing, select=people(emails, recipient=list(numbers)))
    expected: dict[str, int | None] = {}
    for number, email in pairs:
        if email not in expected and (number is None or number not in expected.values()):
            expected[email] = number
    assert dict(mailing.deliveries.values_list("email", "recipient")) == expected


def test_recipients_are_streamed_in_chunks(monkeypatch):
    monkeypatch.setattr("mailing.services.filling.CHUNK", 10)
    mailing = make_mailing(started=False)
    assert add_recipients(mailing=mailing, recipients=(recipient(email) for email in addresses(25))) == 25
    assert states(mailing) == {"pending": 25}


def test_two_fillings_of_one_transaction_do_not_meet():
    one, two = make_mailing(started=False), make_mailing(started=False)
    assert fill_mailing(mailing=one, select=people(addresses(3))).added == 3
    assert fill_mailing(mailing=two, select=people(addresses(4))).added == 4
    with connection.cursor() as cursor:
        cursor.execute("SHOW work_mem")
        assert cursor.fetchone()[0] != "128MB"


def test_only_slots_with_proper_names_are_kept_and_they_are_cleaned():
    mailing = make_mailing(started=False)
    person = Recipient(
        "a@people.example", 1, slots={"first_name": "A\r\nB\x00\ud800", "no name": "x", "_why": "y"}
    )
    add_recipients(mailing=mailing, recipients=[person])
    assert mailing.deliveries.get().slots == {"first_name": "A B", "_why": "y"}


def test_everything_a_caller_gives_arrives():
    mailing = make_mailing(started=False)
    select = people(
        ["a@people.example", "b@people.example", "c@people.example"],
        party=[70, None, 71],
        language=["es", "", "fr"],
        slots=[{"first_name": "Añil"}, {}, {"first_name": "{{ x }} %s"}],
    )
    fill_mailing(mailing=mailing, select=select)
    found = mailing.deliveries.order_by("email").values_list("recipient", "party", "language", "slots")
    assert list(found) == [
        (1, 70, "es", {"first_name": "Añil"}),
        (2, None, "en", {}),
        (3, 71, "en", {"first_name": "{{ x }} %s"}),
    ]


def test_what_a_caller_does_not_know_is_empty():
    mailing = make_mailing(started=False)
    fill_mailing(mailing=mailing, select=RecipientSelect("SELECT NULL, NULL, 'a@people.example', NULL, NULL"))
    row = mailing.deliveries.get()
    assert (row.recipient, row.party, row.language, row.slots) == (None, None, "en", {})


# Who wants no mail


def say_no(email: str, topic, state: str = "unsubscribed", **fields) -> None:
    Subscription.objects.create(
        email=email, address_hash=hash_address(email), topic=topic, state=state, **fields
    )


@pytest.mark.parametrize("way", ["select", "one by one"])
def test_the_table_of_rules(way):
    topic, other = make_topic(), make_topic("other")
    now = timezone.now()
    names = ["bounced", "refused", "paused", "was-paused", "weekly", "asked-weekly", "elsewhere", "plain"]
    emails = {name: f"{name}@people.example" for name in names}
    Suppression.objects.create(address_hash=hash_address(emails["bounced"]), reason="bounced")
    say_no(emails["refused"], topic)
    say_no(emails["elsewhere"], other)
    say_no(emails["weekly"], topic, "subscribed", confirmed_at=now, frequency="weekly")
    say_no(emails["asked-weekly"], topic, "pending", frequency="weekly")
    for name, days in [("paused", 3), ("was-paused", -3)]:
        Preference.objects.create(
            email=emails[name],
            address_hash=hash_address(emails[name]),
            paused_until=now + timedelta(days=days),
        )
    mailing = make_mailing(started=False, topic=topic)
    if way == "select":
        fill_mailing(mailing=mailing, select=people([*emails.values(), "nobody"]))
    else:
        add_recipients(
            mailing=mailing, recipients=[Recipient(email) for email in [*emails.values(), "nobody"]]
        )
    assert dict(mailing.deliveries.values_list("email", "state")) == {
        "nobody": "failed",
        emails["bounced"]: "suppressed",
        emails["refused"]: "suppressed",
        emails["paused"]: "suppressed",
        emails["weekly"]: "summarized",
        emails["was-paused"]: "pending",
        emails["asked-weekly"]: "pending",
        emails["elsewhere"]: "pending",
        emails["plain"]: "pending",
    }
    assert states(mailing) == {"failed": 1, "suppressed": 3, "summarized": 1, "pending": 4}
    assert dict(mailing.deliveries.filter(state="suppressed").values_list("email", "response")) == {
        emails["bounced"]: "bounced",
        emails["refused"]: "unsubscribed",
        emails["paused"]: "paused",
    }
    assert mailing.batches.filter(state="waiting").get().tally == {"pending": 4}


def test_a_pause_that_ends_before_the_mailing_begins_keeps_nobody_back():
    later = timezone.now() + timedelta(days=5)
    Preference.objects.create(
        email="a@people.example",
        address_hash=hash_address("a@people.example"),
        paused_until=later - timedelta(hours=1),
    )
    mailing = make_mailing(started=False, send_at=later)
    fill_mailing(mailing=mailing, select=people(["a@people.example"]))
    assert states(mailing) == {"pending": 1}


def test_the_language_that_an_address_chose_wins():
    Preference.objects.create(
        email="a@people.example", address_hash=hash_address("a@people.example"), language="es"
    )
    Preference.objects.create(email="b@people.example", address_hash=hash_address("b@people.example"))
    mailing = make_mailing(started=False, contents=[written(), written(language="es")])
    emails = ["a@people.example", "b@people.example", "c@people.example"]
    fill_mailing(mailing=mailing, select=people(emails, language=["en", "es", "en"]))
    assert dict(mailing.deliveries.values_list("email", "language")) == {
        "a@people.example": "es",
        "b@people.example": "es",
        "c@people.example": "en",
    }


# Batches


def test_batches_are_full_and_hold_the_rows_in_their_order(settings):
    settings.MAILING_BATCH_SIZE = 10
    mailing = make_mailing(started=False)
    fill_mailing(mailing=mailing, select=people(addresses(35)))
    sizes = [batch.tally["pending"] for batch in mailing.batches.order_by("id")]
    assert sizes == [10, 10, 10, 5]
    ranges = [
        (min(numbers), max(numbers))
        for batch in mailing.batches.order_by("id")
        if (numbers := list(batch.deliveries.values_list("pk", flat=True)))
    ]
    assert all(before[1] < after[0] for before, after in pairwise(ranges))


def test_a_domain_with_its_own_limit_has_its_own_batches(settings):
    settings.MAILING_DOMAIN_RATES = ["Gmail.example=300", "yahoo.example=0"]
    mailing = make_mailing(started=False)
    emails = [
        "a@gmail.example",
        "B@GMAIL.example",
        "c@yahoo.example",
        "d@people.example",
        "x@sub.gmail.example",
    ]
    fill_mailing(mailing=mailing, select=people(emails))
    found = {
        batch.domain: set(batch.deliveries.values_list("email", flat=True)) for batch in mailing.batches.all()
    }
    assert found == {
        "gmail.example": {"a@gmail.example", "b@gmail.example"},
        "": {"c@yahoo.example", "d@people.example", "x@sub.gmail.example"},
    }


def test_a_test_takes_its_share_by_chance_and_the_same_each_time(settings):
    settings.MAILING_BATCH_SIZE = 1000
    emails = addresses(200)
    say_no(emails[0], make_topic())

    def groups() -> dict[str, frozenset[str]]:
        mailing = make_mailing(started=False, contents=[written(), written(variant="B")])
        fill_mailing(mailing=mailing, select=people(emails), test_percent=20)
        waiting = mailing.batches.filter(state="waiting")
        return {
            batch.variant: frozenset(batch.deliveries.values_list("email", flat=True)) for batch in waiting
        }

    one, two = groups(), groups()
    assert {variant: len(group) for variant, group in one.items()} == {"A": 20, "B": 20, "": 159}
    assert not one["A"] & one["B"]
    # Other people are asked in the next mailing.
    assert one["A"] != two["A"]


def test_a_test_among_few_still_has_both_variants():
    mailing = make_mailing(started=False, contents=[written(), written(variant="B")])
    fill_mailing(mailing=mailing, select=people(addresses(5)), test_percent=10)
    assert sorted(mailing.batches.values_list("variant", "tally__pending")) == [("", 3), ("A", 1), ("B", 1)]


@pytest.mark.parametrize(
    ("hours", "after", "start"),
    [
        ("", (10, 0), (23, 10, 0)),
        ("morning", (6, 59), (23, 7, 0)),
        ("morning", (7, 30), (23, 7, 30)),
        ("morning", (9, 0), (24, 7, 0)),
        ("noon", (8, 0), (23, 11, 0)),
        ("noon", (12, 59), (23, 12, 59)),
        ("noon", (13, 0), (24, 11, 0)),
        ("evening", (8, 0), (23, 17, 0)),
        ("evening", (22, 0), (24, 17, 0)),
    ],
)
def test_when_the_hours_that_somebody_chose_begin(hours, after, start):
    asked = datetime(2026, 11, 23, *after, tzinfo=CHICAGO)
    assert window_start(hours, asked.astimezone(UTC)) == datetime(2026, 11, *start, tzinfo=CHICAGO)


def test_the_hours_follow_the_clock_when_it_changes():
    before = datetime(2026, 10, 31, 22, 0, tzinfo=CHICAGO)
    assert window_start("morning", before).astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=10)


@time_machine.travel(datetime(2026, 11, 23, 10, 0, tzinfo=CHICAGO), tick=False)
def test_everybody_gets_it_in_their_own_hours():
    emails = {hours: f"{hours or 'any'}@people.example" for hours in ["", "morning", "noon", "evening"]}
    for hours, email in emails.items():
        Preference.objects.create(email=email, address_hash=hash_address(email), hours=hours)
    expires_at = datetime(2026, 11, 23, 18, 0, tzinfo=CHICAGO)
    mailing = make_mailing(started=False, in_recipients_window=True, expires_at=expires_at)
    fill_mailing(mailing=mailing, select=people([*emails.values(), "plain@people.example"]))
    found = {row.email: row.batch.not_before for row in mailing.deliveries.select_related("batch")}
    now = timezone.now()
    assert found == {
        emails[""]: now,
        "plain@people.example": now,
        # Tomorrow morning would be too late: better at once than never.
        emails["morning"]: now,
        emails["noon"]: datetime(2026, 11, 23, 11, 0, tzinfo=CHICAGO),
        emails["evening"]: datetime(2026, 11, 23, 17, 0, tzinfo=CHICAGO),
    }
    plain = make_mailing(started=False)
    fill_mailing(mailing=plain, select=people(emails.values()))
    assert moments(plain) == {now}


def test_before_its_time_nothing_is_due():
    later = timezone.now() + timedelta(days=2)
    mailing = make_mailing(started=False, send_at=later)
    fill_mailing(mailing=mailing, select=people(addresses(3)))
    assert moments(mailing) == {later}


def test_statistics_are_renewed_at_once_for_the_first_large_mailing_and_behind_the_next(
    django_capture_on_commit_callbacks, monkeypatch
):
    queued = []
    monkeypatch.setattr(filling, "queue", lambda task: queued.append(task.name) or True)

    def renewed_at_once() -> bool:
        with CaptureQueriesContext(connection) as asked, django_capture_on_commit_callbacks(execute=True):
            fill_mailing(
                mailing=make_mailing(),
                select=people(f"person{n}@people.example" for n in range(filling.CHUNK)),
            )
        return any(query["sql"].startswith("ANALYZE") for query in asked)

    assert renewed_at_once()
    assert queued == []
    assert not renewed_at_once()
    assert queued == ["mailing.tasks.renew_statistics"]
    # A broker that takes nothing: then the first claims must not pay for it.
    monkeypatch.setattr(filling, "queue", lambda task: False)
    assert renewed_at_once()
