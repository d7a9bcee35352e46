"""Tells Docker whether this container works: `healthcheck.py web` or `healthcheck.py beat`."""

import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

# Beat writes its schedule every three minutes.
BEAT_SILENCE = 600  # seconds


def web() -> bool:
    """The server answers. It is asked under a name that ALLOWED_HOSTS permits."""
    names = [name.strip() for name in os.environ.get("ALLOWED_HOSTS", "").split(",")]
    host = names[0].lstrip(".").replace("*", "localhost") or "localhost"
    request = urllib.request.Request("http://127.0.0.1:8000/health/live/", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310 - our own loopback address
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


def beat() -> bool:
    """The clock wrote its schedule lately."""
    files = list(Path(os.environ.get("PORTAL_VAR", "/app/var")).glob("celerybeat-schedule*"))
    return any(time.time() - file.stat().st_mtime < BEAT_SILENCE for file in files)


if __name__ == "__main__":
    sys.exit(0 if {"web": web, "beat": beat}[sys.argv[1]]() else 1)
