"""Counts what is downloaded of reports and toolkits, without remembering who did."""

import re

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from research.models import Report, ReportDownload, Toolkit, ToolkitDownload

# Programs that fetch pages by themselves say so, most of them in one of these words.
_ROBOT = re.compile(
    r"bot|crawl|spider|slurp|preview|fetch|monitor|scan|archiv|facebookexternalhit|curl|wget|python|java/|go-http|"
    r"libwww|headlesschrome|lighthouse|axios|okhttp|node",
    re.IGNORECASE,
)
_COUNT = """
INSERT INTO {table} ({owner}, day, kind, count) VALUES (%s, %s, %s, 1)
ON CONFLICT ({owner}, day, kind) DO UPDATE SET count = {table}.count + 1
"""


def is_by_a_person(request: HttpRequest) -> bool:
    """Whether a request looks like somebody who wants the file: no robot, no look ahead, no question whether it changed."""
    agent = request.headers.get("User-Agent", "")
    return (
        request.method == "GET"
        and bool(agent)
        and not _ROBOT.search(agent)
        and "prefetch" not in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
        and not request.headers.get("If-None-Match")
        and not request.headers.get("If-Modified-Since")
    )


def count_download(*, of: Report | Toolkit, kind: str, request: HttpRequest) -> None:
    """Adds one to the day's number of what is published. One statement, and nothing about the reader in it."""
    if not of.is_published or not is_by_a_person(request):
        return
    counter = ReportDownload if isinstance(of, Report) else ToolkitDownload
    sql = _COUNT.format(table=counter._meta.db_table, owner=f"{of._meta.model_name}_id")
    with connection.cursor() as cursor:
        cursor.execute(sql, [of.pk, timezone.localdate(), str(kind)])
