"""The small words of every template: icons, fonts, dates, money, and the drawing of form fields.

Registered as a template builtin, so no page needs `{% load %}`. Nothing here queries the database, and
whatever touches the disk is read once for the life of the process.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.forms import BoundField
from django.forms.boundfield import BoundWidget
from django.template.context import Context
from django.template.engine import Engine
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from portal.assets import FONT_FILES, FONTS_CSS

register = template.Library()

# --- Icons and fonts ----------------------------------------------------------------------------------------


@cache
def _icon(name: str) -> SafeString:
    """The inline SVG of one icon, or nothing where the icon packages are not installed."""
    folders = (
        Path(settings.BASE_DIR) / "static" / "vendor" / "icons",
        Path(settings.BASE_DIR) / "node_modules" / "lucide-static" / "icons",
    )
    for folder in folders:
        path = folder / f"{name}.svg"
        if path.is_file():
            drawing = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.DOTALL)
            shapes = " ".join(drawing[1].split()) if drawing else ""
            return mark_safe(  # noqa: S308 - a file of a pinned package
                '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" fill="none" '
                'stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" '
                f'aria-hidden="true" focusable="false">{shapes}</svg>'
            )
    return mark_safe("")


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon that stands beside words and is silent to screen readers."""
    return _icon(name)


def _served(path: str) -> bool:
    """Whether the static storage would really serve this file."""
    if isinstance(staticfiles_storage, ManifestFilesMixin) and not settings.DEBUG:
        return path in staticfiles_storage.hashed_files
    return finders.find(path) is not None


@cache
def _vendor_fonts() -> SafeString:
    if not _served(FONTS_CSS):
        return mark_safe("")
    preloads = format_html_join(
        "\n",
        '<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>',
        ((staticfiles_storage.url(path),) for path in FONT_FILES if _served(path)),
    )
    return format_html(
        '{}\n<link rel="stylesheet" href="{}">',
        preloads,
        staticfiles_storage.url(FONTS_CSS),
    )


@register.simple_tag
def vendor_fonts() -> SafeString:
    """The links that fetch the two typefaces; nothing when they are not installed."""
    return _vendor_fonts()


# --- The page's own facts -----------------------------------------------------------------------------------


@register.simple_block_tag
def capture(content: str) -> SafeString:
    """`{% capture as x %}…{% endcapture %}`: a piece of the page that is needed twice, such as its title."""
    return mark_safe(content.strip())  # noqa: S308 - rendered by the template engine, so escaped already


@register.simple_tag(takes_context=True)
def page_address(context: Context) -> str:
    """The public address of this page without its query, for the canonical link and shared links."""
    request = context.get("request")
    return f"{settings.SITE_URL}{request.path}" if request else settings.SITE_URL


@register.simple_tag
def static_address(path: str) -> str:
    """The public address of a static file, for readers outside the site such as link previews."""
    return f"{settings.SITE_URL}{staticfiles_storage.url(path)}"


# --- Navigation ---------------------------------------------------------------------------------------------


# The sections that templates/components/masthead.html links to.
SECTIONS = (
    "home",
    "campaigns:action_list",
    "legislation:bill_list",
    "campaigns:campaign_list",
    "campaigns:story_list",
    "research:hub",
    "campaigns:agenda",
    "meetings:event_list",
    "partners:directory",
    "about",
    "account_login",
    "search",
)
# Pages whose address does not begin with that of their section, by how it begins.
ALSO_INSIDE = {
    "legislation:bill_list": (
        "/hearings/",
        "/who-represents-me/",
        "/districts/",
        "/legislators/",
        "/committees/",
        "/budget/",
    ),
    "about": ("/for/", "/news/"),
    "campaigns:story_list": ("/explained/",),
    "meetings:event_list": ("/councils/", "/tables/", "/trainings/", "/community/"),
    "research:hub": ("/loan-repayment/", "/toolkits/"),
}
FACTS = ("name", "logo", "tagline", "address_lines", "phone", "email", "social_links")
FRAMES_KEPT = 256

_frames: dict[tuple, SafeString] = {}


@cache
def _address(url_name: str) -> str:
    return reverse(url_name)


def _standing(path: str, url_name: str) -> str:
    """`page` on the section's own page, `true` on pages inside it, nothing elsewhere."""
    section = _address(url_name)
    if path == section:
        return "page"
    inside = section != "/" and section.endswith("/") and path.startswith(section)
    return "true" if inside or path.startswith(ALSO_INSIDE.get(url_name, ())) else ""


@register.simple_tag(takes_context=True)
def active_section(context: Context, url_name: str) -> SafeString:
    """`aria-current` for a navigation link: `page` on the section's own page, `true` on pages inside it."""
    request = context.get("request")
    standing = _standing(request.path, url_name) if request else ""
    return format_html(' aria-current="{}"', standing) if standing else mark_safe("")


