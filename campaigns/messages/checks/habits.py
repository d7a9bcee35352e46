"""Habits that send a message into the spam folder, and lines too long for a phone."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from campaigns.messages.checks.problems import Problem, warn

PHONE_SUBJECT = 50
MAX_SUBJECT = 150
EXCLAMATIONS = 3
# What filters of mail providers know from advertising. Compared in lower case, as whole words.
SPAM_WORDS = (
    "100% free",
    "act now",
    "amazing",
    "best price",
    "cash bonus",
    "click below",
    "congratulations",
    "dear friend",
    "don't delete",
    "double your",
    "earn money",
    "extra income",
    "free gift",
    "free money",
    "great offer",
    "incredible deal",
    "limited time",
    "lowest price",
    "miracle",
    "money back",
    "no obligation",
    "once in a lifetime",
    "order now",
    "risk free",
    "risk-free",
    "special promotion",
    "this is not spam",
    "urgent response",
    "while supplies last",
    "you have been selected",
)
_SPAM = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, SPAM_WORDS))})(?!\w)", re.IGNORECASE)
_SHOUTED = re.compile(r"\b[A-ZÁÉÍÓÚÑ]{4,}\b")
_MERGE = re.compile(r"\{\{.*?\}\}", re.DOTALL)


def subject_habits(subject: str, where: str) -> Iterator[Problem]:
    """A subject line in capitals, with many marks, or too long for a phone."""
    words = _MERGE.sub("", subject)
    letters = [letter for letter in words if letter.isalpha()]
    if len(letters) >= 8 and sum(map(str.isupper, letters)) > 0.6 * len(letters):
        yield warn(_("The subject is in capital letters. Spam filters and readers take that badly."), where)
    if words.count("!") > 1:
        yield warn(_("One exclamation mark is enough in a subject."), where)
    if words.count("$") > 2 or re.search(r"[!?]{2,}", words):
        yield warn(_("Runs of “!!”, “?!” and “$$” look like advertising to a spam filter."), where)
    if len(as_shown(subject)) > PHONE_SUBJECT:
        yield warn(
            _(
                "The subject has about %(n)d characters. Phones show the first 40 to 50: say the main thing there."
            )
            % {"n": len(as_shown(subject))},
            where,
        )


def as_shown(subject: str) -> str:
    """The subject as long as most people will see it: a merge field counts like its fallback or a first name."""
    return _MERGE.sub(lambda match: match[0][2:-2].partition("|")[2].strip() or "Kimberly", subject)


def text_habits(text: str, where: str) -> Iterator[Problem]:
    """Spam words, shouting and exclamation marks in a text part."""
    text = _MERGE.sub("", text)
    if found := dict.fromkeys(match.lower() for match in _SPAM.findall(text)):
        yield warn(
            _("Spam filters know these words from advertising: %(words)s.")
            % {"words": ", ".join(f"“{word}”" for word in found)},
            where,
        )
    if text.count("!") > EXCLAMATIONS:
        yield warn(
            _("There are %(n)d exclamation marks. Few are read as calm, many as spam.")
            % {"n": text.count("!")},
            where,
        )
    shouted = [line.strip() for line in text.splitlines() if len(_SHOUTED.findall(line)) >= 4]
    if shouted:
        yield warn(_("Whole sentences in capital letters: “%(line)s”") % {"line": shouted[0][:80]}, where)
