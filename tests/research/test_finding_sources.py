"""Looking at sources: a real server on this machine that answers well, moves, fails, stalls and floods."""

import socket
import threading
import time
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from django.utils import timezone

from partners.fiscal_year import CHICAGO
from partners.outside import NotPublic, only_public, pinned_to_public
from research import link_checks
from research.link_checks import MAX_REDIRECTS, Look, Looker
from research.models import Finding, SourceCheck
from research.services.finding_source import check_source, check_sources, due_for_check, keep_look
from research.tasks import check_sources as check_sources_task
from tests.factories.research_finding import FindingFactory, SourceCheckFactory


class Pages(BaseHTTPRequestHandler):
    """One address for each way a page can be."""

    asked: list[tuple[str, str]] = []
    hosts: list[str] = []
    flood = 0

    def log_message(self, *_words):
        pass

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        Pages.asked.append((self.command, self.path))
        Pages.hosts.append(self.headers["Host"])
        name, _slash, rest = self.path.strip("/").partition("/")
        getattr(self, f"page_{name}")(rest)

    def say(self, status: int, **headers: str):
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header.title(), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def page_well(self, _rest):
        self.say(200)

    def page_status(self, rest):
        self.say(int(rest))

    def page_nohead(self, _rest):
        self.say(405 if self.command == "HEAD" else 200)

    def page_drophead(self, _rest):
        if self.command == "HEAD":
            self.close_connection = True
        else:
            self.say(200)

    def page_moved(self, rest):
        self.say(301, location=f"/{rest}")

    def page_passing(self, rest):
        self.say(302, location=f"/{rest}")

    def page_circle(self, _rest):
        self.say(301, location="/circle")

    def page_inside(self, _rest):
        self.say(301, location="http://10.0.0.7/router")

    def page_elsewhere(self, _rest):
        self.say(302, location="file:///etc/passwd")

    def page_slow(self, _rest):
        time.sleep(1.5)
        self.say(200)

    def page_drip(self, _rest):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        try:
            for _time in range(100):
                self.wfile.write(b"X")
                time.sleep(0.05)
        except OSError:
            pass

    def page_once(self, _rest):
        tries = len([path for _method, path in Pages.asked if path == self.path])
        self.say(500 if tries <= 2 else 200)

    def page_flood(self, _rest):
        self.send_response(405 if self.command == "HEAD" else 200)
        self.end_headers()
        try:
            while self.command == "GET" and Pages.flood < 200 << 20:
                self.wfile.write(b"x" * (1 << 16))
                Pages.flood += 1 << 16
        except OSError:
            pass


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def pauses():
    Pages.asked.clear()
    return []


@pytest.fixture
def looker(pauses):
    """Without the guard, because the server is on this machine, and without waiting."""
    with Looker(guard=lambda request: None, timeout=0.5, sleep=pauses.append) as eyes:
        yield eyes


@pytest.mark.parametrize(
    ("path", "outcome", "status"),
    [
        ("/well", "found", 200),
        ("/nohead", "found", 200),
        ("/drophead", "found", 200),
        ("/once", "found", 200),
        ("/status/404", "gone", 404),
        ("/status/410", "gone", 410),
        ("/status/500", "broken", 500),
        ("/status/403", "unsure", 403),
        ("/moved/well", "moved", 200),
        ("/passing/well", "found", 200),
        ("/moved/status/404", "gone", 404),
        ("/circle", "broken", None),
        ("/elsewhere", "unreachable", None),
        ("/slow", "slow", None),
        ("/flood", "found", 200),
    ],
)
def test_each_way_a_page_can_be(site, looker, path, outcome, status):
    seen = looker.look(site + path)
    assert (seen.outcome, seen.status) == (outcome, status)
    assert seen.moved_to == (f"{site}/well" if path == "/moved/well" else "")


def test_a_flood_is_not_read(site, looker):
    Pages.flood = 0
    looker.look(f"{site}/flood")
    assert Pages.flood < 20 << 20


