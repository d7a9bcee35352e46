"""The shapes in which Open States writes measures and roll calls.

Four dialects share most names: the scrapers' own JSON (`organization_id` and `person_id` are JSON inside a string with
a leading `~`), the API's (`from_organization` is an object), the bulk JSON's (`sponsors`, `organization__name`), and
rows of the bulk CSV, which are put into this shape first. Unknown fields are skipped without being built.
"""

from typing import Any

import msgspec


class Shape(msgspec.Struct, gc=False):
    """Base of the shapes."""


class Organization(Shape, gc=False):
    """A chamber, or another body, where it is an object."""

    id: str = ""
    name: str = ""
    classification: str = ""


class Person(Shape, gc=False):
    id: str = ""
    name: str = ""
    current_role: dict[str, Any] | None = None


class Jurisdiction(Shape, gc=False):
    id: str = ""
    name: str = ""


class Abstract(Shape, gc=False):
    abstract: str = ""
    note: str | None = ""


class Action(Shape, gc=False):
    description: str
    date: str
    organization_id: str | None = ""
    organization: Organization | str | None = None
    organization__name: str = ""
    order: int = 0


class Sponsorship(Shape, gc=False):
    name: str
    classification: str | None = ""
    primary: bool = False
    person_id: str | None = ""
    organization_id: str | None = ""
    person: Person | None = None


class Link(Shape, gc=False):
    url: str
    media_type: str | None = ""


class Document(Shape, gc=False):
    note: str | None = ""
    date: str | None = ""
    links: list[Link] = []


class Source(Shape, gc=False):
    url: str = ""


class Count(Shape, gc=False):
    option: str
    value: int


class PersonVote(Shape, gc=False):
    option: str
    voter_name: str = ""
    voter_id: str | None = ""
    voter: Person | None = None


class Vote(Shape, gc=False):
    """A roll call, alone in a file or inside its measure."""

    start_date: str = ""
    motion_text: str | None = ""
    result: str = ""
    organization: Organization | str | None = None
    organization__classification: str = ""
    legislative_session: str = ""
    bill_identifier: str = ""
    bill: Any = None
    identifier: str | None = ""
    votes: list[PersonVote] = []
    counts: list[Count] = []
    sources: list[Source] = []
    dedupe_key: str | None = ""
    id: str = ""
    private_id: str = msgspec.field(name="_id", default="")
    jurisdiction: Jurisdiction | str | None = None


class Measure(Shape, gc=False):
    """A measure."""

    identifier: str
    title: str | None = None
    legislative_session: str = ""
    session: str = ""
    from_organization: Organization | str | None = None
    chamber: str = ""
    abstracts: list[Abstract] | None = None
    actions: list[Action] | None = None
    sponsorships: list[Sponsorship] | None = None
    sponsors: list[Sponsorship] | None = None
    versions: list[Document] | None = None
    documents: list[Document] | None = None
    sources: list[Source] | None = None
    votes: list[Vote] | None = None
    jurisdiction: Jurisdiction | str | None = None
    jurisdiction_name: str = ""
    id: str = ""
    scraped_at: str | None = None
    updated_at: str | None = None
