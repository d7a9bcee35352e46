"""What the people of an organization did, for that organization's people."""

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.models import ActionTaken
from campaigns.querysets import ActionTakenQuerySet
from partners.models import Organization
from partners.spreadsheets import csv_download

ACTIONS_PER_PAGE = 25


def _history(request: HttpRequest, slug: str) -> tuple[Organization, ActionTakenQuerySet]:
    """The organization, if the user belongs to it (else 404), and its people's actions, the newest first."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), slug=slug)
    actions = ActionTaken.objects.filter(organization=organization).select_related("person", "call_to_action")
    return organization, actions.order_by("-acted_at", "-id")


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Who acted, on what, when; with people and actions counted apart."""
    organization, actions = _history(request, slug)
    return render(
        request,
        "campaigns/my_history.html",
        {
            "organization": organization,
            "page_obj": Paginator(actions, ACTIONS_PER_PAGE).get_page(request.GET.get("page")),
            "totals": ActionTaken.objects.filter(organization=organization).totals(),
        },
    )


@require_safe
def history_download(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The same as a table for a spreadsheet."""
    organization, actions = _history(request, slug)
    return csv_download(f"actions-{organization.slug}.csv", _rows(actions))


def _rows(actions: ActionTakenQuerySet) -> Iterator[list[object]]:
    yield [_("Reference"), _("Date"), _("Person"), _("E-mail address"), _("Call to action")]
    for action in actions.iterator(chunk_size=500):
        day = timezone.localtime(action.acted_at)
        yield [
            action.reference,
            f"{day:%Y-%m-%d %H:%M}",
            action.person.name,
            action.person.email,
            action.call_to_action.title,
        ]
