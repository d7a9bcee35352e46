"""Real files of the 104th General Assembly, read where they lie, and bills of it that a coalition would follow."""

from pathlib import Path

from portal.demo.legislature.texts import MeasureText

# Folder or file of the data set → the source that reads it, in the order of reading.
PARTS = (
    ("districts", "districts"),
    ("legislators", "openstates-people"),
    ("committees", "openstates-people"),
    ("il-104th-house-measures.ndjson.gz", "openstates-files"),
    ("il-104th-house-roll-calls.ndjson.gz", "openstates-files"),
    ("zips/il_zips.json", "zip-codes"),
)
SESSION = 104

# What each does is a fact of public record; the positions are the demonstration's.
FOLLOWED: tuple[MeasureText, ...] = (
    MeasureText("HB1330", "", "", "", "", "Raise what home care pays", "Elders wait for care because nobody can live on what it pays.", "support", "lead"),
    MeasureText("HB3511", "", "", "", "", "Help social workers reach their license", "Supervision is the step that many cannot afford.", "support", "lead"),
    MeasureText("HB2364", "", "", "", "", "Fund centers for independent living", "People with disabilities run their own lives where help is near.", "support", "lead"),
    MeasureText("HB3160", "", "", "", "", "Rate sheets for disability services, every year", "Providers can plan when they know what the state pays.", "support", "support"),
    MeasureText("HB3487", "", "", "", "", "Know who works in behavioral health", "What nobody counts, nobody plans for.", "support", "support"),
    MeasureText("HB1085", "", "", "", "", "Insurers pay fairly for mental health care", "Care that is not paid for is care that nobody finds.", "support", "lead"),
    MeasureText("HB2774", "", "", "", "", "One number to call for domestic violence help", "A person in danger should need one number only.", "support", "support"),
    MeasureText("HB2907", "", "", "", "", "Parents learn their rights in child welfare", "Families stay together when they know what to ask.", "support", "support"),
    MeasureText("HB3761", "", "", "", "", "Hospitals help people without a home", "Nobody should leave a hospital for the street.", "support", "monitor"),
    MeasureText("HB1862", "", "", "", "", "Emergency housing without matching funds", "Small providers have no match to give.", "support", "support"),
    MeasureText("HB2682", "", "", "", "", "Safety first in cash assistance", "Survivors need time before rules.", "support", "monitor"),
    MeasureText("HB1429", "", "", "", "", "No fines for having no home", "A fine never housed anybody.", "support", "support"),
    MeasureText("HB3991", "", "", "", "", "Pay for 2-1-1 in every county", "One number tells people where help is.", "support", "monitor"),
)  # fmt: skip


def is_present(folder: str) -> bool:
    """Whether the folder holds the data set."""
    return bool(folder) and all((Path(folder) / name).exists() for name, _source in PARTS)
