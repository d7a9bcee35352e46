"""The SELECT that fills a mailing: who gets it, for which organization, in which language, with which personal parts.

Nobody twice: of several memberships that match, the one as primary contact counts, then the earliest.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from campaigns.audience.places import PLACE_ZIP, represented
from campaigns.audience.query import rows
from campaigns.audience.rules import Node, leaves
from campaigns.audience.sql import NOTHING, Sql
from mailing.models import Topic

TOPIC = "action-alerts"
_LANGUAGE = "coalesce(nullif(preference.language, ''), 'en')"
# Where the value of a merge field comes from. Empty counts as unknown.
_VALUES = {
    "first_name": "nullif(person.first_name, '')",
    "last_name": "nullif(person.last_name, '')",
    "organization": "organization.name",
    "area": "area.name",
    "county": "county.name",
    "house_district": "place.house::text",
    "senate_district": "place.senate::text",
    "representative": "place.representative",
    "senator": "place.senator",
}
_PLACES = {"house_district", "senate_district", "representative", "senator"}

_MEMBER = _("You are with {name}, a partner of the coalition.")
_FORMER = _("You were with {name}, a partner of the coalition.")
_LISTED = _("You are on our list “{name}”.")
_KNOWN = _("We know you from the coalition's work and wrote to you directly.")
_SUBSCRIBED = _("You subscribed to “{name}”.")


@dataclass(frozen=True)
class Chosen:
    """Everybody in the audience once, with the organization they stand for."""

    node: Node

    def sql(self, *, only: Sequence[int] | None = None) -> Sql:
        """Columns `person_id`, `organization_id`, `is_current`; of some people only where `only` names them."""
        found = rows(self.node, only)
        current = "(membership.ended_on IS NULL AND organization.status = 'active') IS TRUE"
        select = found.select(
            f"{found.person_id} AS person_id, membership.organization_id, {current} AS is_current, "
            "membership.role, membership.started_on, membership.id AS membership_id"
        )
        return Sql.fill(
            "SELECT DISTINCT ON (person_id) person_id, organization_id, is_current FROM ({select}) AS matching "
            "ORDER BY person_id, is_current DESC, (role = 'primary_contact') DESC, started_on, membership_id",
            select=select,
        )


def people_select(node: Node, names: Collection[str], *, only: Sequence[int] | None = None) -> Sql:
    """The people of the audience as (recipient, party, email, language, slots)."""
    return Sql.fill(
        "SELECT chosen.person_id, chosen.organization_id, person.email::text, {language}, {slots} FROM {tables}",
        language=Sql(_LANGUAGE),
        slots=_slots(node, names),
        tables=tables(node, Chosen(node).sql(only=only), names),
    )


def tables(node: Node, chosen: Sql, names: Collection[str]) -> Sql:
    """What the people's merge fields are read from."""
    return Sql.fill(
        "({chosen}) AS chosen JOIN partners_person AS person ON person.id = chosen.person_id "
        "LEFT JOIN partners_organization AS organization ON organization.id = chosen.organization_id "
        "LEFT JOIN mailing_preference AS preference ON preference.email = person.email AND preference.language <> '' "
        "{area}{county}{place}{listed}",
        chosen=chosen,
        area=Sql("LEFT JOIN partners_area AS area ON area.id = organization.area_id ")
        if "area" in names
        else NOTHING,
        county=Sql("LEFT JOIN partners_county AS county ON county.id = organization.county_id ")
        if "county" in names
        else NOTHING,
        place=_place() if _PLACES & set(names) else NOTHING,
        listed=_listed(node) if "_why" in names else NOTHING,
    )


def known(name: str) -> str:
    """The SQL of a merge field's value over `tables`; NULL where we do not know it."""
    return _VALUES[name]


def subscribers_select(node: Node, names: Collection[str]) -> Sql:
    """Subscribers of action alerts who are not among the people, as the same five columns."""
    values = [name for name in names if name in {"first_name", "last_name"} | _PLACES]
    return Sql.fill(
        "SELECT person.id, NULL::bigint, words.email::text, {language}, {slots} "
        "FROM ({words}) AS words LEFT JOIN partners_person AS person ON person.id = words.person_id "
        # Nobody's organization: a subscriber speaks for themself.
        "LEFT JOIN partners_organization AS organization ON FALSE "
        "LEFT JOIN mailing_preference AS preference ON preference.address_hash = words.address_hash {place}",
        language=Sql(_LANGUAGE),
        slots=_slots(None, [*values, *({"_why"} & set(names))]),
        words=subscribers(node),
        place=_place() if _PLACES & set(names) else NOTHING,
    )


