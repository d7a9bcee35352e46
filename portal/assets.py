"""Copies the typefaces and icons from the npm packages into `static/vendor/` (`python -m portal.assets`).

Run it after `npm ci`. Pages work without it: they then use system fonts and show no icons.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"

FONTS_CSS = "vendor/fonts.css"

# package, file, family, the weights the file can draw
FONTS = (
    ("bitter", "bitter-latin-wght-normal.woff2", "Bitter", "100 900"),
    (
        "atkinson-hyperlegible-next",
        "atkinson-hyperlegible-next-latin-wght-normal.woff2",
        "Atkinson Hyperlegible Next",
        "200 800",
    ),
)
FONT_FILES = tuple(f"vendor/fonts/{file}" for _package, file, _family, _weights in FONTS)

LATIN = (
    "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, U+0329, "
    "U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD"
)

# fmt: off
ICONS = (
    "arrow-left", "arrow-right", "arrow-up", "bell", "building-2", "calendar", "calendar-check", "check",
    "chevron-right", "circle-check", "clipboard-list", "clock", "copy", "download", "external-link", "eye",
    "file-text", "filter", "flag", "globe", "graduation-cap", "hand-heart", "heart-handshake", "history",
    "house", "info", "key-round", "landmark", "link", "list-checks", "lock", "log-out", "mail", "map-pin",
    "megaphone", "menu", "message-circle", "newspaper", "pencil", "phone", "plus", "printer", "quote",
    "rss", "scale", "search", "send", "settings", "share-2", "shield-check", "smartphone", "star",
    "trash-2", "triangle-alert", "upload", "user", "user-plus", "users", "x",
)
# fmt: on


def fonts_css() -> str:
    """The `@font-face` rules; text shows at once in a system font and swaps when the file arrives."""
    rules = [
        f'@font-face {{\n  font-family: "{family}";\n  font-style: normal;\n  font-weight: {weights};\n'
        f'  font-display: swap;\n  src: url("fonts/{file}") format("woff2");\n  unicode-range: {LATIN};\n}}\n'
        for _package, file, family, weights in FONTS
    ]
    return "\n".join(rules)


def copy_assets(packages: Path = PACKAGES, vendor: Path = VENDOR) -> list[Path]:
    """Copy fonts, icons and their licenses. Returns the files written.

    Raises FileNotFoundError, naming the file, when a package is not installed.
    """
    fonts, icons, written = vendor / "fonts", vendor / "icons", []
    fonts.mkdir(parents=True, exist_ok=True)
    icons.mkdir(parents=True, exist_ok=True)
    for package, file, _family, _weights in FONTS:
        source = packages / "@fontsource-variable" / package
        written.append(Path(shutil.copyfile(source / "files" / file, fonts / file)))
        written.append(Path(shutil.copyfile(source / "LICENSE", fonts / f"LICENSE-{package}.txt")))
    lucide = packages / "lucide-static"
    for name in ICONS:
        written.append(Path(shutil.copyfile(lucide / "icons" / f"{name}.svg", icons / f"{name}.svg")))
    written.append(Path(shutil.copyfile(lucide / "LICENSE", icons / "LICENSE-lucide.txt")))
    stylesheet = vendor / "fonts.css"
    stylesheet.write_text(fonts_css(), encoding="utf-8")
    return [*written, stylesheet]


def main() -> int:
    try:
        written = copy_assets()
    except FileNotFoundError as error:
        print(f"{error.filename} is missing. Run `npm ci` first.", file=sys.stderr)
        return 1
    print(f"Copied {len(written)} files to {VENDOR.relative_to(ROOT)}/.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
