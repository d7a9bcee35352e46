"""How many an audience is for, who they are, and whom a message cannot reach."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.audience.query import rows, truths
from campaigns.audience.rules import Group, Leaf, Node, describe_leaf
from campaigns.audience.selecting import TOPIC, Chosen, known, people_select, subscribers, tables
from campaigns.audience.sql import Sql
from mailing.services import filling_sql

# Conditions that are looked at to say why somebody is in the audience.
MOST_REASONS = 24
# A hint of a suppressed address is cut here (see `mailing.services.suppression.shorten`).
HINT_CUT = 120
REASONS = {
    "suppressed": _("suppressed: unsubscribed from everything, bounced or complained"),
    "refused": _("unsubscribed from action alerts"),
    "paused": _("asked for no mail for a while"),
}
REASON_KEYS = tuple(REASONS)


@dataclass(frozen=True)
class AudienceSize:
    """How many an alert is for; `skipped` of them asked for no such mail or must not be mailed, by reason."""

    people: int
    organizations: int
    subscribers: int
    skipped: int
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def reached(self) -> int:
        """Addresses that will get the message as things stand now."""
        return self.people + self.subscribers - self.skipped

    @property
    def skipped_because(self) -> list[tuple[str, int]]:
        """The reasons in words, each with its number, without those that nobody has."""
        return [(str(words), self.reasons[key]) for key, words in REASONS.items() if self.reasons.get(key)]


@dataclass(frozen=True)
class Member:
    """One person of the audience, as a list shows them. `pk` is the person's number."""

    pk: int
    first_name: str
    last_name: str
    email: str
    organization: str
    language: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email


def audience_size(node: Node, *, with_subscribers: bool) -> AudienceSize:
    """Counts in three statements at most, or four with subscribers, whatever the audience."""
    found = rows(node)
    [(people, organizations)] = fetch(
        found.select(f"count(DISTINCT {found.person_id}), count(DISTINCT organization.id)")
    )
    reasons = _skipped_people(node)
    subscribers = 0
    if with_subscribers:
        [(subscribers, suppressed, paused)] = fetch(_subscribers(node))
        reasons["suppressed"] += suppressed
        reasons["paused"] += paused
    return AudienceSize(people, organizations, subscribers, sum(reasons.values()), reasons)


def _skipped_people(node: Node) -> dict[str, int]:
    """How many people are skipped, each counted for the first reason that holds."""
    marked: dict[int, str] = {person: REASON_KEYS[reason - 1] for person, reason in fetch(_marked())}
    counts = dict.fromkeys(REASONS, 0)
    if marked:
        found = rows(node, list(marked))
        for (person,) in fetch(found.select(f"DISTINCT {found.person_id}")):
            counts[marked[person]] += 1
    return counts


def _marked() -> Sql:
    """Everybody we know who gets no alerts, with the number of the first reason.

    Suppressions know addresses by their hash alone. A hash costs, so it is made of those addresses only that begin
    and end as a suppressed one does, by its hint; of all of them, where a suppression has no whole hint.
    """
    outer, inner = filling_sql.hash_pads()
    return Sql.fill(
        "WITH candidates AS MATERIALIZED ("
        "SELECT id, encode(sha256({outer} || sha256({inner} || convert_to(email, 'UTF8'))), 'hex') AS hash "
        "FROM partners_person WHERE {hint} IN (SELECT hint FROM mailing_suppression) "
        "OR EXISTS (SELECT FROM mailing_suppression WHERE hint = '' OR length(hint) >= {cut})"
        ") SELECT id, min(reason) FROM ("
        "SELECT candidates.id, 1 AS reason FROM candidates "
        "JOIN mailing_suppression AS stop ON stop.address_hash = candidates.hash "
        "UNION ALL SELECT person.id, 2 FROM mailing_subscription AS word "
        "JOIN mailing_topic AS topic ON topic.id = word.topic_id AND topic.slug = {topic} "
        "JOIN partners_person AS person ON lower(person.email) = word.email WHERE word.state = 'unsubscribed' "
        "UNION ALL SELECT person.id, 3 FROM mailing_preference AS preference "
        "JOIN partners_person AS person ON lower(person.email) = preference.email "
        "WHERE preference.paused_until > {now}"
        ") AS reasons GROUP BY id",
        outer=Sql("%s::bytea", (outer,)),
        inner=Sql("%s::bytea", (inner,)),
        hint=Sql("left(email, 1) || '…@' || split_part(email, '@', 2)"),
        cut=Sql("%s", (HINT_CUT,)),
        topic=Sql("%s", (TOPIC,)),
        now=Sql("%s", (timezone.now(),)),
    )


