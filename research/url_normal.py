"""One spelling for the address of a page, so that the same article is entered once, however its link was copied.

Left out is what leads to the same page either way: http or https, `www.`, the default port, the place within the page,
parameters that only count visitors, the last slash, the order of parameters. Kept is everything that could lead to
another page.
"""

import re
from urllib.parse import quote, urlsplit

# What an index of the database can hold in one entry, with room.
LONGEST = 2000
_TRACKING_NAMES = """
__s __twitter_impression _branch_match_id _ga _gl _hsenc _hsmi at_campaign at_medium cmpid dclid
fb_action_ids fb_source fbclid gbraid gclid gclsrc guccounter hsctatracking igsh igshid li_fat_id
mc_cid mc_eid mkt_tok msclkid oly_anon_id oly_enc_id rb_clickid ref_src ref_url s_cid smid smtyp spm
srsltid trk ttclid twclid vero_id wbraid wickedid wt.mc_id yclid
"""
_TRACKING = frozenset(_TRACKING_NAMES.split())
_TRACKING_STARTS = ("utm_", "pk_", "mtm_", "hsa_")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST_AND_PORT = re.compile(r"[^/?#@:\s]+:[0-9]+(?:[/?#]|$)")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)+")


class BadAddress(ValueError):
    """This is not the address of a page on the web."""


def normal_url(written: str) -> str:
    """The compared form of an address. Twice is the same as once. Raises `BadAddress`."""
    # Line breaks and tabs mean nothing in an address, as browsers read it; a blank inside of it does.
    text = re.sub(r"[\x00-\x1f\x7f]+", "", written).strip()
    if not text:
        raise BadAddress
    if _HOST_AND_PORT.match(text) or not _SCHEME.match(text):
        text = f"https://{text.lstrip('/')}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise BadAddress from error
    if parts.scheme.lower() not in {"http", "https"}:
        raise BadAddress
    place = _host(parts.hostname or "") + ("" if port in {None, 80, 443} else f":{port}")
    found = f"https://{place}{_path(parts.path)}{_query(parts.query)}"
    if len(found) > LONGEST:
        raise BadAddress
    return found


def _host(written: str) -> str:
    host = written.lower().rstrip(".")
    try:
        host = host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise BadAddress from error
    while host.startswith("www.") and host.count(".") > 1:
        host = host[4:]
    if not _HOST.fullmatch(host):
        raise BadAddress
    return host


def _path(written: str) -> str:
    kept: list[str] = []
    for part in _escaped(written, "/:@!$&'()*+,;=").split("/"):
        if part == "..":
            del kept[-1:]
        elif part != ".":
            kept.append(part)
    path = "/".join(kept).strip("/")
    return f"/{path}" if path else ""


def _query(written: str) -> str:
    pairs = []
    for pair in written.split("&"):
        name, _sign, value = pair.partition("=")
        name, value = (_escaped(one.replace("+", "%20"), "/:@!$'()*,;?") for one in (name, value))
        if name and not _only_counts(name.lower()):
            pairs.append(f"{name}={value}")
    return f"?{'&'.join(sorted(pairs))}" if pairs else ""


def _only_counts(name: str) -> bool:
    """Whether a parameter only tells the site where somebody came from."""
    return name in _TRACKING or name.startswith(_TRACKING_STARTS)


def _escaped(text: str, safe: str) -> str:
    """Escapes in one form: capital letters, none where none is needed, UTF-8 for other alphabets."""
    text = _LONE_PERCENT.sub("%25", text)
    try:
        text = quote(text, safe=f"%{safe}~")
    except UnicodeEncodeError as error:
        raise BadAddress from error
    return _ESCAPE.sub(_one_escape, text)


def _one_escape(match: re.Match[str]) -> str:
    sign = chr(int(match[1], 16))
    return sign if sign in _UNRESERVED else match[0].upper()
