"""How a figure is written down: a table for people, `var/bench.json` for machines."""

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Figure:
    """One measured value. `holds` is None where no target is set."""

    name: str
    value: float
    unit: str
    target: str = ""
    holds: bool | None = None


def at_least(name: str, value: float, unit: str, target: float) -> Figure:
    """A figure that must reach its target."""
    return Figure(name, round(value, 3), unit, f"at least {target:g}", value >= target)


def at_most(name: str, value: float, unit: str, target: float) -> Figure:
    """A figure that must not exceed its target."""
    return Figure(name, round(value, 3), unit, f"at most {target:g}", value <= target)


def plain(name: str, value: float, unit: str) -> Figure:
    """A figure without a target, for comparison."""
    return Figure(name, round(value, 3), unit)


def say(words: str) -> None:
    """A line of progress; standard output is kept for the table."""
    print(words, file=sys.stderr, flush=True)


def write(figures: list[Figure], file_name: str, *, show: bool = True) -> None:
    """Prints the table and writes the same rows below `var/`, replacing rows of the same name."""
    if not figures:
        return
    if show:
        _print(figures)
    path = Path(os.environ.get("PORTAL_VAR", ROOT / "var")) / file_name
    path.parent.mkdir(parents=True, exist_ok=True)
    old = json.loads(path.read_text()) if path.exists() else []
    names = {figure.name for figure in figures}
    rows = [row for row in old if row["name"] not in names] + [asdict(figure) for figure in figures]
    path.write_text(json.dumps(rows, indent=1) + "\n")


def _print(figures: list[Figure]) -> None:
    width = max(len(figure.name) for figure in figures)
    for figure in figures:
        verdict = {True: "holds", False: "FALLS SHORT", None: ""}[figure.holds]
        value = f"{figure.value:,.0f}" if figure.value >= 100 else f"{figure.value:.2f}"
        print(f"{figure.name:<{width}}  {value:>10} {figure.unit:<10} {figure.target:<14} {verdict}".rstrip())
