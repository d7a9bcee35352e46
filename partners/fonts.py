"""The site's fonts as files that a typesetter reads: the web's variable fonts, cut into the weights we use.

They are made once, under the portal's own folder, and made again when the npm packages change.
"""

import hashlib
import logging
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.conf import settings
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

logger = structlog.get_logger(__name__)
# It tells every step of every font.
logging.getLogger("fontTools").setLevel(logging.WARNING)

BITTER = "Bitter"
ATKINSON = "Atkinson Hyperlegible Next"
# The web's fonts come in parts by alphabet; a part that is not plain Latin is a family of its own here.
MORE = " Supplement"
# In order: ours, then what typst brings along where the packages are missing.
HEADINGS = [BITTER, BITTER + MORE, "Libertinus Serif"]
TEXT = [ATKINSON, ATKINSON + MORE, "Libertinus Serif"]

REGULAR, BOLD = 400, 700
_BOLD_BIT, _ITALIC_BIT, _REGULAR_BIT = 1 << 5, 1, 1 << 6


@dataclass(frozen=True)
class Cut:
    """One font file to make: from which part of which package, under what name."""

    package: str
    part: str
    style: str
    family: str
    weight: int

    @property
    def source(self) -> Path:
        folder = Path(settings.BASE_DIR) / "node_modules" / "@fontsource-variable" / self.package / "files"
        return folder / f"{self.package}-{self.part}-wght-{self.style}.woff2"

    @property
    def style_name(self) -> str:
        words = [word for word, is_so in (("Bold", self.weight == BOLD), ("Italic", self.is_italic)) if is_so]
        return " ".join(words) or "Regular"

    @property
    def is_italic(self) -> bool:
        return self.style == "italic"

    @property
    def file_name(self) -> str:
        return f"{self.family} {self.style_name}.ttf".replace(" ", "-")


CUTS = [
    Cut(package, part, style, family + (MORE if part == "latin-ext" else ""), weight)
    for package, family, style in (
        ("bitter", BITTER, "normal"),
        ("atkinson-hyperlegible-next", ATKINSON, "normal"),
        ("atkinson-hyperlegible-next", ATKINSON, "italic"),
    )
    for part in ("latin", "latin-ext")
    for weight in (REGULAR, BOLD)
]


def font_folder() -> Path | None:
    """Where the cut fonts stand, made at the first call; nothing where the packages are missing."""
    cuts = [cut for cut in CUTS if cut.source.is_file()]
    if not cuts:
        return None
    folder = Path(settings.VAR_DIR) / "fonts" / _version(cuts)
    try:
        if not folder.is_dir():
            _make(cuts, folder)
    except OSError as error:
        logger.warning("fonts not made", error=str(error))
        return None
    return folder


def _version(cuts: list[Cut]) -> str:
    """Changes with the packages' files."""
    digest = hashlib.sha256()
    for cut in cuts:
        digest.update(f"{cut.file_name} {cut.source.stat().st_size}\n".encode())
    return digest.hexdigest()[:12]


def _make(cuts: list[Cut], folder: Path) -> None:
    """All files or none: several processes may start at once, and the first folder that is whole stays."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as unfinished:
        made = Path(unfinished) / "made"
        made.mkdir(mode=0o755)
        for cut in cuts:
            _instance(cut).save(made / cut.file_name)
        try:
            os.rename(made, folder)
        except OSError:
            if not folder.is_dir():
                raise


def _instance(cut: Cut) -> TTFont:
    """A font of one weight, with names that tell it from the other weights."""
    font = TTFont(cut.source)
    font.flavor = None
    instantiateVariableFont(font, {"wght": cut.weight}, inplace=True)
    for number, words in {
        1: cut.family,
        2: cut.style_name,
        4: f"{cut.family} {cut.style_name}",
        6: f"{cut.family} {cut.style_name}".replace(" ", ""),
    }.items():
        font["name"].setName(words, number, 3, 1, 0x409)
    for number in (16, 17, 25):
        font["name"].removeNames(nameID=number)
    is_bold = cut.weight == BOLD
    font["OS/2"].usWeightClass = cut.weight
    font["OS/2"].fsSelection = (
        (_BOLD_BIT if is_bold else 0)
        | (_ITALIC_BIT if cut.is_italic else 0)
        | (_REGULAR_BIT if cut.style_name == "Regular" else 0)
    )
    font["head"].macStyle = is_bold | (cut.is_italic << 1)
    return font
