"""What SpamAssassin thinks of the demonstration's alerts, by its local tests alone: each under 1.0 of the 5.0 of spam.

The messages are those that would go over the wire, of every alert, variant and language. Where Debian's package
`spamassassin` is not installed, this part is left out and says so.
"""

import re
import shutil
import subprocess
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.engine import run_inside
from bench.report import Figure, at_most, plain, say
from bench.site import demonstration

MOST = 1.0
_STATUS = re.compile(
    r"^X-Spam-Status: \w+, score=(-?[\d.]+) .*?tests=([\w,\s]*?) (?:autolearn|version)", re.M | re.S
)
# What says nothing about the message: it never went through a mail server, and it has an HTML part.
HARMLESS = {"NO_RECEIVED", "NO_RELAYS", "HTML_MESSAGE", "none"}


def measure(_rounds: int) -> list[Figure]:
    """The worst score, and how many messages each test hit that says anything."""
    program = shutil.which("spamassassin")
    if program is None:
        say("  SpamAssassin is not installed (Debian: apt-get install spamassassin). Left out.")
        return []
    with demonstration() as environment, tempfile.TemporaryDirectory(prefix="portal-bench-spam-") as folder:
        run_inside("bench.spam_inside", [folder], environment)
        messages = sorted(Path(folder).glob("*.eml"))
        with ThreadPoolExecutor(2) as pool:
            results = list(pool.map(lambda message: _judged(program, message), messages))
    if not results:
        raise SystemExit("The demonstration has no alert.")
    hits = Counter(test for _score, tests in results for test in tests - HARMLESS)
    for message, (score, tests) in zip(messages, results, strict=True):
        say(f"    {message.stem:<40} {score:>5.1f}  {', '.join(sorted(tests))}")
    return [
        at_most(
            f"spam: worst score of {len(results)} messages",
            max(score for score, _ in results),
            "points",
            MOST,
        ),
        *(plain(f"spam: messages with {test}", number, "messages") for test, number in hits.most_common()),
    ]


def _judged(program: str, message: Path) -> tuple[float, set[str]]:
    """Score and tests that hit, without asking anybody over the network."""
    with message.open("rb") as file:
        result = subprocess.run([program, "-L"], stdin=file, stdout=subprocess.PIPE, check=True)
    found = _STATUS.search(result.stdout.decode("utf-8", "replace"))
    if found is None:
        raise SystemExit(f"SpamAssassin said nothing about {message.name}.")
    return float(found.group(1)), {test.strip() for test in found.group(2).split(",") if test.strip()}
