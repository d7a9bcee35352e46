"""Is this the same organization? Comparison of names, EINs and web domains."""

import re
import unicodedata
from urllib.parse import urlsplit

# Words that say what kind of body it is, not which one.
_LEGAL_FORMS = re.compile(
    r"\b(inc|incorporated|corp|corporation|co|company|llc|nfp|ltd|the|of|and|for|a|an)\b"
)
# Hosts that many organizations share; a page there says nothing about who runs it.
SHARED_HOSTS = {
    "facebook.com",
    "instagram.com",
    "linkedin.com",
    "linktr.ee",
    "sites.google.com",
    "wixsite.com",
    "wordpress.com",
    "weebly.com",
    "squarespace.com",
}


def normalize_name(name: str) -> str:
    """The telling words: no accents, case, signs, legal form. "The Ünity Center, Inc." → "unity center"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[^a-z0-9]+", " ", plain.replace("&", " and ").replace("'", ""))
    return " ".join(_LEGAL_FORMS.sub(" ", plain).split())


def web_domain(url: str) -> str:
    """The host that identifies an organization, without `www.`; empty for none and for shared hosts."""
    try:
        host = (urlsplit(url if "//" in url else f"//{url}").hostname or "").lower()
    except ValueError:
        return ""
    host = host.removeprefix("www.")
    shared = any(host == known or host.endswith(f".{known}") for known in SHARED_HOSTS)
    return "" if shared else host
