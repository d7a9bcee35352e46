"""The search over bills: one reading of an address's query for the list, saved searches, feeds and the API."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case, F, Q, Value, When
from django.http import QueryDict
from django.utils import timezone

from legislation.chambers import Chamber
from legislation.models import (
    Bill,
    BillTracking,
    Hearing,
    HearingDocument,
    OrganizationPosition,
    Sponsorship,
    Subject,
)
from legislation.models.bill import TitleWords
from legislation.models.tracking import Position
from legislation.querysets import BillQuerySet
from legislation.search.text import SearchText, text_query

HEARING_DAYS = 14
MAX_TEXT_LENGTH = 200
MAX_DAYS = 730
SORTS = ("relevance", "recent", "number")
# Our position or priority, whatever it is: a bill that we follow in public.
ANY = "any"
NEWEST = (F("last_action_on").desc(nulls_last=True), "-session", "prefix", "number")
BY_NUMBER = ("-session", "prefix", "number")


@dataclass(frozen=True)
class BillSearch:
    """What somebody looks for. Values that no list knows are left out when an address is read."""

    q: str = ""
    session: int | None = None
    chamber: str = ""
    kind: str = ""
    stage: tuple[str, ...] = ()
    subject: str = ""  # a subject's short name
    position: str = ""  # our position, or "any"
    priority: str = ""  # our priority, or "any"
    committee: str = ""  # a committee's short name
    sponsor: str = ""  # a legislator's short name
    hearing: bool = False  # a hearing in the next two weeks
    changed: int | None = None  # something happened in so many days
    partners: bool = False  # partners are on record
    sort: str = ""  # "" is the best for the search: relevance with words, else the newest first

    @classmethod
    def parse(cls, params: QueryDict | Mapping[str, Any]) -> "BillSearch":
        """Reads an address's query or a plain mapping; never fails."""

        def one(name: str) -> str:
            value = params.get(name, "")
            return "" if value is None or isinstance(value, list | tuple) else str(value).strip()

        def known(name: str, values: Any) -> str:
            return one(name) if one(name) in values else ""

        found = cls(
            q=" ".join(one("q").replace("\x00", " ").split())[:MAX_TEXT_LENGTH].strip(),
            session=_number(one("session"), 1, 199),
            chamber=known("chamber", Chamber.values),
            kind=known("kind", Bill.Kind.values),
            stage=tuple(stage for stage in Bill.Stage.values if stage in _several(params, "stage")),
            subject=_slug(one("subject")),
            position=known("position", [*Position.values, ANY]),
            priority=known("priority", [*BillTracking.Priority.values, ANY]),
            committee=_slug(one("committee")),
            sponsor=_slug(one("sponsor")),
            hearing=one("hearing").lower() in {"1", "true", "on"},
            changed=_number(one("changed"), 1, MAX_DAYS),
            partners=one("partners").lower() in {"1", "true", "on"},
            sort=known("sort", SORTS),
        )
        # What sorts as it would anyway is not part of the search.
        return replace(found, sort="") if found.order == replace(found, sort="").order else found

    @cached_property
    def text(self) -> SearchText:
        """The search box, read."""
        return SearchText.read(self.q)

    @property
    def is_active(self) -> bool:
        """Whether anything narrows the list."""
        return replace(self, sort="") != BillSearch()

    @property
    def seeks_words(self) -> bool:
        """Whether the search column decides what is found."""
        return bool(self.subject or (self.text.query and not self.text.pins))

    @property
    def order(self) -> str:
        """The sort that applies."""
        if self.sort and not (self.sort == "relevance" and not self.q):
            return self.sort
        return "relevance" if self.q else "recent"

    def pairs(self) -> list[tuple[str, str]]:
        """What is set, as names and values of an address's query, always in the same order."""
        found: list[tuple[str, str]] = []
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, tuple):
                found += [(field.name, each) for each in value]
            elif value is True:
                found.append((field.name, "1"))
            elif value:
                found.append((field.name, str(value)))
        return found

    def canonical_query(self) -> str:
        """The one spelling of this search as an address's query, without `?`; "" for all bills."""
        return urlencode(self.pairs())

    def without(self, name: str, value: str = "") -> "BillSearch":
        """This search with one filter taken off; of several stages only the one named."""
        if name == "stage" and value:
            return replace(self, stage=tuple(stage for stage in self.stage if stage != value))
        return replace(self, **{name: getattr(BillSearch(), name)})

    def describe(self) -> str:
        """The search in words, such as `Bills about “wages” in the House that we support`."""
        from legislation.search.words import describe

        return describe(self)

    # --- Reading -----------------------------------------------------------------------------------------------

    def queryset(self, now: datetime | None = None) -> BillQuerySet:
        """The bills that match, in order."""
        bills = self.filtered(now)
        if self.order == "recent":
            return bills.order_by(*NEWEST)
        if self.order == "number":
            return bills.order_by(*BY_NUMBER)
        return self.ranked(bills) if self.is_ranked else self._pinned(bills)

    def filtered(self, now: datetime | None = None) -> BillQuerySet:
        """The bills that match, in no order: for counting, and for asking whether one bill is among them."""
        bills = Bill.objects.order_by().filter(self._text_filter(), **self._plain_filters())
        if self.subject:
            bills = bills.filter(search=self._subject_query())
        if self.sponsor:
            named = Sponsorship.objects.active().filter(legislator__slug=self.sponsor)
            bills = bills.filter(pk__in=named.values("bill"))
        if self.hearing:
            bills = bills.filter(pk__in=_heard_soon(now or timezone.now()))
        if self.changed:
            bills = bills.filter(_changed_since((now or timezone.now()) - timedelta(days=self.changed)))
        if self.partners:
            bills = bills.filter(pk__in=OrganizationPosition.objects.on_record().order_by().values("bill"))
        return bills

    def _plain_filters(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        session = self.session or self.text.session
        if session:
            found["session"] = session
        if self.chamber:
            found["chamber"] = self.chamber
        if self.kind:
            found["kind"] = self.kind
        if self.stage:
            found["stage__in"] = self.stage
        if self.committee:
            found["committee__slug"] = self.committee
        for name in ("position", "priority"):
            value = getattr(self, name)
            if value:
                found["tracking__is_public"] = True
                if value != ANY:
                    found[f"tracking__{name}"] = value
        return found

    def _text_filter(self) -> Q:
        """A number decides by itself, and words beside it only order; else every word must be there."""
        text = self.text
        if text.numbers:
            wanted = Q()
            for prefix, number in text.numbers:
                wanted |= Q(number=number, prefix=prefix) if prefix else Q(number=number)
            return wanted
        if text.public_act:
            return Q(public_act=text.public_act)
        if not text.words:
            return Q()
        return Q(search=_tsquery(text.query)) if text.query else Q(pk__in=[])

    @property
    def is_ranked(self) -> bool:
        """Whether words decide the order."""
        return self.order == "relevance" and bool(self.text.query) and not self.text.pins

    def ranked(self, bills: BillQuerySet) -> BillQuerySet:
        """The best for the words first: often in it, in the title rather than in the synopsis."""
        rank = SearchRank(F("search"), _tsquery(self.text.query))
        return bills.annotate(rank=rank).order_by("-rank", *NEWEST)

    def titled(self, bills: BillQuerySet) -> BillQuerySet:
        """Those of the bills that have the words in their number or title."""
        return bills.annotate(title_words=TitleWords("search")).filter(title_words=_tsquery(self.text.query))

    def not_titled(self, bills: BillQuerySet) -> BillQuerySet:
        """The other ones."""
        return bills.exclude(pk__in=self.titled(Bill.objects.order_by()).values("pk"))

    def _pinned(self, bills: BillQuerySet) -> BillQuerySet:
        """Bills found by number; words beside it put those first that have them."""
        if not self.text.query:
            return bills.order_by(*BY_NUMBER)
        matches = Case(When(search=_tsquery(self.text.query), then=Value(0)), default=Value(1))
        return bills.order_by(matches, *BY_NUMBER)

    def _subject_query(self) -> SearchQuery:
        words = Subject.objects.filter(slug=self.subject).values_list("words", flat=True).first()
        return _tsquery(text_query(words or "") or "'no subject of this name'")


def _tsquery(query: str) -> SearchQuery:
    return SearchQuery(query, config="english", search_type="raw")


def _several(params: QueryDict | Mapping[str, Any], name: str) -> set[str]:
    """The values of a filter that takes several: repeated, a list, or with commas."""
    if isinstance(params, QueryDict):
        values = params.getlist(name)
    else:
        value = params.get(name) or []
        values = [value] if isinstance(value, str) else [str(each) for each in value]
    return {part.strip() for value in values for part in str(value).split(",")}


def _number(text: str, least: int, most: int) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        return None
    return int(text) if least <= int(text) <= most else None


def _slug(text: str) -> str:
    return text if len(text) <= 220 and text.replace("-", "").replace("_", "").isalnum() else ""


def _heard_soon(now: datetime) -> Any:
    soon = Hearing.objects.upcoming(now).filter(starts_at__lt=now + timedelta(days=HEARING_DAYS))
    documents = HearingDocument.objects.filter(removed_at=None, hearing__in=soon.order_by().values("pk"))
    return documents.filter(bill__isnull=False).order_by().values("bill")


def _changed_since(moment: datetime) -> Q:
    """Something happened, or we saw a change; that a bill was put into our records is none."""
    return Q(last_action_on__gte=timezone.localdate(moment)) | Q(
        changed_at__gte=moment, changed_at__gt=F("first_seen_at")
    )
