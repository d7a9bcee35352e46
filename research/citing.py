"""How a work of ours is cited: APA, MLA and Chicago in words, BibTeX and RIS as files for people who keep a library.

Sources: Publication Manual of the APA, 7th edition, chapter 9; MLA Handbook, 9th edition, chapter 5; The Chicago Manual
of Style, 18th edition, chapter 13; the BibTeX manual ("BibTeXing", Patashnik); the RIS specification (Research
Information Systems). The styles are English whatever language the page is in, as libraries expect.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MONTHS = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
BIBTEX_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
APA_MOST_AUTHORS = 20
CHICAGO_MOST_AUTHORS = 6
DOI_ADDRESS = "https://doi.org/"


@dataclass(frozen=True)
class Author:
    """A person by family and given names; an organization by `family` alone."""

    family: str
    given: str = ""

    @property
    def is_organization(self) -> bool:
        return not self.given

    @property
    def inverted(self) -> str:
        """`Rivera, Ana María`."""
        return f"{self.family}, {self.given}" if self.given else self.family

    @property
    def straight(self) -> str:
        """`Ana María Rivera`."""
        return f"{self.given} {self.family}" if self.given else self.family

    @property
    def with_initials(self) -> str:
        """`Rivera, A. M.`; hyphens stay: `Lee, J.-P.`"""
        if not self.given:
            return self.family
        names = ["-".join(f"{part[0]}." for part in name.split("-") if part) for name in self.given.split()]
        return f"{self.family}, {' '.join(name for name in names if name)}"


@dataclass(frozen=True)
class Work:
    """A report or a data set as it is cited. `version` is shown from the second on; `summary` and `words` go into RIS."""

    authors: Sequence[Author]
    title: str
    publisher: str
    on: date
    url: str
    doi: str = ""
    version: int = 1
    summary: str = ""
    words: Sequence[str] = ()

    @property
    def address(self) -> str:
        """Where it is found for good: its DOI as a link, else its page."""
        return f"{DOI_ADDRESS}{self.doi}" if self.doi else self.url

    @property
    def by_publisher(self) -> bool:
        """Whether nobody but the publisher wrote it, so that the styles name it once."""
        return all(author.is_organization and author.family == self.publisher for author in self.authors)


@dataclass(frozen=True)
class Citation:
    """A work cited in one style; the title between the two parts is set in italics."""

    style: str
    before: str
    title: str
    after: str

    def __str__(self) -> str:
        return f"{self.before}{self.title}{self.after}"


def citations(work: Work) -> list[Citation]:
    """The styles, in the order in which people ask for them."""
    return [apa(work), mla(work), chicago(work)]


def apa(work: Work) -> Citation:
    """`Rivera, A. M., & Lee, J. (2026). Title (Version 2). Publisher. https://…`"""
    named = [author.with_initials for author in work.authors] or [work.publisher]
    if len(named) > APA_MOST_AUTHORS:
        who = f"{', '.join(named[: APA_MOST_AUTHORS - 1])}, . . . {named[-1]}"
    elif len(named) > 1:
        who = f"{', '.join(named[:-1])}, & {named[-1]}"
    else:
        who = named[0]
    before = f"{_ended(who)} ({work.on.year}). "
    version = f" (Version {work.version})." if work.version > 1 else _stop(work.title)
    publisher = "" if work.by_publisher else f" {_ended(work.publisher)}"
    return Citation("APA", before, work.title, f"{version}{publisher} {work.address}")


def mla(work: Work) -> Citation:
    """`Rivera, Ana María, and Jo Lee. Title. Version 2, Publisher, 3 Mar. 2026, https://….`"""
    authors = [] if work.by_publisher else list(work.authors)
    if len(authors) > 2:
        who = f"{authors[0].inverted}, et al."
    elif len(authors) == 2:
        who = f"{authors[0].inverted}, and {_ended(authors[1].straight)}"
    else:
        who = _ended(authors[0].inverted) if authors else ""
    version = f" Version {work.version}," if work.version > 1 else ""
    day = f"{work.on.day} {MONTHS[work.on.month - 1]} {work.on.year}"
    address = work.address if work.doi else work.url.partition("://")[2] or work.url
    after = f"{_stop(work.title)}{version} {work.publisher}, {day}, {address}."
    return Citation("MLA", f"{who} " if who else "", work.title, after)


def chicago(work: Work) -> Citation:
    """`Rivera, Ana María, and Jo Lee. Title. Version 2. Publisher, 2026. https://….`"""
    authors = list(work.authors) or [Author(work.publisher)]
    more = len(authors) > CHICAGO_MOST_AUTHORS
    shown = authors[:3] if more else authors
    names = [shown[0].inverted, *(author.straight for author in shown[1:])]
    if more:
        who = f"{', '.join(names)}, et al."
    elif len(names) > 1:
        who = f"{', '.join(names[:-1])}, and {_ended(names[-1])}"
    else:
        who = _ended(names[0])
    version = f" Version {work.version}." if work.version > 1 else ""
    after = f"{_stop(work.title)}{version} {work.publisher}, {work.on.year}. {work.address}."
    return Citation("Chicago", f"{who} ", work.title, after)


def bibtex(work: Work) -> str:
    """The work as an entry of type `techreport`. Braces keep capitals, and names of organizations whole."""
    fields = {
        "author": " and ".join(_bibtex_name(author) for author in work.authors)
        or f"{{{_tex(work.publisher)}}}",
        "title": f"{{{_tex(work.title)}}}",
        "institution": _tex(work.publisher),
        "type": "Report",
        "year": str(work.on.year),
        "number": f"Version {work.version}" if work.version > 1 else "",
        "url": _verbatim(work.url),
        "doi": _verbatim(work.doi),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    # The month is a word of BibTeX's own, so it stands without braces.
    lines.append(f"  month = {BIBTEX_MONTHS[work.on.month - 1]},")
    return "\n".join([f"@techreport{{{_key(work)},", *lines, "}", ""])


def ris(work: Work) -> str:
    """The work as a RIS record: a tag and a value on each line, which ends as the specification says."""
    authors = list(work.authors) or [Author(work.publisher)]
    rows = [
        ("TY", "RPRT"),
        *(("AU", author.inverted) for author in authors),
        ("TI", work.title),
        ("PY", str(work.on.year)),
        ("DA", f"{work.on:%Y/%m/%d}/"),
        ("PB", work.publisher),
        ("ET", f"Version {work.version}" if work.version > 1 else ""),
        ("AB", work.summary),
        *(("KW", word) for word in work.words),
        ("DO", work.doi),
        ("UR", work.url),
        ("LA", "en"),
    ]
    lines = [f"{tag}  - {_one_line(value)}" for tag, value in rows if _one_line(value)]
    return "\r\n".join([*lines, "ER  - ", ""])


def _ended(words: str) -> str:
    return f"{words}{_stop(words)}"


def _stop(words: str) -> str:
    """The full stop that ends words, unless they end by themselves."""
    return "" if words.endswith((".", "!", "?")) else "."


_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def _tex(words: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in _one_line(words))


def _verbatim(address: str) -> str:
    """Addresses are read sign by sign; only what would end the field has to go."""
    return re.sub(r"[\\{}\s]", lambda found: f"%{ord(found[0]):02X}", address)


def _bibtex_name(author: Author) -> str:
    if author.is_organization:
        return f"{{{_tex(author.family)}}}"
    family = _tex(author.family)
    # BibTeX would part the name at " and " or a comma.
    family = f"{{{family}}}" if re.search(r"\band\b|,", family) else family
    return f"{family}, {_tex(author.given)}"


def _key(work: Work) -> str:
    """`rivera2026true`: who, when, and the first word of the title that is no article."""
    first = work.authors[0].family if work.authors else work.publisher
    words = [word for word in _letters(work.title).split() if word not in {"a", "an", "the"}]
    return f"{''.join(_letters(first).split()) or 'work'}{work.on.year}{words[0] if words else ''}"


def _letters(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


def _one_line(words: str) -> str:
    """Without line breaks and control signs: they would begin a tag of their own."""
    return " ".join(
        "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in words).split()
    )
