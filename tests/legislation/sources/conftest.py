"""What tests of sources ask for: a server that stands in for theirs, and a clock that nobody waits for."""

from collections.abc import Iterator

import pytest

from tests.legislation.sources.stand_in import Clock, StandIn, standing_in


@pytest.fixture
def stand_in(settings) -> Iterator[StandIn]:
    settings.LEGISLATURE_TIMEOUT = 5
    with standing_in() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()
