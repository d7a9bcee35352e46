"""Messages seen in the browser: one, all of them, why one came, and where its links lead."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mailing import services, tokens
from mailing.composing.headers import split_address
from mailing.errors import ExpiredToken
from mailing.history import mail_of, told
from mailing.models import Subscription
from mailing.views.base import mailed_link

MESSAGES_A_PAGE = 25
# A message brings its own styles, shows the pictures its author chose, and does nothing.
_MESSAGE_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [SELF, "https:"],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [NONE],
}


@mailed_link
@require_safe
@csp(_MESSAGE_POLICY)
def view_online(request: HttpRequest, token: str) -> HttpResponse:
    """A message as its recipient got it, in the browser."""
    delivery = tokens.open_view(token)
    rendered = services.render_delivery(mailing=delivery.mailing, delivery=delivery)
    response = (
        HttpResponse(rendered.html)
        if rendered.html
        else HttpResponse(rendered.text, content_type="text/plain; charset=utf-8")
    )
    response["X-Robots-Tag"] = "noindex"
    return response


@mailed_link
@require_safe
def my_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Every message to many that an address got in the last twelve months."""
    email = tokens.open_address(token)
    page = Paginator(mail_of(email, now=timezone.now()), MESSAGES_A_PAGE).get_page(request.GET.get("page"))
    mail = [(one, tokens.view_token(one.delivery)) for one in told(list(page.object_list))]
    context = {"email": email, "token": token, "page_obj": page, "mail": mail}
    return render(request, "mailing/my_mail.html", context)


@mailed_link
@require_safe
def why(request: HttpRequest, token: str) -> HttpResponse:
    """Why somebody got a message: about what, on which list, from whom, and how to stop it."""
    delivery = tokens.open_why(token)
    topic = delivery.mailing.topic
    said = Subscription.objects.of_address(delivery.address_hash).filter(topic=topic).first()
    sender, sender_address = split_address(delivery.mailing.from_header)
    (message,) = told([delivery])
    context = {
        "message": message,
        "topic": topic,
        "email": delivery.email,
        "reason": delivery.slots.get("_why", ""),
        "said": said,
        "sender": sender or sender_address,
        "sender_address": sender_address,
        "reply_to": delivery.mailing.reply_to,
        "token": tokens.address_token(delivery.email),
        "unsubscribe_url": reverse("mailing:unsubscribe", args=[tokens.unsubscribe_token(delivery)]),
        "view_url": reverse("mailing:view_online", args=[tokens.view_token(delivery)]),
    }
    return render(request, "mailing/why.html", context)


@mailed_link
@require_safe
def go(request: HttpRequest, token: str) -> HttpResponse:
    """A link inside of mail: notes the visit and leads on."""
    try:
        delivery, link = tokens.open_link(token)
    except ExpiredToken:
        _delivery, link = tokens.open_link(token, any_age=True)
        # Ours, only too old to tell who comes: the way on is still worth something.
        context = {"expired": True, "target": link.url}
        return render(request, "mailing/link_expired.html", context, status=410)
    if request.method == "HEAD":
        return _leading_to(settings.SITE_URL)
    return _leading_to(services.record_click(delivery=delivery, link=link))


def _leading_to(target: str) -> HttpResponse:
    response = HttpResponseRedirect(target)
    response["Cache-Control"] = "no-store"
    return response
