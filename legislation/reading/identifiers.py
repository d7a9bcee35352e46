"""How the General Assembly numbers its measures: `HB1075` is number 1075 among the House's bills."""

import re
from dataclasses import dataclass
from functools import lru_cache

from legislation.reading.stages import KINDS

_PRINTED = re.compile(r"([A-Z]+)0*([1-9][0-9]{0,8})")
_MARKS = str.maketrans("", "", " \t\n\u00a0.-–")


@dataclass(frozen=True, slots=True)
class MeasureNumber:
    """A measure's number, taken apart; the prefix tells the kind (of `Bill.Kind`) and the chamber of origin."""

    prefix: str
    number: int
    kind: str
    chamber: str

    @property
    def identifier(self) -> str:
        """As stored: `HB1075`."""
        return f"{self.prefix}{self.number}"


@lru_cache(maxsize=20_000)
def read_identifier(text: str) -> MeasureNumber | None:
    """Reads `HB1075`, `hb 1075`, `HB-01075` or `AM 103-0246`; None for what is no measure of this legislature."""
    match = _PRINTED.fullmatch(text.upper().translate(_MARKS))
    if match is None or match[1] not in KINDS:
        return None
    kind, chamber = KINDS[match[1]]
    return MeasureNumber(match[1], int(match[2]), kind, chamber)
