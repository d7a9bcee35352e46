"""Citations: suggested from press mentions, verified or rejected by a person; each address once for a report."""

import re
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.caching import empty_page_cache_on_commit
from partners.errors import NotAllowed
from partners.history import changed_by
from partners.models import User
from research.models import Citation, PressMention, Report
from research.services.web_address import hold_address
from research.url_normal import BadAddress, normal_url

State = Citation.State
# A title of fewer words is found in too many articles that mean something else.
FEWEST_WORDS = 3


@transaction.atomic
def verify(*, citation: Citation, kind: str, by: User) -> Citation:
    """Somebody opened the page and found the report cited there: from now on it is counted and shown."""
    locked = _locked(citation, State.SUGGESTED, State.REJECTED)
    locked.state, locked.kind, locked.rejected_because = State.VERIFIED, kind, ""
    locked.verified_at, locked.verified_by = timezone.now(), by
    empty_page_cache_on_commit()
    return _saved(locked, by)


@transaction.atomic
def reject(*, citation: Citation, why: str, by: User) -> Citation:
    """The page does not cite the report, or no longer. It stays known, so that nobody suggests it again."""
    locked = _locked(citation, State.SUGGESTED, State.VERIFIED)
    locked.state, locked.rejected_because = State.REJECTED, why
    locked.verified_at = locked.verified_by = None
    empty_page_cache_on_commit()
    return _saved(locked, by)


@transaction.atomic
def suggest_citations(*, mentions: Iterable[PressMention] | None = None) -> int:
    """Suggests a citation for each mention that is about a report or names its title; how many are new.

    What is known stays as it is: verified, rejected or waiting.
    """
    reports = list(Report.objects.public())
    looked_at = PressMention.objects.order_by("pk") if mentions is None else mentions
    known = set(Citation.objects.values_list("report", "normalized_url"))
    found = [
        (mention, report)
        for mention in looked_at
        for report in _named(mention, reports)
        if (report.pk, mention.normalized_url) not in known
    ]
    return sum(_suggest(mention, report) for mention, report in found)


def known_citation(report: Report, url: str, *, but: Citation | None = None) -> Citation | None:
    """The report's citation with this address, if there is one; nobody can enter it until the transaction ends."""
    try:
        normalized = normal_url(url)
    except BadAddress as error:
        raise NotAllowed(_("This is not the address of a page on the web.")) from error
    hold_address(f"citation {report.pk}", normalized)
    found = Citation.objects.filter(report=report, normalized_url=normalized)
    return (found.exclude(pk=but.pk) if but and but.pk else found).first()


def _named(mention: PressMention, reports: Iterable[Report]) -> Iterator[Report]:
    """Reports that a mention is about, by staff's word or by its own."""
    said = f" {_words(mention.headline)} {_words(mention.summary)} "
    for report in reports:
        title = _words(report.title)
        by_title = title.count(" ") + 1 >= FEWEST_WORDS and f" {title} " in said
        if mention.report_id == report.pk or by_title:
            yield report


def _words(text: str) -> str:
    """Words alone, in small letters: quotation marks and dashes differ from paper to paper."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _suggest(mention: PressMention, report: Report) -> bool:
    if known_citation(report, mention.url) is not None:
        return False
    Citation.objects.create(
        report=report,
        kind=Citation.Kind.MEDIA,
        title=mention.headline,
        outlet=mention.outlet,
        url=mention.url,
        cited_on=mention.published_on,
        source_mention=mention,
    )
    return True


def _locked(citation: Citation, *allowed: str) -> Citation:
    locked = Citation.objects.select_for_update().get(pk=citation.pk)
    if locked.state not in allowed:
        raise NotAllowed(_("This citation is “%(state)s” already.") % {"state": locked.get_state_display()})
    return locked


def _saved(citation: Citation, by: User) -> Citation:
    changed_by(citation, by)
    citation.save()
    return citation
