"""The addresses of the portal's pages that mail leads to, each with a token in it."""

from functools import cache

from django.conf import settings
from django.urls import reverse


def page_address(name: str, token: str) -> str:
    """The whole address of a page of ours, such as `unsubscribe`, for one token."""
    before, after = around_token(name)
    return f"{before}{token}{after}"


def around_token(name: str) -> tuple[str, str]:
    """The parts of a page's address before and after its token: each message needs several addresses."""
    before, after = _path(name)
    return f"{settings.SITE_URL}{before}", after


@cache
def _path(name: str) -> tuple[str, str]:
    before, _token, after = reverse(f"mailing:{name}", args=["TOKEN"]).partition("TOKEN")
    return before, after
