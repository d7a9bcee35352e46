"""Printed short titles, which the General Assembly abbreviates and sets in capitals, made readable.

`PROP TX-INCOME PROPERTY` becomes `Property Tax: Income Property`. What is meant is never guessed: an abbreviation
that is not in the table stays as printed.
"""

import re
from functools import lru_cache

# As the legislative bureau shortens; a two-word form is looked up before its words.
EXPANSIONS = {
    "ADMIN": "Administration",
    "APPOINT": "Appointment",
    "AUTH": "Authority",
    "BD": "Board",
    "CD": "Code",
    "CD CORR": "Code of Corrections",
    "CHI": "Chicago",
    "CIV": "Civil",
    "COMM": "Commission",
    "COMP": "Compensation",
    "CON AMEND": "Constitutional Amendment",
    "CONAMEND": "Constitutional Amendment",
    "CONGRATS": "Congratulations",
    "CORR": "Corrections",
    "CRIM": "Criminal",
    "CT": "Court",
    "DEPT": "Department",
    "DEV": "Development",
    "DIST": "District",
    "DNST": "Downstate",
    "ED": "Education",
    "EDUC": "Education",
    "ELEC": "Election",
    "GA": "General Assembly",
    "GOV": "Governor",
    "GOVT": "Government",
    "HGWY": "Highway",
    "HLTH": "Health",
    "HWY": "Highway",
    "IL": "Illinois",
    "INC": "Income",
    "INC.": "Inc.",
    "INFO": "Information",
    "INS": "Insurance",
    "JUV": "Juvenile",
    "MGMT": "Management",
    "MTGS": "Meetings",
    "MUNI": "Municipal",
    "PEN": "Pension",
    "PENCD": "Pension Code",
    "PRO": "Procedure",
    "PROP": "Property",
    "REG": "Registration",
    "SCH": "School",
    "SR CITIZEN": "Senior Citizen",
    "ST BD": "State Board",
    "STU": "Student",
    "TECH": "Technical Change",
    "TWP": "Township",
    "TX": "Tax",
    "UNEMPLOYMENT INS": "Unemployment Insurance",
    "USE/OCC": "Use and Occupation",
    "UTIL": "Utilities",
    "VEH": "Vehicle",
}
ACRONYMS = frozenset(
    [
        "AED",
        "AI",
        "ALS",
        "BIPA",
        "CDB",
        "CMS",
        "COVID",
        "CPR",
        "CSU",
        "DCEO",
        "DCFS",
        "DFPR",
        "DHFS",
        "DHS",
        "DNR",
        "DUI",
        "EMS",
        "EMT",
        "EPA",
        "FOIA",
        "FOID",
        "FY",
        "HIV",
        "IDHS",
        "IDOT",
        "IDPH",
        "IEMA",
        "IG",
        "II",
        "III",
        "IMDMA",
        "IMRF",
        "ISAC",
        "ISBE",
        "IT",
        "IV",
        "LGBTQ",
        "MAP",
        "MRI",
        "NEIU",
        "NIL",
        "NIU",
        "OCE",
        "OMA",
        "PFAS",
        "PTSD",
        "ROTC",
        "SERS",
        "SIU",
        "SNAP",
        "SURS",
        "TANF",
        "TIF",
        "TRS",
        "UIUC",
        "USA",
        "YMCA",
        "YWCA",
    ]
)
SMALL = frozenset(
    ["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"]
)
_WORD = re.compile(r"[^\s]+")
_PARTING = re.compile(r"(?<=[A-Z./)]{2})(?<!\bNON)(?<!\bPRE)(?<!\bANTI)(?<!\bSELF)-|(?<=\bFY\d\d)-")


@lru_cache(maxsize=20_000)
def tidy_title(printed: str) -> str:
    """The short title in words that people read; the empty string stays empty."""
    money = printed.startswith("$")
    # The first hyphen parts the law from the change; one between digits ("9-1-1") or after a letter ("E-CIGARETTES")
    # belongs to the word.
    parts = _PARTING.split(printed.lstrip("$"), maxsplit=1)
    if len(parts) == 2 and parts[1].endswith("-TECH"):
        parts = [parts[0], parts[1].removesuffix("-TECH"), "TECH"]
    tidy = ": ".join(_tidy_part(part.strip()) for part in parts if part.strip())
    return f"Appropriation: {tidy}" if money and tidy else tidy


def _tidy_part(part: str) -> str:
    whole = EXPANSIONS.get(part)
    if whole:
        return whole
    for short, full in EXPANSIONS.items():
        if " " in short:
            part = re.sub(rf"(?<!\S){re.escape(short)}(?!\S)", full, part)
    words = _WORD.findall(part)
    return " ".join(_tidy_word(word, place == 0) for place, word in enumerate(words))


def _tidy_word(word: str, is_first: bool) -> str:
    if not word.isupper():
        return word
    if word in EXPANSIONS:
        return EXPANSIONS[word]
    if word.strip(".,()") in ACRONYMS or re.fullmatch(r"(?:[A-Z]\.)+|FY\d+", word):
        return word
    if word.lower() in SMALL and not is_first:
        return word.lower()
    return re.sub(r"[^\W_]+(?:['’][^\W_]+)?", _capitalize, word)


def _capitalize(found: re.Match[str]) -> str:
    """`Porch`, `O'Hara`, `McCombie`, `Children's`, and acronyms between slashes or hyphens as they are."""
    word = found[0]
    if word in ACRONYMS:
        return word
    if re.fullmatch(r"[A-Z]['’][A-Z]{2,}", word):
        return f"{word[0]}{word[1]}{word[2:].capitalize()}"
    if re.fullmatch(r"MC[B-DF-HJ-NP-TV-Z]\w{2,}|MC[AEIOU]\w{3,}", word):
        return f"Mc{word[2:].capitalize()}"
    return word.capitalize()
