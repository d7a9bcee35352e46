"""The PDF of a report, set from the same content as its page: figures, charts and citation agree by construction."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from mailing.composing.compile import clean_body
from partners.services.identity import get_coalition
from partners.typesetting import typeset_pdf
from research.citing import Work, apa
from research.embedding import findings_as_text, in_words
from research.models import Report, ReportVersion
from research.report_content import ReadReport, ReadTable, content_of, read
from research.rich_tree import rich_tree

# Reports are written in English; the PDF is one file for everybody.
LANGUAGE = "en"


def work_of(report: Report, shown: ReadReport, version: ReportVersion | None) -> Work:
    """A report as it is cited: this version, this day; before its release with the day for which that is planned."""
    moment = version.released_at if version else report.embargo_until or timezone.now()
    return Work(
        authors=shown.authors,
        title=shown.full_title,
        publisher=get_coalition().name,
        on=timezone.localdate(moment),
        url=f"{settings.SITE_URL}{report.get_absolute_url()}",
        doi=report.doi,
        version=version.number if version else 1,
        summary=shown.summary,
        words=[topic.name for topic in report.topics.all()],
    )


def draft_pdf(report: Report) -> bytes:
    """What partners see under embargo and staff before: marked on every page, never kept."""
    with override(LANGUAGE):
        banner = _("DRAFT, not for release")
        if report.is_embargoed and report.embargo_until:
            day = _moment(report.embargo_until)
            banner = _("EMBARGOED: do not share before %(day)s") % {"day": day}
        return typeset_pdf("research/typst/report.typ", _data(report, read(content_of(report)), None, banner))


def version_pdf(version: ReportVersion) -> bytes:
    """A released version's PDF: set once, and again when what it says changed, as by a corrected finding."""
    with override(LANGUAGE):
        data = _data(version.report, read(version.content), version, "")
    digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
    if version.pdf and version.pdf_digest == digest:
        try:
            with version.pdf.open("rb") as file:
                return file.read()
        except OSError:
            pass  # The file is gone, as after a move without its folder; it is set anew.
    with override(LANGUAGE):
        made = typeset_pdf("research/typst/report.typ", data)
    _keep(version, made, digest)
    return made


def _keep(version: ReportVersion, made: bytes, digest: str) -> None:
    """Keeps the file under a name of its own, so that somebody who reads the old one at this moment is not disturbed."""
    with transaction.atomic():
        held = ReportVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if held.pdf_digest == digest and held.pdf.name and held.pdf.storage.exists(held.pdf.name):
            return
        old, storage = held.pdf.name, held.pdf.storage
        held.pdf.save(f"{version.report.slug}-{version.number}.pdf", ContentFile(made), save=False)
        held.pdf_digest = digest
        held.save(update_fields=["pdf", "pdf_digest"])
        if old and old != held.pdf.name:
            transaction.on_commit(lambda: storage.delete(old), robust=True)


def _data(report: Report, shown: ReadReport, version: ReportVersion | None, banner: str) -> dict[str, Any]:
    """All that the template reads, as plain JSON."""
    citation = apa(work_of(report, shown, version))
    released = list(report.versions.all()) if version else []
    return {
        "title": clean_body(shown.title),
        "subtitle": clean_body(shown.subtitle),
        "full_title": clean_body(shown.full_title),
        "authors": [clean_body(author.straight) for author in shown.authors],
        "byline": clean_body(shown.byline),
        "publisher": get_coalition().name,
        "topics": [topic.name for topic in report.topics.all()],
        "summary": clean_body(shown.summary),
        "standing": _standing(report, version),
        "banner": banner,
        "url": f"{settings.SITE_URL}{report.get_absolute_url()}",
        "key_findings": _key_findings(shown),
        "chapters": [
            {
                "title": clean_body(chapter.title),
                "blocks": rich_tree(findings_as_text(chapter.body, chapter.findings)),
                "tables": [_table(table) for table in chapter.tables],
            }
            for chapter in shown.chapters
        ],
        "method": rich_tree(findings_as_text(shown.method, shown.findings)),
        "citation": {name: clean_body(part) for name, part in asdict(citation).items()},
        "versions": [_version_words(one) for one in released] if len(released) > 1 else [],
        "words": _words(),
    }


def _words() -> dict[str, str]:
    return {
        "page": _("Page"),
        "of": _("of"),
        "key_findings": _("Key findings"),
        "contents": _("Contents"),
        "method": _("Method"),
        "cite": _("How to cite"),
        "versions": _("Versions"),
        "online": _("Online, with tables to download:"),
    }


def _standing(report: Report, version: ReportVersion | None) -> str:
    parts = []
    if version:
        parts.append(_day(version.released_at))
        parts.append(_("Version %(number)d") % {"number": version.number})
    if report.doi:
        parts.append(f"https://doi.org/{report.doi}")
    return " · ".join(parts)


def _version_words(version: ReportVersion) -> str:
    said = clean_body(version.what_changed) or _("First release.")
    return _("Version %(number)d, %(day)s: %(said)s") % {
        "number": version.number,
        "day": _day(version.released_at),
        "said": said,
    }


def _key_findings(shown: ReadReport) -> list[str]:
    said = []
    for key in shown.key_findings:
        if key.is_gone:
            continue
        parts = [in_words(key.finding) if key.finding else "", key.text]
        said.append(clean_body(" ".join(part for part in parts if part)))
    return said


def _table(table: ReadTable) -> dict[str, Any]:
    return {
        "heading": clean_body(
            _("Table %(number)d: %(title)s") % {"number": table.number, "title": table.title}
        ),
        "unit": clean_body(table.unit),
        "note": clean_body(table.note),
        "source": clean_body(table.source),
        "source_url": table.source_url,
        "source_word": _("Source:"),
        "heads": [clean_body(head) for head in table.heads],
        "numeric": table.numeric,
        "rows": [
            [clean_body(name), *(clean_body(words) for words, _is_number in cells)]
            for name, cells in table.shown_rows
        ],
        "bars": asdict(table.bars) if table.bars else None,
        "lines": asdict(table.lines) if table.lines else None,
    }


def _day(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "F j, Y")


def _moment(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "F j, Y, g:i a")
