"""What a list of bills reads: how many match, and one page of them, in a few quick reads however many they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection, transaction

from legislation.models import Bill
from legislation.querysets import BillQuerySet
from legislation.search.bills import NEWEST, BillSearch

PER_PAGE = 25
# Before the whole list stand so many bills of ours.
FOLLOWED_SHOWN = 6
# So many matches are ranked word by word; of more, those with the words in their title come first, then the newest.
MOST_RANKED = 1000


@dataclass
class BillPage:
    """One page of a search's result. `found` counts all matches."""

    search: BillSearch
    page_obj: "Page[Bill]"
    found: int

    @property
    def bills(self) -> list[Bill]:
        return list(self.page_obj.object_list)


class _Counted(Paginator):
    """A paginator that is told how many rows there are."""

    def __init__(self, rows: Any, per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self.count = count


class _TitlesFirst:
    """Many matches in order, to be sliced: those with the words in their title, then the others, each newest first."""

    def __init__(self, search: BillSearch) -> None:
        matches = search.filtered()
        self.titled = search.titled(matches).order_by(*NEWEST).for_rows()
        self.others = search.not_titled(matches).order_by(*NEWEST).for_rows()

    def __getitem__(self, part: slice) -> list[Bill]:
        first, last = part.start or 0, part.stop
        rows = list(self.titled[first:last])
        if len(rows) < last - first:
            titled = self.titled.count()
            rows += self.others[max(0, first - titled) : last - titled]
        return rows


@contextmanager
def _planned_for(search: BillSearch) -> Iterator[None]:
    """Inside, PostgreSQL finds words in their index, even frequent ones.

    Left to itself it reads the whole table for those, because it does not know what unpacking a long text costs.
    """
    if not search.seeks_words:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        yield


def bill_page(search: BillSearch, page: Any = 1, per_page: int = PER_PAGE) -> BillPage:
    """The asked page; a page that is not there is the last one."""
    with _planned_for(search):
        rows, found = _ordered(search)
        shown = _Counted(rows, per_page, found).get_page(page)
        shown.object_list = list(shown.object_list)
    return BillPage(search=search, page_obj=shown, found=found)


def followed_bills(search: BillSearch, page: int) -> list[Bill]:
    """Bills that matter to the coalition, the newest movement first, for the start of the whole list. One read."""
    if search != BillSearch() or page != 1:
        return []
    ours = Bill.objects.tracked().filter(tracking__priority__in=["lead", "support"])
    return list(ours.order_by(*NEWEST).for_rows()[:FOLLOWED_SHOWN])


def _ordered(search: BillSearch) -> tuple[BillQuerySet | _TitlesFirst, int]:
    """What a page is cut from, and how many match."""
    if not search.is_ranked:
        return search.queryset().for_rows(), search.filtered().count()
    few = list(search.filtered().values_list("pk", flat=True)[: MOST_RANKED + 1])
    if len(few) <= MOST_RANKED:
        return search.ranked(Bill.objects.filter(pk__in=few)).for_rows(), len(few)
    return _TitlesFirst(search), search.filtered().count()
