"""One running portal and one Chromium for all browser walks.

Both last as long as this package's tests and no longer: while Playwright runs, Django takes the thread for an
asynchronous one and refuses to ask the database, which other tests of the same process would suffer from.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from portal.embedded.browser import find_browser
from tests.e2e.portal import Portal, running_portal
from tests.e2e.visitor import Visitor

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HERE = Path(__file__).parent
_broken = pytest.StashKey[str]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """Remembers the chapter in which a story broke."""
    report = yield
    if report.failed and item.get_closest_marker("chapter"):
        item.parent.stash.setdefault(_broken, item.name)
    return report


def pytest_runtest_setup(item: pytest.Item) -> None:
    """The chapters of a story build on each other: after the first that broke, the others tell nothing."""
    broken = item.parent.stash.get(_broken, "") if item.parent else ""
    if broken and item.get_closest_marker("chapter"):
        pytest.skip(f"The story broke in {broken}.")


@pytest.fixture(scope="package")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with running_portal(tmp_path_factory.mktemp("run")) as started:
        yield started


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def newcomer(chromium: Browser, portal: Portal) -> Iterator[Callable[..., Visitor]]:
    """Opens a fresh browser profile; takes what `Visitor` takes."""
    visitors: list[Visitor] = []

    def arrive(**options) -> Visitor:
        visitors.append(Visitor(chromium, portal, **options))
        return visitors[-1]

    yield arrive
    for visitor in visitors:
        visitor.context.close()


@pytest.fixture
def visitor(newcomer: Callable[..., Visitor]) -> Iterator[Visitor]:
    """Somebody at a computer."""
    somebody = newcomer(name="desk")
    yield somebody
    somebody.context.close()


@pytest.fixture
def phone(newcomer: Callable[..., Visitor]) -> Iterator[Visitor]:
    """Somebody with a phone."""
    somebody = newcomer(width=390, name="phone")
    yield somebody
    somebody.context.close()
