"""Letters and pictures set by typst: a template, its data as JSON, and our own fonts.

A template is a `.typ` file in `templates/<app>/typst/`. It reads what it is given, and pastes nothing into code:

    #let data = json(bytes(sys.inputs.data))
    #let look = json(bytes(sys.inputs.look))
    #set document(title: data.title)
    #set text(font: look.text, fill: rgb(look.ink), lang: look.lang)
    #show heading: set text(font: look.headings)

It sees the files of its own folder, and pictures handed over with it as `images/<name>`. Templates of pictures are
`PICTURE_POINTS` wide.
"""

import json
import re
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import get_language

from partners.fonts import HEADINGS, TEXT, font_folder

Data = Mapping[str, Any]
Images = Mapping[str, bytes]

# How wide the page of a picture's template is, in points.
PICTURE_POINTS = 600
# The blueprint's colors, as the stylesheet has them.
COLORS = {
    "paper": "#FBF7EF",
    "ink": "#1D2B2A",
    "pine": "#0F4C46",
    "brick": "#A63D2B",
    "sky": "#1F5F8B",
    "stone": "#5B6462",
    "line": "#8A8F86",
    "gold": "#F2B632",
}
# Drawings (SVG) may name other files; only pictures made of dots come in.
_IMAGE_NAME = re.compile(r"[a-z0-9_-]{1,60}\.(png|jpg|jpeg|gif|webp)")
_TEMPLATE_NAME = re.compile(r"[a-z_]+/typst/[a-z_]+\.typ")


def typeset_pdf(template: str, data: Data, images: Images | None = None) -> bytes:
    """A tagged PDF of a template such as `campaigns/typst/letter.typ`.

    Raises `typst.TypstError` where the template cannot be set, `ValueError` for a name that is none.
    """
    return _typeset(template, data, images or {}, format="pdf", pdf_tags=True)


def typeset_png(template: str, data: Data, width: int = 1200, images: Images | None = None) -> bytes:
    """A PNG of a template's only page, `width` pixels wide."""
    return _typeset(template, data, images or {}, format="png", ppi=72 * width / PICTURE_POINTS)


def _typeset(template: str, data: Data, images: Images, **options: Any) -> bytes:
    path = _template_path(template)
    inputs = {"data": json.dumps(data), "look": json.dumps(_look())}
    if not images:
        return _compiled(path, inputs, options)
    with tempfile.TemporaryDirectory(prefix="typesetting-") as folder:
        return _compiled(_beside_images(path, images, Path(folder)), inputs, options)


def _compiled(path: Path, inputs: dict[str, str], options: dict[str, Any]) -> bytes:
    # A compiler of its own for each document: threads share the fonts and nothing else.
    compiler = typst.Compiler(path, root=path.parent, font_paths=_fonts(), sys_inputs=inputs)
    made = compiler.compile(**options)
    return made[0] if isinstance(made, list) else made or b""


def _template_path(template: str) -> Path:
    if not _TEMPLATE_NAME.fullmatch(template):
        raise ValueError(f"{template!r} does not name a template such as campaigns/typst/letter.typ.")
    return Path(settings.BASE_DIR) / "templates" / template


def _beside_images(path: Path, images: Images, folder: Path) -> Path:
    """A folder that holds the template's own folder and, under `images/`, what came with it."""
    for sibling in path.parent.glob("*.typ"):
        (folder / sibling.name).write_bytes(sibling.read_bytes())
    (folder / "images").mkdir()
    for name, content in images.items():
        if not _IMAGE_NAME.fullmatch(name):
            raise ValueError(f"{name!r} does not name a picture.")
        (folder / "images" / name).write_bytes(content)
    return folder / path.name


def _look() -> dict[str, Any]:
    """What every template may use: fonts with what stands in for them, colors, and the reader's language."""
    return {"headings": HEADINGS, "text": TEXT, "lang": (get_language() or "en")[:2], **COLORS}


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Our fonts and, for letters of other scripts, the machine's. Read once in each process."""
    folder = font_folder()
    return typst.Fonts(font_paths=[folder] if folder else [])
