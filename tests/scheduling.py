"""Which of the parallel workers runs what."""

from xdist.scheduler import LoadScopeScheduling

# Modules whose tests share what is slow to make, such as a demonstration: one worker makes it once.
_SHARED = ("tests/portal/test_demo_content.py", "tests/portal/test_public_web.py")


class OnePortalScheduling(LoadScopeScheduling):
    """All browser walks go to one worker, since they share a running portal; every other test goes where there is room.

    (pytest-xdist's own groups do nothing under pytest 9.2, which no longer lets a plugin rename a test.)
    """

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.split("::", 1)[0]
        if module.startswith("tests/e2e/"):
            return "tests/e2e"
        return module if module in _SHARED else nodeid
