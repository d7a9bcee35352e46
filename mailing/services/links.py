"""Visits over the links of a mailing."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from mailing.models import Click, Delivery, TrackedLink
from mailing.tokens import recipient_token

RECIPIENT_PARAMETER = "r"


def record_click(*, delivery: Delivery, link: TrackedLink) -> str:
    """Writes a visit down and returns where it leads."""
    Click.objects.create(delivery=delivery, link=link)
    return target_for(delivery=delivery, link=link)


def target_for(*, delivery: Delivery, link: TrackedLink) -> str:
    """The link's target; where the link tells who comes, with the recipient's token in its query."""
    if not link.identifies_recipient:
        return link.url
    parts = urlsplit(link.url)
    query = [
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != RECIPIENT_PARAMETER
    ]
    query.append((RECIPIENT_PARAMETER, recipient_token(delivery)))
    return urlunsplit(parts._replace(query=urlencode(query)))
