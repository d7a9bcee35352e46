"""The API's documentation as a page of ours, made from its own OpenAPI description: it cannot say something else."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from legislation.api import api

ROOT = "/api/v1/"


@dataclass
class Value:
    """A parameter of a question, or a member of an answer."""

    name: str
    kind: str
    words: str = ""
    required: bool = False


@dataclass
class Question:
    """One address of the API."""

    path: str
    summary: str
    words: str
    parameters: list[Value]
    answer: str


@dataclass
class Thing:
    """One kind of object that answers consist of."""

    name: str
    words: str
    members: list[Value]


@dataclass
class Documentation:
    """All questions by subject, and all things."""

    subjects: dict[str, list[Question]] = field(default_factory=dict)
    things: list[Thing] = field(default_factory=list)


@cache
def documentation() -> Documentation:
    """Read once: the description does not change while the process lives."""
    schema = api.get_openapi_schema(path_prefix=ROOT)
    found = Documentation()
    for path, methods in schema["paths"].items():
        question = methods["get"]
        for subject in question.get("tags", []):
            found.subjects.setdefault(subject, []).append(_question(path, question))
    for name, thing in sorted(schema["components"]["schemas"].items()):
        if "properties" in thing and not name.startswith("Listing"):
            required = thing.get("required", [])
            members = [
                Value(key, _kind(value), value.get("description", ""), key in required)
                for key, value in thing["properties"].items()
            ]
            found.things.append(Thing(name, thing.get("description", ""), members))
    return found


def _question(path: str, question: dict[str, Any]) -> Question:
    parameters = [
        Value(
            row["name"],
            _kind(row["schema"]),
            row.get("description") or row["schema"].get("description", ""),
            row.get("required", False),
        )
        for row in question.get("parameters", [])
    ]
    content = question["responses"][200]["content"]["application/json"]["schema"]
    words = question.get("description", "").replace("`", "")
    return Question(path, question["summary"], words, parameters, _kind(content))


def _kind(schema: dict[str, Any]) -> str:
    """The type in a word or two: `string`, `date`, `list of BillAction`, `integer or null`."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"page of {name[8:-1]}" if name.startswith("Listing_") else name
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_kind(each) for each in schema["anyOf"]))
    if len(schema.get("allOf", [])) == 1:
        return _kind(schema["allOf"][0])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    words = {"date-time": "date and time", "date": "date"}
    return words.get(schema.get("format", ""), str(schema.get("type", "any")))
