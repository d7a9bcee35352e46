"""Addresses of other sites that we open ourselves: never one that leads into a private network.

Somebody wrote the address, and a redirect can name any other: each hop is resolved and looked at before it is asked.
"""

import ipaddress
import socket

import httpx

# What sites answer to programs although people can open the page.
SHY = frozenset({401, 403, 405, 406, 429, 501, 503, 999})


class NotPublic(httpx.RequestError):
    """The address leads into a private network, where a reader could not follow."""


def only_public(request: httpx.Request) -> None:
    """For a client's `request` hook: raises `NotPublic` for a host inside of our own or any other private network."""
    _public_addresses(request)


def pinned_to_public(request: httpx.Request) -> None:
    """The same, and the request then goes to the very address that was looked at: a name that says something else a
    moment later leads nowhere else. Its client must not follow redirects by itself: they would begin at the address.
    """
    host = request.url.host
    address = _public_addresses(request)[0]
    request.url = request.url.copy_with(host=address)
    # The certificate is still checked against the name. Source: https://www.python-httpx.org/advanced/extensions/
    request.extensions = {**request.extensions, "sni_hostname": host}


def _public_addresses(request: httpx.Request) -> list[str]:
    """What the host's name stands for, IPv4 first: not every network of ours has the other."""
    try:
        found = socket.getaddrinfo(request.url.host, request.url.port or 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpx.ConnectError("no such host", request=request) from error
    addresses = [str(row[4][0]).partition("%")[0] for row in sorted(found, key=lambda row: row[0])]
    if not addresses or not all(ipaddress.ip_address(address).is_global for address in addresses):
        raise NotPublic("a private address", request=request)
    return addresses
