"""Names of people as the General Assembly prints them, and how well one fits a person. No database.

The same member appears as "Murphy", "Murphy, L.", "Murphy, Laura M", "Laura M. Murphy" and "Sen. Laura M. Murphy".
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

Words = tuple[str, ...]

_TITLE = re.compile(
    r"^(?:the\s+)?(?:hon|honorable|rep|representative|sen|senator|mrs?|ms|dr)\b\.?\s+", re.IGNORECASE
)
_NICKNAME = re.compile(r"[\"“”(]\s*([^\"“”()]+?)\s*[\"“”)]")
_INSIDE_WORDS = str.maketrans("", "", "'’‘ʼ`´")
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "esq", "md", "phd"}
# Short forms that do not begin like the long one; "Dan" and "Daniel" need no entry.
_SHORT_FORMS = [
    frozenset(group.split())
    for group in (
        "bill william billy willie",
        "bob robert bobby",
        "mike michael",
        "dave david",
        "steve steven stephen stephan",
        "tom thomas",
        "jim james jimmy",
        "jack john johnny",
        "ted edward eddie",
        "ted theodore",
        "kate katie katherine kathryn kathleen kathy catherine cathy",
        "liz elizabeth beth betsy betty",
        "margaret peggy maggie meg",
        "sue susan suzanne suzy susie",
        "larry lawrence laurence",
        "tony anthony",
        "rick dick richard",
        "andy andrew drew",
        "charles charlie chuck",
        "greg gregg gregory",
        "jerry gerald gerard jerome",
        "deborah debra debbie deb",
        "marty martin",
        "marti martha",
        "terry terrence terri",
        "terry theresa teresa",
        "fran frances francis frank",
        "hank henry harry",
        "jackie jacqueline",
        "cindy cynthia",
        "gene eugene",
        "becky rebecca",
    )
]

# How well a name fits, the better the greater.
NO_FIT, FAMILY, INITIAL, SHORT_FORM, GIVEN = range(5)


def fold(text: str) -> Words:
    """Words in small letters without accents and marks: "González Jr." is `("gonzalez", "jr")`."""
    plain = unicodedata.normalize("NFKD", text.translate(_INSIDE_WORDS)).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(re.findall(r"[^\W_]+", plain))


def _without_title(text: str) -> str:
    text = text.strip()
    while (shorter := _TITLE.sub("", text)) != text:
        text = shorter
    return text


def _split_suffix(words: Words) -> tuple[Words, str]:
    suffix = ""
    while len(words) > 1 and words[-1] in _SUFFIXES:
        suffix, words = words[-1], words[:-1]
    return words, suffix


@dataclass(frozen=True, slots=True)
class PrintedName:
    """A printed name taken apart. Without a comma nobody can tell where the family name begins: `given` is None."""

    words: Words  # the family name, or all words when there was no comma
    given: Words | None
    nicknames: Words = ()
    suffix: str = ""

    @classmethod
    def parse(cls, text: str) -> "PrintedName":
        text = _without_title(text)
        nicknames = tuple("".join(fold(nickname)) for nickname in _NICKNAME.findall(text))
        head, *tail = _NICKNAME.sub(" ", text).split(",")
        words, suffix = _split_suffix(fold(head))
        given: Words | None = None
        for part in tail:
            rest = fold(part)
            if rest and rest[0] in _SUFFIXES and len(rest) == 1:
                suffix = rest[0]
            elif rest:
                rest, other = _split_suffix(rest)
                suffix = suffix or other
                given = (given or ()) + rest
        return cls(words, given, nicknames, suffix)

    def readings(self) -> Iterable[tuple[Words, Words]]:
        """Family name and given names, in each way the words may be cut."""
        if self.given is not None:
            yield self.words, self.given
            return
        for cut in range(len(self.words)):
            yield self.words[cut:], self.words[:cut]


def normalize_name(text: str) -> str:
    """One spelling for comparing: "Murphy, Laura M" and "Sen. Laura M. Murphy" are both "laura m murphy"."""
    head, *tail = _without_title(text).split(",")
    family = _split_suffix(fold(head))[0]
    given: Words = ()
    for part in tail:
        words = _split_suffix(fold(part))[0]
        if words and not (len(words) == 1 and words[0] in _SUFFIXES):
            given += words
    return " ".join(given + family)


def _same_short_form(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) >= 3 and len(long) >= len(short) + 2 and long.startswith(short):
        return True
    return any(one in group and other in group for group in _SHORT_FORMS)


@dataclass
class KnownSpellings:
    """All the ways one person is known to be written, ready to be compared with a printed name."""

    families: set[Words] = field(default_factory=set)
    given: set[str] = field(default_factory=set)
    initials: set[str] = field(default_factory=set)
    middles: set[str] = field(default_factory=set)
    suffixes: set[str] = field(default_factory=set)

    @classmethod
    def of(
        cls, name: str, given_name: str = "", family_name: str = "", other_names: Iterable[str] = ()
    ) -> "KnownSpellings":
        """From a name as stored and its other spellings. Without a family name the last word is taken for it."""
        known = cls()
        spellings = [PrintedName.parse(text) for text in (name, *other_names)]
        own_family = _split_suffix(fold(family_name))[0] or spellings[0].words[-1:]
        own_given = fold(given_name)
        if own_family:
            known.families.add(own_family)
        known.families |= {
            spelling.words for spelling in spellings if spelling.given is not None and spelling.words
        }
        if own_given:
            known._take_given(own_given, joined=True)
        for spelling in spellings:
            known._take(spelling, own_given)
        return known

    def _take(self, spelling: PrintedName, own_given: Words) -> None:
        if spelling.suffix:
            self.suffixes.add(spelling.suffix)
        self.given.update(spelling.nicknames)
        self.initials.update(nickname[0] for nickname in spelling.nicknames if nickname)
        given = next((given for family, given in spelling.readings() if family in self.families), None)
        if given is None and own_given and spelling.words[: len(own_given)] == own_given:
            # "Meg Cappel" of someone whose family name is given as "Loughran Cappel".
            rest = spelling.words[len(own_given) :]
            while len(rest) > 1 and len(rest[0]) == 1:
                self.middles.add(rest[0])
                rest = rest[1:]
            if rest:
                self.families.add(rest)
            given = own_given
        if given:
            self._take_given(given)

    def _take_given(self, words: Words, *, joined: bool = False) -> None:
        self.initials.add(words[0][0])
        self.middles.update(word[0] for word in words[1:])
        if len(words[0]) > 1:
            self.given.add(words[0])
        if joined or any(len(word) > 1 for word in words):
            self.given.add("".join(words))

    def fit(self, printed: PrintedName) -> tuple[int, int]:
        """How well the printed name fits: one of the levels above, then how many further details agree."""
        best = (NO_FIT, 0)
        if printed.suffix and self.suffixes and printed.suffix not in self.suffixes:
            return best
        for family, given in printed.readings():
            if family in self.families:
                level, details = self._fit_given(given, printed.nicknames)
                if level:
                    details += printed.suffix in self.suffixes
                best = max(best, (level, details))
        return best

    def _fit_given(self, given: Words, nicknames: Words) -> tuple[int, int]:
        if not given and not nicknames:
            return FAMILY, 0
        middles = {word[0] for word in given[1:]}
        if middles and self.middles and not middles & self.middles:
            return NO_FIT, 0
        agrees = int(bool(middles & self.middles))
        joined = {"".join(given[:count]) for count in range(1, len(given) + 1)}
        whole = {word for word in joined | set(nicknames) if len(word) > 1}
        if whole & self.given:
            return GIVEN, agrees
        if given and len(given[0]) == 1 and not nicknames:
            return (INITIAL, agrees) if given[0] in self.initials else (NO_FIT, 0)
        firsts = [word for word in (*given[:1], *nicknames) if len(word) > 1]
        if any(_same_short_form(first, known) for first in firsts for known in self.given):
            return SHORT_FORM, agrees
        return NO_FIT, 0
