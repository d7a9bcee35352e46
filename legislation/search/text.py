"""What somebody typed into the search box: bill numbers in any spelling, a General Assembly, and words."""

import re
from dataclasses import dataclass

# Longest first: "HJRCA" begins like "HJR".
PREFIXES = ("HJRCA", "SJRCA", "HJR", "SJR", "JSR", "HB", "SB", "HR", "SR", "AM", "EO")
_IN_WORDS = {
    "house joint resolution constitutional amendment": "HJRCA",
    "senate joint resolution constitutional amendment": "SJRCA",
    "house joint resolution": "HJR",
    "senate joint resolution": "SJR",
    "house bill": "HB",
    "senate bill": "SB",
    "house resolution": "HR",
    "senate resolution": "SR",
    "appointment message": "AM",
    "executive order": "EO",
}
# Letters may be parted by periods or blanks ("h. b."), a number may be introduced ("no. 1075") and padded ("HB01075").
_SPELLED = "|".join(r"\.?\s?".join(prefix) + r"\.?" for prefix in PREFIXES)
_NUMBER = re.compile(
    rf"(?<![\w.])(?P<prefix>{'|'.join(_IN_WORDS)}|{_SPELLED})"
    r"[\s\-–#]*(?:no\.?|number)?\s*#?\s*0*(?P<number>[1-9]\d{0,8})(?![\w%]|[.,]\d)",
    re.IGNORECASE,
)
_SESSION = re.compile(
    r"(?<!\w)\(?(?P<session>1?\d{2})(?:st|nd|rd|th)(?:\s+(?:general\s+assembly|g\.?a\.?)(?!\w))?\)?(?!\w)",
    re.IGNORECASE,
)
_PUBLIC_ACT = re.compile(
    r"(?<![\w.])(?:p\.?\s?a\.?|public\s+act)?\s*(?P<session>1?\d{2})\s?[-–]\s?0*(?P<number>[1-9]\d{0,3})(?![\w-])",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?:no\.?|#)?\s*0*([1-9]\d{0,8})", re.IGNORECASE)
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'"})
_TOKEN = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
# The dictionary stores stems ("hous" for housing, "educ" for education), so a beginning that ends within an ending
# ("housin", "educatio") finds nothing. By its last letter: how such a word goes on, as often as not.
_ENDINGS: dict[str, tuple[str, ...]] = {
    "a": ("tion", "ting"),
    "e": ("nt", "ss"),
    "i": ("ng", "on", "ty", "ve"),
    "l": ("ity",),
    "m": ("ent",),
    "n": ("g", "t", "ess"),
    "o": ("n",),
    "s": ("s", "ion", "ing"),
    "t": ("ion", "ing", "y"),
    "v": ("e", "ing"),
}
_MOST_WORDS = 20


@dataclass(frozen=True)
class SearchText:
    """The search box, read. `numbers` are (prefix, number); the prefix is empty where only digits were typed."""

    numbers: tuple[tuple[str, int], ...] = ()
    public_act: str = ""
    session: int | None = None
    words: str = ""

    @classmethod
    def read(cls, typed: str) -> "SearchText":
        rest = typed.translate(_QUOTES)
        numbers = tuple(
            (_prefix_of(match["prefix"]), int(match["number"])) for match in _NUMBER.finditer(_unquoted(rest))
        )
        if numbers:
            rest = _NUMBER.sub(" ", rest)
        session, rest = _take_session(rest)
        act = "" if numbers else _public_act(rest)
        if act:
            rest = _PUBLIC_ACT.sub(" ", rest, count=1)
        bare = _BARE.fullmatch(rest.strip())
        if bare and not numbers:
            numbers, rest = (("", int(bare[1])),), ""
        return cls(numbers=numbers, public_act=act, session=session, words=" ".join(rest.split()))

    @property
    def pins(self) -> bool:
        """Whether a number decides what is found, and words only order it."""
        return bool(self.numbers or self.public_act)

    @property
    def query(self) -> str:
        """The words for PostgreSQL's `to_tsquery`, the last one taken as a beginning; "" where there are none."""
        return text_query(self.words, prefix=True)


def _unquoted(text: str) -> str:
    """The text with everything between quotation marks blanked: a quoted number is a word."""
    return re.sub(r'"[^"]*"', lambda quoted: " " * len(quoted[0]), text)


def _prefix_of(spelled: str) -> str:
    words = " ".join(spelled.lower().split())
    return _IN_WORDS.get(words) or re.sub(r"[^A-Z]", "", spelled.upper())


def _take_session(text: str) -> tuple[int | None, str]:
    """A General Assembly named in the text, such as `104th`, and the text without it."""
    match = _SESSION.search(_unquoted(text))
    if match is None or not 70 <= int(match["session"]) <= 199:
        return None, text
    return int(match["session"]), f"{text[: match.start()]} {text[match.end() :]}"


def _public_act(text: str) -> str:
    match = _PUBLIC_ACT.search(_unquoted(text))
    return f"{int(match['session'])}-{int(match['number']):04}" if match else ""


def text_query(words: str, *, prefix: bool = False, weights: str = "") -> str:
    """A search as people write it (words, "quoted phrases", -without, or) for PostgreSQL's `to_tsquery`.

    `prefix`: the last word may be a beginning. `weights`: only these parts of a bill, such as "AC".
    """
    tokens = [token for token in _TOKEN.finditer(words.translate(_QUOTES)) if _lexemes(token)][:_MOST_WORDS]
    terms: list[str] = []
    either = False
    for place, token in enumerate(tokens):
        if token["word"] and token["word"].lower() == "or":
            either = bool(terms)
            continue
        is_beginning = prefix and place == len(tokens) - 1 and token["word"] is not None
        term = ("!" if token["minus"] else "") + _term(_lexemes(token), is_beginning, weights)
        if either:
            terms[-1] = f"{terms[-1]} | {term}"
        else:
            terms.append(term)
        either = False
    return " & ".join(f"({term})" for term in terms)


def _lexemes(token: re.Match[str]) -> list[str]:
    """Letters and digits only, so that nothing typed is ever an operator."""
    return re.findall(r"[^\W_]+", (token["phrase"] or token["word"] or ""))


def _term(lexemes: list[str], is_beginning: bool, weights: str) -> str:
    """Words that stand one after another."""
    mark = f":{weights}" if weights else ""
    words = [f"'{lexeme}'{mark}" for lexeme in lexemes]
    last = lexemes[-1]
    if is_beginning and len(last) >= 3:
        forms = [f"'{last}':*{weights}"]
        if len(last) >= 4 and len(lexemes) == 1 and last.isalpha():
            endings = _ENDINGS.get(last[-1].lower(), ())
            forms += [f"'{last}{ending}'{mark}" for ending in endings]
        words[-1] = f"({' | '.join(forms)})"
    return f"({' <-> '.join(words)})" if len(words) > 1 else words[0]