def subscribers(node: Node) -> Sql:
    """Confirmed subscriptions to action alerts of others than the people: email, address_hash, person_id if known."""
    found = rows(node)
    confirmed = Sql(
        "SELECT word.email, word.address_hash, person.id AS person_id FROM mailing_subscription AS word "
        "JOIN mailing_topic AS topic ON topic.id = word.topic_id AND topic.slug = %s "
        "LEFT JOIN partners_person AS person ON lower(person.email) = word.email WHERE word.state = 'subscribed'",
        (TOPIC,),
    )
    # Only of those who subscribed it matters whether they are among the people.
    among = found.narrowed(
        Sql.fill("{person} IN (SELECT person_id FROM confirmed)", person=Sql(found.person_id))
    )
    return Sql.fill(
        "WITH confirmed AS MATERIALIZED ({confirmed}) SELECT confirmed.* FROM confirmed "
        "LEFT JOIN (SELECT DISTINCT known.person_id FROM ({among}) AS known(person_id)) AS known "
        "ON known.person_id = confirmed.person_id WHERE known.person_id IS NULL",
        confirmed=confirmed,
        among=among.people(),
    )


def _place() -> Sql:
    found = represented()
    columns = (
        [one.zip_code for one in found],
        [one.house for one in found],
        [one.senate for one in found],
        [one.representative for one in found],
        [one.senator for one in found],
    )
    # Said to be distinct, so that the planner expects one row for each person.
    return Sql.fill(
        "LEFT JOIN (SELECT DISTINCT ON (zip_code) * FROM {known} "
        "AS known(zip_code, house, senate, representative, senator)) AS place ON place.zip_code = {zip} ",
        known=Sql("unnest(%s::text[], %s::int[], %s::int[], %s::text[], %s::text[])", columns),
        zip=PLACE_ZIP,
    )


def _listed(node: Node) -> Sql:
    """Of the contact lists that the rules name, the first that each person is on."""
    named = sorted({int(one) for leaf in leaves(node) if leaf.field == "contact_list" for one in leaf.values})
    if not named:
        return Sql("LEFT JOIN (SELECT NULL::bigint AS person_id, NULL::text AS name) AS listed ON FALSE ")
    return Sql(
        "LEFT JOIN (SELECT DISTINCT ON (entry.person_id) entry.person_id, list.name "
        "FROM campaigns_contactlistentry AS entry "
        "JOIN campaigns_contactlist AS list ON list.id = entry.contact_list_id "
        "WHERE list.id = ANY(%s) ORDER BY entry.person_id, list.id) AS listed "
        "ON listed.person_id = chosen.person_id ",
        (named,),
    )


# --- The personal parts ------------------------------------------------------------------------------------------


def _slots(node: Node | None, names: Collection[str]) -> Sql:
    """A JSON object of the named merge fields, each only where it is known, with `_why` on demand."""
    parts = [Sql(f"'{name}', {_VALUES[name]}") for name in names if name in _VALUES]
    if "_why" in names:
        why = _why_subscribed() if node is None else _why(node)
        parts.append(Sql.fill("'_why', {why}", why=why))
    if not parts:
        return Sql("'{}'::jsonb")
    return Sql.fill("jsonb_strip_nulls(jsonb_build_object({parts}))", parts=Sql.joined(parts, ", "))


def _why(node: Node) -> Sql:
    """Why a person of the audience gets the message, in their language."""
    return Sql.fill(
        "CASE WHEN chosen.is_current AND chosen.organization_id IS NOT NULL THEN {member} "
        "WHEN listed.name IS NOT NULL THEN {listed} "
        "WHEN chosen.organization_id IS NOT NULL THEN {former} ELSE {known} END",
        member=_said(_MEMBER, "organization.name"),
        listed=_said(_LISTED, "listed.name"),
        former=_said(_FORMER, "organization.name"),
        known=_said(_KNOWN, "''"),
    )


def _why_subscribed() -> Sql:
    with override("en"):
        name = Topic.objects.filter(slug=TOPIC).values_list("name", flat=True).first() or TOPIC
    return _said(_SUBSCRIBED, Sql("%s::text", (name,)))


def _said(words: object, name: "str | Sql") -> Sql:
    """A sentence with a name in it, English or Spanish, as the recipient reads."""
    texts = []
    for language in ("es", "en"):
        with override(language):
            texts.append(str(words))
    spanish, english = texts
    return Sql.fill(
        "replace({sentence}, '{{name}}', {name})",
        sentence=Sql(f"CASE WHEN {_LANGUAGE} = 'es' THEN %s ELSE %s END", (spanish, english))
        if spanish != english
        else Sql("%s::text", (english,)),
        name=name if isinstance(name, Sql) else Sql(name),
    )
