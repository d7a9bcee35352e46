"""What a signed-in person follows, and how they hear of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from legislation.calendars import webcal
from legislation.forms.following import DigestForm, SavedSearchForm, WayForm
from legislation.models import Follow, SavedSearch
from legislation.search.bills import BillSearch
from legislation.services import follow as services
from legislation.tokens import calendar_token, open_stop
from mailing.errors import BadToken
from mailing.services.suppression import is_stopped
from partners.errors import NotAllowed
from partners.posted import posted


@never_cache
@require_safe
def following(request: HttpRequest) -> HttpResponse:
    """Everything one follows, the digest, and one's own calendar."""
    own = services.settings_of(user=request.user)
    follows = (
        Follow.objects.visible_to(request.user)
        .select_related("bill__tracking", "legislator", "committee", "search")
        .defer("bill__search", "bill__synopsis")
    )
    groups: dict[str, list[Follow]] = {"bill": [], "legislator": [], "committee": [], "search": []}
    for follow in follows:
        kind = next(name for name in groups if getattr(follow, f"{name}_id"))
        groups[kind].append(follow)
    path = reverse("legislation:followed_ics", args=[calendar_token(own)])
    context = {
        "bills": sorted(groups["bill"], key=lambda follow: _by_number(follow)),
        "legislators": sorted(groups["legislator"], key=lambda follow: follow.legislator.family_name),
        "committees": sorted(groups["committee"], key=lambda follow: str(follow.committee)),
        "searches": [
            _described(follow) for follow in sorted(groups["search"], key=lambda follow: follow.search.name)
        ],
        "any": any(groups.values()),
        "settings": own,
        "form": DigestForm(initial={"digest": own.digest}),
        "calendar_path": path,
        "webcal_url": webcal(path),
        "suppressed": is_stopped(request.user.email),
    }
    return render(request, "legislation/my/following.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Follows at once when posted from a page; a link from a page leads to the question how."""
    source = request.POST if request.method == "POST" else request.GET
    target = _target(source)
    way = source.get("way", "now") if request.method == "POST" else "now"
    form = WayForm({"way": way} if request.method == "POST" else None, initial={"way": "now"})
    if request.method == "POST" and form.is_valid():
        try:
            services.follow(user=request.user, target=target, immediate=form.immediate)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("You follow %(what)s.") % {"what": target})
        return HttpResponseRedirect(_next(request) or target.get_absolute_url())
    context = {"form": form, "target": target, "kind": source.get("kind", "")}
    return render(request, "legislation/my/follow.html", context)


@require_POST
def unfollow(request: HttpRequest) -> HttpResponse:
    """Stops following."""
    target = _target(request.POST)
    services.unfollow(user=request.user, target=target)
    messages.success(request, _("You no longer follow %(what)s.") % {"what": target})
    return HttpResponseRedirect(_next(request) or reverse("my_legislation:following"))


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Important news at once, or all in the digest."""
    own = get_object_or_404(Follow.objects.visible_to(request.user), pk=pk)
    form = WayForm(request.POST)
    if form.is_valid():
        services.set_way(follow=own, immediate=form.immediate)
        messages.success(request, _("Your choice is saved."))
    return redirect("my_legislation:following")


@require_POST
def settings(request: HttpRequest) -> HttpResponse:
    """How often the digest comes."""
    form = DigestForm(request.POST)
    if form.is_valid():
        services.choose_digest(user=request.user, digest=form.cleaned_data["digest"])
        messages.success(request, _("Your choice is saved."))
    else:
        messages.error(request, _("Choose how often the digest comes."))
    return redirect("my_legislation:following")


@require_POST
def mail(request: HttpRequest) -> HttpResponse:
    """Stops all mail about what one follows, or starts it again."""
    if request.POST.get("mail") == "start":
        services.start_mail(user=request.user)
        messages.success(request, _("We write to you again."))
    else:
        services.stop_mail(user=request.user)
        messages.success(request, _("We no longer write to you about what you follow."))
    return redirect("my_legislation:following")


@require_POST
def calendar(request: HttpRequest) -> HttpResponse:
    """A new secret address for one's calendar."""
    services.new_calendar_address(user=request.user)
    messages.success(request, _("Your calendar has a new address. The old one no longer works."))
    return redirect("my_legislation:following")


