"""One's own contacts with legislators: messages and telephone calls made under our calls to action."""

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaigns.models import LegislatorContact
from campaigns.querysets import LegislatorContactQuerySet
from campaigns.reply_links import reply_token
from partners.spreadsheets import csv_download

CONTACTS_PER_PAGE = 25
_Way, _Reply = LegislatorContact.Way, LegislatorContact.Reply


def _own(request: HttpRequest) -> LegislatorContactQuerySet:
    contacts = LegislatorContact.objects.visible_to(request.user).with_what_became_of_it()
    return contacts.order_by("-contacted_at", "-pk")


@never_cache
@require_safe
def my_contacts(request: HttpRequest) -> HttpResponse:
    """Whom somebody wrote to or called, when, what became of it, and what came back."""
    page = Paginator(_own(request), CONTACTS_PER_PAGE).get_page(request.GET.get("page"))
    totals = LegislatorContact.objects.visible_to(request.user).aggregate(
        messages=Count("pk", filter=~Q(way=_Way.PHONE)),
        calls=Count("pk", filter=Q(way=_Way.PHONE)),
        replies=Count("pk", filter=Q(reply__in=[_Reply.PERSONAL, _Reply.AUTOMATIC])),
    )
    rows = [
        (contact, reply_token(contact.action) if contact.may_have_reply else "")
        for contact in page.object_list
    ]
    return render(request, "campaigns/my_contacts.html", {"page_obj": page, "rows": rows, "totals": totals})


@require_safe
def my_contacts_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same as a table for a spreadsheet, with the words of each message."""
    return csv_download("my-contacts-with-legislators.csv", _lines(_own(request)))


def _lines(contacts: LegislatorContactQuerySet) -> Iterator[list[object]]:
    yield [
        _("Date"),
        _("Legislator"),
        _("Chamber"),
        _("District"),
        _("How"),
        _("What became of it"),
        _("Subject"),
        _("Message"),
        _("Note"),
        _("Reply"),
        _("Call to action"),
    ]
    for contact in contacts.iterator(chunk_size=200):
        yield [
            f"{timezone.localtime(contact.contacted_at):%Y-%m-%d %H:%M}",
            f"{contact.legislator.title} {contact.legislator.name}".strip(),
            contact.legislator.get_chamber_display(),
            contact.legislator.district or "",
            contact.get_way_display(),
            contact.shown_state,
            contact.subject,
            contact.text,
            contact.note,
            contact.get_reply_display(),
            contact.action.call_to_action.title,
        ]