def test_redirects_and_tries_come_to_an_end(site, looker, pauses):
    looker.look(f"{site}/circle")
    assert len(Pages.asked) == 2 * (MAX_REDIRECTS + 1)
    Pages.asked.clear()
    looker.look(f"{site}/status/500")
    assert [method for method, _path in Pages.asked] == ["HEAD", "GET", "HEAD", "GET"]
    assert 3.0 in pauses


def test_one_host_is_asked_with_pauses(site, looker, pauses):
    looker.look(f"{site}/well")
    assert not pauses
    looker.look(f"{site}/well")
    assert len(pauses) == 1
    assert 0.5 < pauses[0] <= 1.0


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/", "http://[::1]/", "http://10.1.2.3/", "http://169.254.169.254/latest/"]
)
def test_private_addresses_are_refused(address):
    with Looker(sleep=lambda seconds: None) as eyes:
        assert eyes.look(address).outcome == "refused"


def test_a_name_that_changes_its_mind_is_asked_where_it_was_looked_at(monkeypatch):
    answers = iter([["93.184.215.14"], ["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], []])

    def resolve(host, port, type):
        return [(socket.AF_INET, type, 6, "", (address, port)) for address in next(answers)]

    with monkeypatch.context() as patched:
        patched.setattr("partners.outside.socket.getaddrinfo", resolve)
        request = httpx.Request("GET", "https://rebind.example:8443/page?a=1")
        pinned_to_public(request)
        assert str(request.url) == "https://93.184.215.14:8443/page?a=1"
        assert request.headers["Host"] == "rebind.example:8443"
        assert request.extensions["sni_hostname"] == "rebind.example"
        for _answer in range(3):
            with pytest.raises(NotPublic):
                pinned_to_public(httpx.Request("GET", "https://rebind.example/"))


def test_a_pinned_request_arrives_under_its_name(site):
    port = site.rpartition(":")[2]

    def guard(request):
        request.url = request.url.copy_with(host="127.0.0.1")

    with Looker(guard=guard, timeout=2, sleep=lambda seconds: None) as eyes:
        seen = eyes.look(f"http://named.example:{port}/moved/well")
    assert (seen.outcome, seen.moved_to) == ("moved", f"http://named.example:{port}/well")
    assert Pages.hosts[-1] == f"named.example:{port}"


def test_a_redirect_into_a_private_network_is_refused(site):
    def guard(request):
        if request.url.host != "127.0.0.1":
            only_public(request)

    with Looker(guard=guard, timeout=0.5, sleep=lambda seconds: None) as eyes:
        assert eyes.look(f"{site}/inside").outcome == "refused"


@pytest.mark.parametrize(
    "address", ["ftp://x.example/", "http://", "https://exa mple/", "nonsense", "http://x.invalid/"]
)
def test_what_is_no_page_cannot_be_reached(address):
    with Looker(timeout=0.5, sleep=lambda seconds: None) as eyes:
        assert eyes.look(address).outcome == "unreachable"


# --- What is kept ---------------------------------------------------------------------------------------------------


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=CHICAGO)


GONE, WELL, SHY = Look("gone", 404), Look("found", 200), Look("unsure", 403)


@pytest.mark.django_db
def test_a_page_is_gone_after_two_days_and_back_at_once():
    finding = FindingFactory()

    def look(seen, day, hour=12):
        return keep_look(finding=finding, url=finding.source_url, look=seen, now=at(day, hour))

    assert look(WELL, 1).last_seen_at == at(1)
    assert not look(GONE, 2).is_dead
    assert not look(GONE, 2, 23).is_dead, "a day counts once"
    assert look(GONE, 9).is_dead
    check = look(GONE, 16)
    assert (check.first_failed_at, check.failed_days, check.last_seen_at) == (at(2), 3, at(1))
    back = look(WELL, 17)
    assert (back.is_dead, back.first_failed_at, back.last_seen_at) == (False, None, at(17))


@pytest.mark.django_db
def test_a_page_that_refuses_programs_is_neither_gone_nor_seen():
    finding = FindingFactory()
    for day in (1, 2, 3):
        check = keep_look(finding=finding, url=finding.source_url, look=SHY, now=at(day))
    assert (check.is_dead, check.last_seen_at) == (False, None)


@pytest.mark.django_db
def test_another_address_begins_anew():
    finding = FindingFactory()
    old = finding.source_url
    for day in (1, 2):
        keep_look(finding=finding, url=old, look=GONE, now=at(day))
    Finding.objects.filter(pk=finding.pk).update(source_url="https://new.example/")
    assert not SourceCheck.objects.dead().exists()
    assert keep_look(finding=finding, url=old, look=GONE, now=at(3)) is None
    check = keep_look(finding=finding, url="https://new.example/", look=GONE, now=at(3))
    assert (check.failed_days, check.is_dead) == (1, False)


@pytest.mark.django_db
def test_a_round_looks_at_each_address_once_and_not_again_the_same_day(site, looker):
    same = f"{site}/well"
    findings = [FindingFactory(source_url=same), FindingFactory(source_url=same)]
    gone = FindingFactory(source_url=f"{site}/status/404")
    FindingFactory(source_url="")
    FindingFactory(source_url=f"{site}/well/draft", state="draft", published_at=None)
    fresh = FindingFactory(source_url=f"{site}/well/fresh")
    SourceCheckFactory(finding=fresh, checked_at=timezone.now() - timedelta(hours=1))
    assert check_sources(now=timezone.now(), looker=looker, seconds=0), "one is left for the next turn"
    assert SourceCheck.objects.exclude(finding=fresh).count() == 2
    assert not check_sources(now=timezone.now(), looker=looker)
    assert len({path for _method, path in Pages.asked}) == 2
    assert {check.outcome for check in SourceCheck.objects.filter(finding__in=findings)} == {"found"}
    assert gone.source_check.outcome == "gone"
    Pages.asked.clear()
    with Looker(guard=lambda request: None, sleep=lambda seconds: None) as eyes:
        assert not check_sources(now=timezone.now(), looker=eyes)
        assert not Pages.asked
        check_source(finding=fresh, looker=eyes)
    assert Pages.asked == [("HEAD", "/well/fresh")]


def test_a_page_that_sends_a_byte_now_and_then_keeps_nobody_waiting(site, looker, monkeypatch):
    monkeypatch.setattr(link_checks, "MOST_SECONDS", 0.6)
    begun = time.monotonic()
    assert looker.look(f"{site}/drip").outcome == "slow"
    assert time.monotonic() - begun < 3
    assert looker.look(f"{site}/well").outcome == "found", "the next page has time of its own"


@pytest.mark.django_db
def test_a_round_that_broke_off_begins_with_other_pages(site):
    broken, other = FindingFactory(source_url=f"{site}/well/1"), FindingFactory(source_url=f"{site}/well/2")

    class Killed(Exception):
        pass

    class Killing:
        def look(self, url):
            raise Killed

    with pytest.raises(Killed):
        check_sources(now=timezone.now(), looker=Killing())
    assert [finding.pk for finding in due_for_check(timezone.now())] == [other.pk, broken.pk]
    changed = broken.updated_at
    broken.refresh_from_db()
    assert (broken.updated_at, broken.source_tried_at is None) == (changed, False)


@pytest.mark.django_db
def test_the_weekly_round_can_be_switched_off(settings):
    settings.SOURCE_CHECKS = False
    FindingFactory(source_url="http://127.0.0.1:1/")
    check_sources_task()
    assert not SourceCheck.objects.exists()
    settings.SOURCE_CHECKS = True
    check_sources_task()
    assert SourceCheck.objects.get().outcome == "refused"
