"""Every setting from the environment is documented, and production refuses to start without what it needs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PRODUCTION = {
    "PORTAL_MODE": "production",
    "SECRET_KEY": "k" * 60,
    "SITE_URL": "https://portal.example.org",
    "ALLOWED_HOSTS": "portal.example.org",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "DEFAULT_FROM_EMAIL": "portal@example.org",
}


def start(**environment: str) -> subprocess.CompletedProcess:
    """Loads the settings in a process of their own, with nothing in the environment but this."""
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "portal.settings", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_env_example_names_exactly_what_settings_read():
    read = set(
        re.findall(
            r'env\.(?:text|flag|number|words)\(\s*"([A-Z_]+)"', (ROOT / "portal/settings.py").read_text()
        )
    )
    documented = set(re.findall(r"^#?\s?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read - documented == set(), "undocumented"
    # These two are docker-compose.yml's, and this one is the `bootstrap` command's.
    elsewhere = {"POSTGRES_PASSWORD", "WEB_BIND", "PORTAL_STAFF_PASSWORD"}
    assert documented - read == elsewhere, "read by nobody"


def test_production_starts_with_its_settings():
    assert start(**PRODUCTION).returncode == 0


@pytest.mark.parametrize("missing", sorted(set(PRODUCTION) - {"PORTAL_MODE"}))
def test_a_missing_setting_stops_production_with_its_name(missing):
    result = start(**{name: value for name, value in PRODUCTION.items() if name != missing})
    assert result.returncode != 0
    assert f"{missing} is not set" in result.stderr


def test_production_is_what_one_gets_without_saying_so():
    result = start()
    assert "SECRET_KEY is not set" in result.stderr


@pytest.mark.parametrize("folder", ["MEDIA_ROOT", "PRIVATE_ROOT"])
def test_uploads_outlive_the_container_and_are_backed_up(folder):
    name = Path(getattr(settings, folder)).name
    portal = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    assert f"{name}:/app/var/{name}" in portal["x-portal"]["volumes"]
    assert name in portal["volumes"]
    # The folder exists in the image and is the portal's: so is the volume then.
    image = (ROOT / "Dockerfile").read_text()
    assert re.search(rf"chown portal:portal [^\n]*/app/var/{name}\b", image)
    backup = re.search(r"tar -cf .*", (ROOT / "docs/operations.md").read_text())
    assert backup
    assert name in backup[0].split()
