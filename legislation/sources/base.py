"""What a source is: a small adapter that yields the shared records, and where it reads from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from legislation.records import AnyRecord

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class SourceUnavailable(Exception):
    """The source is down, slow or refuses us. What came in stays; the rest is fetched by the next run."""


class SourceBroken(Exception):
    """The file or the answer cannot be read from here on (cut off, not what it says it is). In words for staff."""


@dataclass(frozen=True)
class ReadOptions:
    """What a run asks for. `location` is a path or an address; empty means the address in the settings."""

    location: str = ""
    session: int = 0
    since: datetime | None = None
    # Where an interrupted run of the same request stopped, in the source's own words.
    cursor: str = ""


@dataclass(frozen=True)
class Progress:
    """Yielded between records: how far a source is. Everything before it has been handed over.

    A run that stores `cursor` after storing the records before it goes on from there.
    """

    cursor: str = ""
    total: int | None = None  # records expected, where the source knows


class Source(Protocol):
    """An adapter. Instances hold no state between reads."""

    @property
    def name(self) -> str:
        """As typed after --source, such as "openstates-files"."""

    @property
    def label(self) -> "str | _StrPromise":
        """For staff; translated."""

    @property
    def needs_key(self) -> str:
        """The setting that must hold a key, or ""."""

    def read(self, options: ReadOptions) -> Iterator[AnyRecord | Progress]:
        """Yields records one by one in bounded memory, and a `Rejected` for each that cannot be one.

        Raises `SourceUnavailable` or `SourceBroken` with words for staff, after yielding all that was readable.
        """
        ...
