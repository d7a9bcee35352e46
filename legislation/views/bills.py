"""The list of bills with its search, a bill's page, a roll call's page, and the fact sheet."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from legislation.models import Bill, BillTracking
from legislation.models.bill import spaced
from legislation.pages.bill import BillPage, load_bill_page
from legislation.pages.hearings import may_change_soon
from legislation.pages.roll_call import load_roll_call_page
from legislation.search.bills import BillSearch
from legislation.search.filters import SearchForm
from legislation.search.page import bill_page, followed_bills
from legislation.search.spelling import suggestion
from legislation.search.text import SearchText
from legislation.structured_data import bill_legislation
from partners.caching import cached_page
from partners.related import groups_beside


@login_not_required
@require_safe
@cached_page
def bill_list(request: HttpRequest) -> HttpResponse:
    """The bills that a search finds. A form sends every field, so its address is shortened to what is set."""
    search = BillSearch.parse(request.GET)
    if any(not value for _name, values in request.GET.lists() for value in values):
        return redirect(_address("legislation:bill_list", search))
    page = bill_page(search, request.GET.get("page"))
    return render(
        request,
        "legislation/bill_list.html",
        {
            "search": search,
            "search_form": SearchForm(search),
            "query": search.canonical_query(),
            "page_obj": page.page_obj,
            "found": page.found,
            "followed": followed_bills(search, page.page_obj.number),
            "did_you_mean": _better_search(search) if not page.found else None,
        },
    )


@login_not_required
@require_safe
def bill(request: HttpRequest, session: int, identifier: str) -> HttpResponse:
    """Everything about one measure. Other spellings of its number lead to its one address."""
    if moved := _one_spelling("legislation:bill", session, identifier):
        return moved
    page = load_bill_page(session, identifier.upper())
    if page is None:
        return _no_such_bill(request, session, identifier)
    coming = page.next_hearing
    if coming and may_change_soon(coming.window, coming.document.hearing, timezone.now()):
        return _bill_page(request, page)
    return cached_page(_bill_page)(request, page)


def _bill_page(request: HttpRequest, page: BillPage) -> HttpResponse:
    facts = {
        "page": page,
        "bill": page.bill,
        "json_ld": bill_legislation(page.bill),
        "related": groups_beside(page.bill, timezone.now()),
    }
    return render(request, "legislation/bill_detail.html", facts)


@login_not_required
@require_safe
def bill_by_number(request: HttpRequest, identifier: str) -> HttpResponse:
    """`/bills/hb1075/`: the newest measure of this number."""
    spelled = _identifier(identifier)
    found = Bill.objects.filter(identifier=spelled).order_by("-session").only("session", "identifier").first()
    return redirect(found) if found else _no_such_bill(request, None, identifier)


@login_not_required
@require_safe
@cached_page
def roll_call(request: HttpRequest, session: int, identifier: str, pk: int) -> HttpResponse:
    """One recorded vote, member by member."""
    page = load_roll_call_page(session, identifier.upper(), pk)
    if page is None:
        raise Http404
    return render(request, "legislation/roll_call.html", {"page": page, "bill": page.bill})


@login_not_required
@require_safe
def fact_sheet(request: HttpRequest, session: int, identifier: str) -> FileResponse:
    """The coalition's fact sheet on a bill, for download."""
    tracking = get_object_or_404(
        BillTracking.objects.filter(is_public=True).select_related("bill"),
        bill__session=session,
        bill__identifier=identifier.upper(),
    )
    if not tracking.fact_sheet or not tracking.fact_sheet.storage.exists(tracking.fact_sheet.name):
        raise Http404
    response = FileResponse(
        tracking.fact_sheet.open(),
        content_type="application/pdf",
        as_attachment=True,
        filename=f"{tracking.bill.identifier}-fact-sheet.pdf",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _address(name: str, search: BillSearch) -> str:
    query = search.canonical_query()
    return f"{reverse(name)}?{query}" if query else reverse(name)


def _identifier(text: str) -> str:
    """A number in any spelling as it is stored, `HB1075`; "" where it is none."""
    numbers = SearchText.read(text).numbers
    return f"{numbers[0][0]}{numbers[0][1]}" if len(numbers) == 1 and numbers[0][0] else ""


def _one_spelling(name: str, session: int, identifier: str) -> HttpResponse | None:
    """A permanent redirect to the address as it is written, where this one is written otherwise."""
    spelled = _identifier(identifier).lower()
    if not spelled or spelled == identifier:
        return None
    return HttpResponsePermanentRedirect(reverse(name, args=[session, spelled]))


def _better_search(search: BillSearch) -> dict[str, str] | None:
    """“Did you mean …”: the words, and the search's query; only where it would find something."""
    better = suggestion(search)
    if better is None or not better.filtered().exists():
        return None
    return {"words": better.q, "query": better.canonical_query()}


def _no_such_bill(request: HttpRequest, session: int | None, identifier: str) -> HttpResponse:
    """A page that says so, with the bills of this number in other General Assemblies, and the search."""
    spelled = _identifier(identifier)
    others: Any = Bill.objects.filter(identifier=spelled).for_rows() if spelled else Bill.objects.none()
    facts = {"asked": spaced(spelled) or identifier, "session": session, "others": list(others[:10])}
    return render(request, "legislation/bill_not_found.html", facts, status=404)
