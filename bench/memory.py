"""How much memory a process that sends bulk mail takes, from ten thousand recipients to a million: it must stay flat."""

import threading
import time

from bench.engine import PROCESSES, Engine, engine
from bench.report import Figure, at_most, plain, say

SIZES = (10_000, 100_000, 1_000_000)
MOST_MEGABYTES, MOST_GROWTH = 200, 1.25


def measure(_rounds: int) -> list[Figure]:
    """The largest process of the bulk worker while each alert goes out; a million takes some minutes."""
    figures, peaks = [], []
    with engine() as ours:
        ours.start_workers()
        for size in SIZES:
            say(f"  {size:,} recipients ...")
            peak, result = _sent(ours, size)
            peaks.append(peak)
            say(f"    {peak:.0f} MB, {size / result['seconds']:,.0f} messages/s")
            figures += [
                at_most(
                    f"memory: largest of {PROCESSES} processes, {size:,} recipients",
                    peak,
                    "MB",
                    MOST_MEGABYTES,
                ),
                plain(
                    f"memory: rate of that run, {size:,} recipients", size / result["seconds"], "messages/s"
                ),
            ]
    return [*figures, at_most("memory: the last ÷ the first", peaks[-1] / peaks[0], "ratio", MOST_GROWTH)]


def _sent(ours: Engine, size: int) -> tuple[float, dict[str, float]]:
    """Peak resident memory (MB) and what the sending found."""
    peak, over = 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.is_set():
            peak = max(peak, ours.bulk_memory())
            time.sleep(0.2)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        result = ours.inside("send", str(size), "1800")
    finally:
        over.set()
        watcher.join()
    if result.get("accepted") != size:
        raise SystemExit(f"Not all were accepted: {result}")
    return peak, result
