"""Recipients with names that break mail: line ends, dots, braces, HTML, other writing, endless words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

NASTY = [
    "Ada",
    "",
    "   ",
    "Ada\r\nBcc: thief@evil.example",
    "Ada\r\n.\r\nMAIL FROM:<x@evil.example>",
    ".",
    "..hidden",
    "From here",
    "{{ unsubscribe_url }}",
    "{{link:1}}{{first_name|x}}",
    "<script>alert(1)</script>\"'&amp;",
    "x" * 300,
    "word " * 60,
    "ж" * 300,
    "Zoë Müller-Lüdenscheidt",
    "👩🏽‍⚕️ Zoë",
    "مرحبا بالعالم",
    "\u202egnp.exe",
    "co\u00adop\u00adera\u00adtion",
    "\x00\x1b[31m\x7f",
    "=?utf-8?b?SGFja2Vk?=",
    "--=_part\r\n\r\nContent-Type: text/html",
    "a=3Db = c =",
    "trailing \t ",
    "%(name)s %0A \\n",
    "nul\ud800",
    'She said "yes", (twice); O’Neil',
    "https://evil.example/?a=1&b=2",
]
ORGANIZATIONS = ["Shore Community Services", "", "A & B <Care>", "Ünïted Wäy", "." + "z" * 90]
ADDRESSES = [
    "person{}@people.example",
    "first.last+tag{}@a-much-longer-department-name.of-some-agency.people.example",
    "{}" + "l" * 55 + "@" + ("d" * 60 + ".") * 3 + "example",
    "o'neil{}@xn--bcher-kva.example",
]


@dataclass(frozen=True)
class Person:
    """One recipient's row, as light as the engine's own."""

    pk: int
    email: str
    slots: dict[str, object] = field(default_factory=dict)
    language: str = "en"


def people(number: int = 300) -> Iterator[Person]:
    """So many recipients, all different, each kind of name with each kind of organization."""
    pairs = list(product(NASTY, ORGANIZATIONS))
    for count in range(number):
        name, organization = pairs[count % len(pairs)]
        slots: dict[str, object] = {"first_name": name, "organization": organization, "year": 2026}
        if count % 7 == 0:
            del slots["organization"]
        if count % 11 == 0:
            slots["first_name"] = None
        yield Person(count**4 + 1, ADDRESSES[count % len(ADDRESSES)].format(count), slots)
