"""Names as people show them in a call, and what they are called: "iPhone (Maria Lopez)", "Lopez, Maria (she/her)"."""

import re
import unicodedata
from dataclasses import dataclass, field

_DEVICE = re.compile(
    r"\b(iphone|ipad|ipod|android|galaxy|samsung|pixel|huawei|motorola|moto g\d*|macbook|imac|laptop|desktop|chromebook|"
    r"surface|phone|tablet|zoom user|zoom room|usuario de zoom|conference room|call-?in user|pc)\b|^\+?[\d\s().*-]{5,}$",
    re.IGNORECASE,
)
_PRONOUN = r"(?:she|her|hers|he|him|his|they|them|theirs|ella|él|el|elle|ellos|ellas|sie|ihr|er|ihm|ihn|xe|xem|ze|hir)"
_PRONOUNS = re.compile(rf"^{_PRONOUN}(?:\s*[/,|·]\s*{_PRONOUN})*$", re.IGNORECASE)
_LOOSE_PRONOUNS = re.compile(rf"[\s,·|-]+{_PRONOUN}(?:\s*/\s*{_PRONOUN})+\s*$", re.IGNORECASE)
_MARKS = {
    "external", "externo", "externa", "extern", "unverified", "guest", "host", "co-host", "cohost", "invitado",
    "invitada", "gast", "sin comprobar", "no verificado", "nicht überprüft", "nicht verifiziert", "presenter", "me",
    "organizer", "panelist", "original name",
}  # fmt: skip
# Letters behind a name that are an office or a degree, not a name.
_DEGREES = re.compile(
    r"^(?:[A-Z]{2,6}(?:-[A-Z]{1,3})?|Ph\.?\s?D\.?|Ed\.?D\.?|M\.?A\.?|M\.?S\.?W\.?|Jr\.?|Sr\.?|Esq\.?|II|III|R\.?N\.?)$"
)
_BETWEEN = re.compile(r"\s+[–—|/·@-]\s+|\s*[|–—]\s*|\s+(?:from|at|with|de parte de|von)\s+")
_BRACKETS = re.compile(r"[(\[（]([^()\[\]（）]*)[)\]）]")


MOST_NAMES = 4


@dataclass
class Spoken:
    """What a shown name may say, the likeliest name first. Where somebody works may be among the later ones."""

    names: list[str] = field(default_factory=list)

    @property
    def best(self) -> str:
        return self.names[0] if self.names else ""


def name_key(name: str) -> str:
    """A person's name to compare: no accents, case or signs, words in order of the alphabet; any script."""
    apart = unicodedata.normalize("NFKD", name)
    kept = "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()
    words = re.sub(r"[^\w]+|_", " ", kept.replace("'", "").replace("’", "")).split()
    return " ".join(sorted(words))


def read_name(shown: str) -> Spoken:
    """Takes a shown name apart. A name in brackets is the one somebody had before they changed it."""
    outer = " ".join(_BRACKETS.sub(" ", shown).split())
    inner = [part.strip() for part in _BRACKETS.findall(shown)]
    spoken = Spoken()
    for part in [outer, *inner]:
        _read_part(_LOOSE_PRONOUNS.sub("", part), spoken)
    return spoken


def _read_part(part: str, spoken: Spoken) -> None:
    if not part or part.casefold() in _MARKS or _PRONOUNS.match(part):
        return
    for piece in _BETWEEN.split(part):
        piece = _without_device(piece).strip(" ,;-")
        if not piece or piece.casefold() in _MARKS or _PRONOUNS.match(piece):
            continue
        name = _turned(piece)
        if name not in spoken.names and len(spoken.names) < MOST_NAMES:
            spoken.names.append(name)


def _without_device(piece: str) -> str:
    """ "Maria's iPhone" → "Maria"; a telephone number or "Galaxy S21" → nothing."""
    if not _DEVICE.search(piece):
        return piece
    owner = re.match(r"^([^\W\d]{2,}(?: [^\W\d]{2,})?)['’]s\b", piece)
    return owner[1] if owner else ""


def _turned(piece: str) -> str:
    """ "Lopez, Maria" → "Maria Lopez"; "Maria Lopez, LCSW" → "Maria Lopez"."""
    name, _comma, rest = piece.partition(",")
    rest = rest.strip()
    if not rest:
        return piece
    parts = [part.strip() for part in rest.split(",")]
    if all(_DEGREES.match(part) for part in parts):
        return name.strip()
    given = parts[0]
    return f"{given} {name.strip()}" if len(given.split()) <= 3 else name.strip()
