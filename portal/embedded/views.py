"""The pages at /mailbox/: every message the demonstration portal sent, as its recipient would see it."""

import re

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from portal.embedded.mailbox import Mailbox, StoredMessage

PER_PAGE = 50
_HEAD_TAG = re.compile(r"<head(\s[^>]*)?>", re.IGNORECASE)

# A message's HTML comes from outside the page: it may show itself and nothing else.
_MESSAGE_POLICY = {
    "default-src": [NONE],
    "img-src": [SELF, "data:", "http:", "https:"],
    "style-src": [UNSAFE_INLINE],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
}


@require_safe
@login_not_required
@never_cache
def message_list(request: HttpRequest) -> HttpResponse:
    """All messages, newest first, or those to one recipient."""
    to = request.GET.get("to", "").strip()[:254]
    page = Paginator(Mailbox(settings.MAILBOX_DIR).messages(to=to), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page_obj": page, "to": to, "query": urlencode({"to": to}) if to else ""}
    return render(request, "mailbox/message_list.html", context)


@require_safe
@login_not_required
@never_cache
@csp_update({"frame-src": [SELF]})
def message_detail(request: HttpRequest, message_id: str) -> HttpResponse:
    """One message: headers, HTML in a frame of its own, text."""
    return render(request, "mailbox/message_detail.html", {"message": _message(message_id)})


@require_safe
@login_not_required
@never_cache
@xframe_options_sameorigin
@csp(_MESSAGE_POLICY)
def message_html(request: HttpRequest, message_id: str) -> HttpResponse:
    """The HTML part alone, for the frame; its links open in a tab of their own."""
    message = _message(message_id)
    if not message.html:
        raise Http404("This message has no HTML part.")
    response = HttpResponse(_open_links_outside(message.html))
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@login_not_required
@never_cache
def message_raw(request: HttpRequest, message_id: str) -> HttpResponse:
    """The message as a file for a mail program."""
    message = _message(message_id)
    response = HttpResponse(message.path.read_bytes(), content_type="message/rfc822")
    response["Content-Disposition"] = f'attachment; filename="{message.id}.eml"'
    return response


def _message(message_id: str) -> StoredMessage:
    message = Mailbox(settings.MAILBOX_DIR).get(message_id)
    if message is None:
        raise Http404("There is no such message in the mailbox.")
    return message


def _open_links_outside(html: str) -> str:
    """Put `<base target>` first in the document's head, or before everything where it has none."""
    base = '<base target="_blank">'
    head = _HEAD_TAG.search(html)
    return html[: head.end()] + base + html[head.end() :] if head else base + html