def _subscribers(node: Node) -> Sql:
    """How many subscribers are not among the people, and how many of these are suppressed and paused."""
    return Sql.fill(
        "SELECT count(*), count(stop.id), count(preference.id) FILTER (WHERE stop.id IS NULL) "
        "FROM ({words}) AS words "
        "LEFT JOIN mailing_suppression AS stop ON stop.address_hash = words.address_hash "
        "LEFT JOIN mailing_preference AS preference ON preference.address_hash = words.address_hash "
        "AND preference.paused_until > {now}",
        words=subscribers(node),
        now=Sql("%s", (timezone.now(),)),
    )


def sample(node: Node, number: int, words: str = "") -> list[Member]:
    """Some people of the audience, by name; with words, those in whose name, address or organization all are found."""
    found = rows(node, with_person=True)
    for word in words.split()[:5]:
        found = found.narrowed(
            Sql(
                "concat_ws(' ', person.first_name, person.last_name, person.email, organization.name) ILIKE %s",
                (f"%{_escaped(word)}%",),
            )
        )
    # Whoever is met first, not the first by name: nobody needs a million people put in order.
    met = Sql.fill("{people} LIMIT {most}", people=found.people(), most=Sql("%s", (number * 20,)))
    some = list(dict.fromkeys(row[0] for row in fetch(met)))[:number]
    if not some:
        return []
    select = Sql.fill(
        "SELECT person.id, person.first_name, person.last_name, person.email, coalesce(organization.name, ''), "
        "coalesce(nullif(preference.language, ''), 'en') FROM {tables} "
        "ORDER BY person.last_name, person.first_name, person.id",
        tables=tables(node, Chosen(node).sql(only=some), ()),
    )
    return [Member(*row) for row in fetch(select)]


def lacking(node: Node, name: str) -> Sql:
    """The numbers of the people for whom a merge field is not known."""
    return Sql.fill(
        "SELECT chosen.person_id FROM {tables} WHERE {value} IS NULL",
        tables=tables(node, Chosen(node).sql(), [name]),
        value=Sql(known(name)),
    )


def slots_of(node: Node, person: int, names: list[str]) -> dict[str, str]:
    """What fills the merge fields for one person of the audience; nothing when they are not in it."""
    found = fetch(people_select(node, names, only=[person]))
    return json.loads(found[0][4]) if found else {}


def reasons(node: Node, people: Sequence[int]) -> dict[int, list[str]]:
    """By person: the conditions that hold for them, in words. What "not" leaves out is no reason."""
    asked = list(dict.fromkeys(_wanted(node)))[:MOST_REASONS]
    if not people or not asked:
        return {}
    words = [describe_leaf(leaf) for leaf in asked]
    return {
        row[0]: [one for one, holds in zip(words, row[1:], strict=True) if holds]
        for row in fetch(truths(asked, people))
    }


def _wanted(node: Node) -> Iterator[Leaf]:
    """The conditions, one for each of their values, so that the reason is the one that holds."""
    if isinstance(node, Leaf):
        if len(node.values) > MOST_REASONS:
            yield node
        else:
            yield from (replace(node, values=(one,)) for one in node.values) if node.values else (node,)
    elif isinstance(node, Group):
        for one in node.nodes:
            yield from _wanted(one)


def fetch(select: Sql) -> list[Any]:
    """The rows of a statement, with room to sort a million numbers in memory."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(select.text, list(select.params))
        return cursor.fetchall()


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
