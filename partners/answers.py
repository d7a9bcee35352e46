"""One answer to an optional question, as a form or a join request holds it."""

from typing import TypedDict


class MarkerAnswer(TypedDict, total=False):
    """What was said about one marker; what is missing was not said. JSON values only."""

    values: list[str]
    number: int | None
    self_description: str
    declined: bool


def is_answered(answer: MarkerAnswer) -> bool:
    """Whether anything was said; "prefer not to say" is an answer, and so is the number 0."""
    return bool(
        answer.get("declined")
        or answer.get("values")
        or answer.get("self_description")
        or answer.get("number") is not None
    )
