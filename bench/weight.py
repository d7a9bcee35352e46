"""What a first visit costs: bytes over the wire and requests as Chromium counts them, and queries on the server."""

import json
import subprocess
import sys
from contextlib import ExitStack

from bench.pages import newest_story
from bench.report import ROOT, Figure, at_most, say
from bench.site import demonstration, served
from portal.embedded.browser import find_browser

QUERIES, KILOBYTES, REQUESTS = 12, 150, 10

_COUNT_QUERIES = """
import json, sys, django
django.setup()
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
counts = {}
for path in json.loads(sys.argv[1]):
    client = Client()
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    counts[path] = len(queries)
print(json.dumps(counts))
"""


def measure(rounds: int) -> list[Figure]:
    """Queries without the page cache, then kilobytes and requests of a cold visit, for each public page."""
    from playwright.sync_api import sync_playwright

    with demonstration() as environment, ExitStack() as stack:
        address = stack.enter_context(served(environment, "portal.wsgi:application"))
        paths = _public_paths(address)
        queries = _count_queries(paths, environment)
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=find_browser(), args=["--no-sandbox", "--disable-gpu"]
        )
        figures = []
        for path in paths:
            size, requests = _visit(browser, address + path)
            say(f"  {path}: {queries[path]} queries, {size / 1024:.0f} KB, {requests} requests")
            figures.append(at_most(f"weight: {path} queries", queries[path], "queries", QUERIES))
            figures.append(at_most(f"weight: {path} cold", size / 1024, "KB", KILOBYTES))
            figures.append(at_most(f"weight: {path} requests", requests, "requests", REQUESTS))
    return figures


def _public_paths(address: str) -> list[str]:
    """Every kind of public page, with the newest story, campaign, call and a partner standing for their kind."""
    import re
    import urllib.request

    def first(list_path: str, pattern: str) -> str:
        page = urllib.request.urlopen(address + list_path, timeout=20).read().decode()
        found = re.findall(f'href="({pattern})"', page)
        if not found:
            raise SystemExit(f"{list_path} lists nothing.")
        return found[0]

    return [
        "/",
        "/stories/",
        newest_story(address),
        "/campaigns/",
        first("/campaigns/", r"/campaigns/[a-z0-9-]+/"),
        "/take-action/",
        first("/take-action/", r"/take-action/[a-z0-9-]+/"),
        "/bills/",
        first("/bills/?position=support&sort=number", r"/bills/\d+/[a-z0-9]+/"),
        "/hearings/",
        first("/hearings/", r"/hearings/\d+/(?!\d)"),
        "/legislators/",
        first("/legislators/", r"/legislators/[a-z0-9-]+/"),
        "/committees/",
        first("/committees/", r"/committees/[a-z0-9-]+/"),
        "/who-represents-me/",
        "/districts/house/1/",
        "/budget/",
        "/api/v1/",
        "/agenda/",
        first("/agenda/", r"/agenda/\d+/[a-z0-9-]+/"),
        "/partners/",
        first("/partners/", r"/partners/[a-z0-9-]+/"),
        "/events/",
        first("/events/", r"/events/\d+/\d+/"),
        first("/events/", r"/events/(?!my-place|registered|door|feedback|\d)[a-z0-9-]+/"),
        "/councils/",
        first("/councils/", r"/councils/[a-z0-9-]+/"),
        "/tables/",
        first("/tables/", r"/tables/[a-z0-9-]+/"),
        "/trainings/",
        first("/trainings/", r"/trainings/sessions/[a-z0-9-]+/"),
        "/trainings/resources/",
        "/surveys/",
        "/research/",
        "/research/reports/",
        first("/research/reports/", r"/research/reports/(?!feed/)[a-z0-9-]+/"),
        "/research/findings/",
        first("/research/findings/", r"/research/findings/(?!compare|csv|json)[a-z0-9-]+/"),
        "/research/fact-sheets/",
        first("/research/fact-sheets/", r"/research/fact-sheets/[a-z0-9-]+/"),
        "/research/toolkits/",
        first("/research/toolkits/", r"/research/toolkits/[a-z0-9-]+/"),
        "/research/projects/",
        first("/research/projects/", r"/research/projects/[a-z0-9-]+/"),
        "/research/service-map/",
        "/research/loan-repayment/",
        "/research/loan-repayment/check/",
        "/news/in-the-news/",
        "/stories/issues/",
        "/stories/people/",
        first("/stories/people/", r"/stories/people/[a-z0-9-]+/"),
        "/explained/",
        first("/explained/", r"/explained/[a-z0-9-]+/"),
        "/for/",
        first("/for/", r"/for/(?!media/)[a-z0-9-]+/"),
        "/for/media/",
        "/search/",
        "/search/?q=housing",
        "/about/",
        "/about/people/",
        "/about/allies/",
        "/about/contact/",
        "/updates/",
        "/join/",
        "/privacy/",
        "/accessibility/",
        "/accounts/login/",
    ]


def _count_queries(paths: list[str], environment: dict[str, str]) -> dict[str, int]:
    result = subprocess.run(
        [sys.executable, "-c", _COUNT_QUERIES, json.dumps(paths)],
        cwd=ROOT,
        env={**environment, "DJANGO_SETTINGS_MODULE": "portal.settings", "PAGE_CACHE_SECONDS": "0"},
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise SystemExit(result.stderr)
    return json.loads(result.stdout)


def _visit(browser, url: str) -> tuple[int, int]:
    """Bytes received (headers and bodies as compressed) and requests of a visit with an empty cache."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received = {"bytes": 0, "requests": 0}
    session.on(
        "Network.loadingFinished",
        lambda event: received.update(bytes=received["bytes"] + int(event["encodedDataLength"])),
    )
    session.on("Network.requestWillBeSent", lambda event: received.update(requests=received["requests"] + 1))
    page.goto(url, wait_until="networkidle")
    context.close()
    return received["bytes"], received["requests"]