# --- Searches --------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def save_search(request: HttpRequest) -> HttpResponse:
    """Keeps a search of the bill list: at once when posted with its `query` alone, else after asking for a name."""
    source = request.POST if request.method == "POST" else request.GET
    query = source.get("query", "")[:4000]
    search = BillSearch.parse(services.read_query(query))
    asked = request.method == "POST" and "name" in request.POST
    form = SavedSearchForm(
        request.POST if asked else None, initial={"name": search.describe()[:120], "way": "digest"}
    )
    try:
        if asked and form.is_valid():
            services.save_search(
                user=request.user, query=query, name=form.cleaned_data["name"], immediate=form.immediate
            )
        elif request.method == "POST" and not asked:
            services.save_search(user=request.user, query=query)
        else:
            context = {"form": form, "search": search, "query": search.canonical_query()}
            return render(request, "legislation/my/search_save.html", context)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("legislation:bill_list")
    messages.success(request, _("The search is saved, and its news comes to you."))
    return redirect("my_legislation:following")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def saved_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, another way."""
    own = get_object_or_404(SavedSearch.objects.visible_to(request.user).select_related("follow"), pk=pk)
    way = "now" if own.follow.immediate else "digest"
    form = SavedSearchForm(posted(request), initial={"name": own.name, "way": way})
    if request.method == "POST" and form.is_valid():
        services.rename_search(search=own, name=form.cleaned_data["name"], immediate=form.immediate)
        messages.success(request, _("The search is saved."))
        return redirect("my_legislation:following")
    words = BillSearch.parse(services.read_query(own.query)).describe()
    return render(request, "legislation/my/search_edit.html", {"form": form, "search": own, "words": words})


@require_POST
def remove_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Forgets a search."""
    own = get_object_or_404(SavedSearch.objects.visible_to(request.user), pk=pk)
    services.remove_search(search=own)
    messages.success(request, _("The search “%(name)s” is removed.") % {"name": own.name})
    return redirect("my_legislation:following")


# --- From a mail -----------------------------------------------------------------------------------------------


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_following_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Stops the mail about what somebody follows. Mail programs post here by themselves (RFC 8058); a link that is
    merely opened changes nothing, and the token is the proof, so no cookie is asked for."""
    try:
        user = open_stop(token)
    except BadToken:
        return render(request, "mailing/link_expired.html", {"expired": False}, status=404)
    context = {"email": user.email}
    if request.method != "POST":
        return render(request, "legislation/my/stop_mail.html", context)
    services.stop_mail(user=user)
    if request.POST.get("List-Unsubscribe") == "One-Click":
        return HttpResponse(_("You are unsubscribed."), content_type="text/plain; charset=utf-8")
    return render(request, "legislation/my/mail_stopped.html", context)


# --- Reading what was asked ------------------------------------------------------------------------------------


def _target(source: Any) -> services.Followed:
    """What a form or link names; 404 for anything else."""
    model = services.KINDS.get(source.get("kind", ""))
    number = source.get("id", "")
    if model is None or not (number.isascii() and number.isdigit() and len(number) < 12):
        raise Http404(_("This cannot be followed."))
    found: services.Followed = get_object_or_404(model, pk=int(number))
    return found


def _next(request: HttpRequest) -> str:
    """The page to go back to, if it is one of ours."""
    address = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if ours else ""


def _by_number(follow: Follow) -> tuple[int, str, int]:
    assert follow.bill is not None
    return -follow.bill.session, follow.bill.prefix, follow.bill.number


def _described(follow: Follow) -> Follow:
    """A follow of a search, with the search in words and as an address."""
    assert follow.search is not None
    search = BillSearch.parse(services.read_query(follow.search.query))
    follow.words = search.describe()
    follow.address = f"{reverse('legislation:bill_list')}?{follow.search.query}"
    return follow
