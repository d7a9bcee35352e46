"""A stranger who follows every link of the public site, without a browser, and remembers what each page said."""

import gzip
import json
import re
from collections import Counter, deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve

# Of one kind of page so many stand for all.
OF_A_KIND = 2
# What leads out of the public site, and files that are no pages.
ELSEWHERE = ("/static/", "/media/", "/admin/", "/accounts/", "/my/", "/go/", "/mailbox/")


class Reader(HTMLParser):
    """What a page says of itself: headings, title, links, ids, canonical address, robots, data blocks."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.ids: list[str] = []
        self.heads: list[dict[str, str]] = []
        self.headings: list[str] = []
        self.title = self.lang = self._inside = ""
        self.data: list[str] = []
        # What a browser fetches with the page, and the page's own size as it goes over the wire.
        self.fetched: set[str] = set()
        self.weight = len(gzip.compress(text.encode(), 6))
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "html":
            self.lang = given.get("lang", "")
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in {"link", "meta"}:
            self.heads.append(given)
        if tag in {"img", "script", "iframe"} and "src" in given and given.get("loading") != "lazy":
            self.fetched.add(given["src"])
        if tag == "link" and given.get("rel") in {"stylesheet", "preload", "icon"}:
            self.fetched.add(given.get("href", ""))
        if tag in {"h1", "title"}:
            self._inside = self._inside or tag
            if tag == "h1":
                self.headings.append("")
        if tag == "script" and given.get("type") == "application/ld+json":
            self._inside = "data"
            self.data.append("")
        # A drawing's own title is none of the page.
        if tag == "svg":
            self._inside = "svg"

    def handle_endtag(self, tag: str) -> None:
        if tag in {"h1", "title", "script", "svg"} and self._inside in {tag, "data"}:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title += data
        elif self._inside == "h1":
            self.headings[-1] += data
        elif self._inside == "data":
            self.data[-1] += data

    def named(self, **wanted: str) -> list[dict[str, str]]:
        """The links and meta elements of the head with these attributes."""
        return [head for head in self.heads if wanted.items() <= head.items()]

    @property
    def canonical(self) -> list[str]:
        return [head["href"] for head in self.named(rel="canonical")]

    @property
    def may_be_listed(self) -> bool:
        return not any("noindex" in head.get("content", "") for head in self.named(name="robots"))

    @property
    def feeds(self) -> list[str]:
        kinds = {"application/atom+xml", "application/feed+json"}
        return [head["href"] for head in self.named(rel="alternate") if head.get("type") in kinds]

    def blocks(self) -> list[dict]:
        """The page's data blocks, read."""
        return [json.loads(block) for block in self.data]


@dataclass
class Walk:
    """What was seen. `pages` by path, `trouble` in words."""

    pages: dict[str, Reader] = field(default_factory=dict)
    feeds: dict[str, bytes] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)


def follow_links(client: Client, start: str = "/") -> Walk:
    """From the home page over every kind of page that a link leads to, some pages of each kind."""
    walk, seen, of_a_kind = Walk(), {start}, Counter[str]()
    waiting = deque([(start, "")])
    while waiting:
        address, linked_from = waiting.popleft()
        kind = _kind(address)
        if of_a_kind[kind] >= OF_A_KIND:
            continue
        of_a_kind[kind] += 1
        response = client.get(address)
        if response.status_code in {301, 302}:
            found = [response["Location"]]
        elif response.status_code != 200:
            walk.trouble.append(f"{response.status_code} at {address}, linked from {linked_from}")
            continue
        else:
            found = _read(walk, address, response)
        for link in found:
            inside = _inside(urljoin(address, link))
            if inside and inside not in seen:
                seen.add(inside)
                waiting.append((inside, address))
    return walk


def _read(walk: Walk, address: str, response) -> list[str]:
    """Remembers a page or a feed. Where it leads."""
    kind = response["Content-Type"].split(";")[0]
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if kind in {"application/atom+xml", "application/feed+json"}:
        walk.feeds[address] = content
    if kind != "text/html":
        return []
    page = walk.pages[address] = Reader(content.decode())
    return [*page.links, *page.feeds]


def _kind(address: str) -> str:
    """The name of the address's pattern; with a question it is a kind of its own."""
    parts = urlsplit(address)
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        return address
    return f"{name}?" if parts.query else name


def _inside(link: str) -> str:
    """The address without host and place on the page, where it is a public one of ours; else ""."""
    plain, _place = urldefrag(link)
    parts = urlsplit(plain)
    if parts.scheme not in {"", "http", "https"} or f"{parts.scheme}://{parts.netloc}" not in {
        "://",
        settings.SITE_URL,
    }:
        return ""
    if not parts.path.startswith("/") or parts.path.startswith(ELSEWHERE) or re.search(r"\s", plain):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
