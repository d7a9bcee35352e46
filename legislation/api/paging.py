"""Pages of a list in the API, named as in Open States' API v3; and moments that somebody asks about."""

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone
from ninja import Field, Query, Schema
from pydantic import AfterValidator

MOST_PER_PAGE = 100
T = TypeVar("T")

PageNumber = Annotated[int, Query(1, ge=1, le=10_000, description="Which page, from 1.")]
PerPage = Annotated[int, Query(20, ge=1, le=MOST_PER_PAGE, description="Rows of a page, at most 100.")]


def _placed(moment: datetime) -> datetime:
    """The moment in UTC; without an offset it is Chicago's clock."""
    try:
        return (timezone.make_aware(moment) if timezone.is_naive(moment) else moment).astimezone(UTC)
    except OverflowError:
        raise ValueError("no such moment") from None


Moment = Annotated[datetime, AfterValidator(_placed)]


class Pagination(Schema):
    """Where a page stands in its list."""

    page: int
    per_page: int
    max_page: int
    total_items: int


class Listing(Schema, Generic[T]):
    """One page of a list."""

    results: list[T]
    pagination: Pagination = Field(..., description="Where this page stands in the list.")


def listing(page: "Page[Any]", results: list[Any]) -> dict[str, Any]:
    """One page with its place."""
    paginator = page.paginator
    return {
        "results": results,
        "pagination": {
            "page": page.number,
            "per_page": paginator.per_page,
            "max_page": paginator.num_pages,
            "total_items": paginator.count,
        },
    }


def page_of(rows: QuerySet[Any], number: int, per_page: int) -> "Page[Any]":
    """The asked page; one past the end is the last."""
    return Paginator(rows, per_page).get_page(number)
