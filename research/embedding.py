"""Findings quoted by reference: `[finding:short-name]` in a text becomes what the finding says at that moment.

Only the mark is kept in the text, so a correction shows wherever the finding stands, and a retracted one is gone.
Marks count between tags, never inside of one: what stands in an attribute stays as it is.
"""

import re
from collections.abc import Callable, Mapping
from enum import Enum

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from research.models import Finding

_MARK = re.compile(r"\[finding:\s*([-\w]{1,120})\s*\]", re.ASCII)
# A tag with its attributes, whose quoted values may hold anything, also a ">".
_TAG = re.compile(r"""(<[a-zA-Z/!](?:"[^"]*"|'[^']*'|[^"'>])*>)""")
_LINK = re.compile(r"</?a[\s>]", re.IGNORECASE)


class Place(Enum):
    """Where a mark stands: a paragraph of its own, among words, within a link's words."""

    ALONE = 1
    IN_SENTENCE = 2
    IN_LINK = 3


Drawn = Callable[[Finding, Place], str]


def findings_in(html: str) -> list[str]:
    """The short names of the findings a text quotes, each once, in their order."""
    if "[finding:" not in html:
        return []
    text = "".join(_TAG.split(html)[::2])
    return list(dict.fromkeys(match.group(1) for match in _MARK.finditer(text)))


def quoted(*texts: str) -> dict[str, Finding]:
    """The published findings that texts quote, by short name, in one query for all marks (none without marks)."""
    slugs = {slug for text in texts for slug in findings_in(text)}
    if not slugs:
        return {}
    found = Finding.objects.published().shown().select_related("source_check").filter(slug__in=slugs)
    return {finding.slug: finding for finding in found}


def with_findings(html: str, findings: Mapping[str, Finding] | None = None) -> SafeString:
    """Sanitised rich text with its findings for a page: a card where a mark stands alone, else words in the sentence.

    Hand in `quoted(…)` of several texts to ask the database once for all of them.
    """
    return _replaced(html, findings, _drawn)


def findings_as_text(html: str, findings: Mapping[str, Finding] | None = None) -> SafeString:
    """The same rich text with plain words for each finding, for PDFs, feeds and mail."""
    return _replaced(html, findings, lambda finding, place: escape(in_words(finding)))


def in_words(finding: Finding) -> str:
    """A finding as one sentence: value, claim, source."""
    return _("%(value)s: %(claim)s (Source: %(source)s, %(year)s)") % {
        "value": finding.value,
        "claim": finding.claim_words,
        "source": finding.source,
        "year": finding.year,
    }


def trouble_with_findings(*texts: str) -> list[str]:
    """For staff who write: each mark that readers will not see, and why."""
    slugs = list(dict.fromkeys(slug for text in texts for slug in findings_in(text)))
    if not slugs:
        return []
    states = dict(Finding.objects.filter(slug__in=slugs).values_list("slug", "state"))
    words: dict[str | None, str] = {
        None: _("There is no finding “%(slug)s”: readers see nothing in its place."),
        Finding.State.DRAFT: _("The finding “%(slug)s” is a draft: readers see it once it is published."),
        Finding.State.RETRACTED: _("The finding “%(slug)s” was retracted: readers see nothing in its place."),
    }
    return [words[state] % {"slug": slug} for slug in slugs if (state := states.get(slug)) in words]


def _replaced(html: str, findings: Mapping[str, Finding] | None, draw: Drawn) -> SafeString:
    if "[finding:" not in html:
        return mark_safe(html)  # noqa: S308 (rich text is sanitised on save)
    found = quoted(html) if findings is None else findings

    def told(match: re.Match[str], place: Place) -> str:
        finding = found.get(match.group(1))
        return draw(finding, place) if finding else ""

    # What stands between tags is at the even places, the tags at the odd ones.
    parts = _TAG.split(html)
    in_link = False
    for at in range(0, len(parts), 2):
        before, text = parts[at - 1] if at else "", parts[at]
        if _LINK.match(before):
            in_link = before[1] != "/"
        alone = _MARK.fullmatch(text.strip())
        if alone and before == "<p>" and parts[at + 1 : at + 2] == ["</p>"]:
            parts[at - 1], parts[at], parts[at + 1] = "", _block(told(alone, Place.ALONE)), ""
            continue
        place = Place.IN_LINK if in_link else Place.IN_SENTENCE
        parts[at] = _MARK.sub(lambda match, place=place: told(match, place), text)
    return mark_safe("".join(parts))  # noqa: S308 (sanitised text and our own escaped templates)


def _block(drawn: str) -> str:
    return drawn if not drawn or drawn.startswith("<") else f"<p>{drawn}</p>"


def _drawn(finding: Finding, place: Place) -> str:
    if place is Place.IN_LINK:
        return escape(finding.value)
    template = "research/_finding_card.html" if place is Place.ALONE else "research/_finding_words.html"
    return render_to_string(template, {"finding": finding, "source_url": living_source(finding)}).strip()


def living_source(finding: Finding) -> str:
    """The source's address, unless its page is gone."""
    check = getattr(finding, "source_check", None)
    gone = check is not None and check.is_dead and check.url == finding.source_url
    return "" if gone else finding.source_url


def page_address(finding: Finding) -> str:
    """The finding's page with its host, for citations and files."""
    return f"{settings.SITE_URL}{finding.get_absolute_url()}"
