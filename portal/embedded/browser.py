"""Finds the Chromium that the browser tests drive, and installs Debian's where it is missing and allowed."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")


def find_browser() -> str | None:
    """The path of a Chromium on this machine; `CHROMIUM` names one that is not on the path."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if os.access(named, os.X_OK) else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _install_from_debian() -> bool:
    """True when apt-get brought a browser; only root may, and only where apt-get is."""
    apt = shutil.which("apt-get")
    if os.geteuid() != 0 or apt is None:
        return False
    print("Installing Chromium for the browser tests (apt-get install chromium) ...", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = ([apt, "update", "-qq"], [apt, "install", "-y", "-qq", "--no-install-recommends", "chromium"])
    return all(
        subprocess.run(
            command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
        ).returncode
        == 0
        for command in commands
    )


def ensure_browser() -> int:
    """0 when a browser is there, else 1 after saying how to get one."""
    if find_browser() or (_install_from_debian() and find_browser()):
        return 0
    print(
        "The browser tests need Chromium, and there is none on this machine.\n"
        "  Debian:  sudo apt-get install chromium\n"
        "  Fedora:  sudo dnf install chromium\n"
        "  macOS:   brew install --cask chromium\n"
        "  or name one: CHROMIUM=/path/to/chrome make test",
        file=sys.stderr,
    )
    return 1
