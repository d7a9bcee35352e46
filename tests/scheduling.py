"""Which of the parallel workers runs what."""

from xdist.scheduler import LoadScopeScheduling


class OnePortalScheduling(LoadScopeScheduling):
    """All browser walks go to one worker, since they share a running portal; every other test goes where there is room.

    (pytest-xdist's own groups do nothing under pytest 9.2, which no longer lets a plugin rename a test.)
    """

    def _split_scope(self, nodeid: str) -> str:
        return "tests/e2e" if nodeid.startswith("tests/e2e/") else nodeid
