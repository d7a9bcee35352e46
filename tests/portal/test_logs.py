"""What the logs say of a mistake: where it happened, and nothing that people wrote."""

import json
import sys

import pytest

from portal.logs import renderer


def failed(password):
    raise RuntimeError("no such thing")


@pytest.fixture
def mistake():
    password = " ".join(["pine", "beam", "porch", "lantern"])
    try:
        failed(password)
    except RuntimeError:
        return {"event": "Internal Server Error", "level": "error", "exc_info": sys.exc_info()}


def test_production_logs_the_whole_traceback_in_one_line(settings, mistake):
    settings.PRODUCTION = True
    line = renderer(None, "error", mistake)
    assert "\n" not in line
    assert "RuntimeError: no such thing" in json.loads(line)["exception"]
    assert "in failed" in json.loads(line)["exception"]


@pytest.mark.parametrize("production", [True, False])
def test_values_of_variables_are_not_logged(settings, mistake, production):
    settings.PRODUCTION = production
    assert "porch lantern" not in renderer(None, "error", mistake)