@register.simple_tag(takes_context=True)
def page_frame(context: Context, template_name: str) -> SafeString:
    """The masthead or the footer. For visitors it is the same on every page of a section, so this process
    draws it once for each section, language and state of the coalition's facts, and keeps it."""
    template = Engine.get_default().get_template(template_name)
    user, request, coalition = (context.get(name) for name in ("user", "request", "coalition"))
    if request is None or getattr(user, "is_authenticated", False):
        return template.render(context)
    standings = tuple(_standing(request.path, name) for name in SECTIONS)
    facts = str([getattr(coalition, name, "") for name in FACTS])
    key = (template_name, get_language(), standings, facts)
    drawn = _frames.get(key)
    if drawn is None:
        if len(_frames) >= FRAMES_KEPT:
            _frames.clear()
        drawn = _frames[key] = template.render(context)
    return drawn


# --- Dates and money ----------------------------------------------------------------------------------------


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def long_date(value: date | datetime | None) -> str:
    """`Thursday, March 5, 2026`, in Chicago's calendar."""
    if not value:
        return ""
    return date_format(_local(value), pgettext("date format: Thursday, March 5, 2026", "l, F j, Y"))


@register.filter
def long_datetime(value: datetime | None) -> str:
    """`Thursday, March 5, 2026, 2:00 p.m.`, in Chicago's time."""
    if not value:
        return ""
    pattern = pgettext("date format: Thursday, March 5, 2026, 2:00 p.m.", "l, F j, Y, g:i a")
    return date_format(_local(value), pattern)


@register.filter
def days_left(value: date | datetime | None) -> str:
    """How long a deadline still runs, counted in calendar days: `3 days left`, `closes today`, `closed`."""
    if not value:
        return ""
    if isinstance(value, datetime) and value <= timezone.now():
        return _("closed")
    local = _local(value)
    day = local.date() if isinstance(local, datetime) else local
    days = (day - timezone.localdate()).days
    if days < 0:
        return _("closed")
    if days == 0:
        return _("closes today")
    return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}


@register.simple_tag
def deadline(at: datetime) -> SafeString:
    """The deadline flag: how long it still runs, then the moment it closes. A tag, because lists show many."""
    left = days_left(at)
    closed = left == _("closed")
    words = (
        _("Closed")
        if closed
        else format_html('<strong class="deadline__left">{}</strong> {}', left, _("Closes"))
    )
    return format_html(
        '<p class="deadline{}">{}<span>{} <time datetime="{}">{}</time></span></p>',
        " deadline--closed" if closed else "",
        _icon("clock"),
        words,
        timezone.localtime(at).isoformat(timespec="minutes"),
        long_datetime(at),
    )


@register.filter
def dollars(value: Any) -> str:
    """An amount in US dollars as people say it: `$400,000`, `$5.25 million`, `$1.2 billion`."""
    try:
        amount = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return "" if value in (None, "") else str(value)
    if not amount.is_finite():
        return str(value)
    sign, amount = ("−" if amount < 0 else ""), abs(amount)
    cent = Decimal("0.01")
    if amount >= 10**6:
        short, words = (amount / 10**6).quantize(cent), _("$%s million")
        if short >= 1000:
            short, words = (amount / 10**9).quantize(cent), _("$%s billion")
        return sign + words % number_format(f"{short:f}".rstrip("0").rstrip("."), use_l10n=True)
    places = 0 if amount == amount.to_integral_value() else 2
    return sign + "$" + number_format(amount, decimal_pos=places, force_grouping=True)


@register.filter
def beam_share(value: Any, goal: Any) -> int:
    """How much of a beam is placed, 0 to 100 percent; a goal of nothing is an empty beam."""
    try:
        return max(0, min(100, int(100 * float(value) / float(goal))))
    except (TypeError, ValueError, ZeroDivisionError):
        return 0


@register.filter
def initials(name: str) -> str:
    """At most two initials of a person's name, for a typographic portrait."""
    words = [word for word in str(name).split() if word[:1].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


# --- Form fields --------------------------------------------------------------------------------------------


@register.filter
def control(field: BoundField) -> SafeString:
    """The bare control of a field. Its label is always visible, so a placeholder would only be in the way."""
    field.field.widget.attrs.pop("placeholder", None)
    return field.as_widget()


@register.filter
def first_control(field: BoundField) -> str:
    """The id an error links to: the control itself, or the first choice of a group."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def is_trap(field: BoundField) -> bool:
    """Whether a field is a honeypot: people never see it, programs fill it in."""
    return "trap" in str(field.field.widget.attrs.get("class", "")).split()


@register.filter
def choice_hint(field: BoundField, choice: BoundWidget) -> str:
    """The hint under one choice of a radio or checkbox group, from the field's `choice_hints`."""
    hints = getattr(field.field, "choice_hints", None) or {}
    value = choice.data.get("value")
    return hints.get(getattr(value, "value", value)) or hints.get(str(value), "")
