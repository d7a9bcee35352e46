"""The coalition about itself: mission, people, allies, contact, and its promises on privacy and access."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from campaigns.models import Pillar
from mailing.services import queue_message
from mailing.web.limits import limited
from partners.caching import cached_page
from partners.models import Ally, Organization, TeamMember
from partners.services.identity import get_coalition
from portal.forms import ContactForm


@login_not_required
@cached_page
def about(request: HttpRequest) -> HttpResponse:
    """Mission and pillars."""
    context = {
        "pillars": Pillar.objects.all(),
        "partner_count": Organization.objects.active().count(),
        "today": timezone.localdate(),
    }
    return render(request, "portal/about.html", context)


@login_not_required
@cached_page
def about_people(request: HttpRequest) -> HttpResponse:
    """Board and staff."""
    team = list(TeamMember.objects.all())
    context = {
        "board": [member for member in team if member.kind == TeamMember.Kind.BOARD],
        "staff": [member for member in team if member.kind == TeamMember.Kind.STAFF],
    }
    return render(request, "portal/about_people.html", context)


@login_not_required
@cached_page
def about_allies(request: HttpRequest) -> HttpResponse:
    """Coalitions we sit in, and organizations with a mission of their own."""
    allies = list(Ally.objects.all())
    context = {
        "coalitions": [ally for ally in allies if ally.kind == Ally.Kind.COALITION],
        "allies": [ally for ally in allies if ally.kind == Ally.Kind.ALLY],
    }
    return render(request, "portal/about_allies.html", context)


@login_not_required
@cached_page
def about_ally(request: HttpRequest, slug: str) -> HttpResponse:
    """One ally in its own words, marked as such. Nothing of it is told as the coalition's own, to people or machines."""
    ally = get_object_or_404(Ally, slug=slug)
    return render(request, "portal/about_ally.html", {"ally": ally})


@login_not_required
@limited("contact")
def contact(request: HttpRequest) -> HttpResponse:
    """Address, phone and a form that reaches the coalition's mailbox."""
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not form.is_trap:
            answers = form.cleaned_data
            queue_message(
                to=get_coalition().email,
                subject=f"[Contact] {answers['subject']}",
                text=f"{answers['message']}\n\n{answers['name']} <{answers['email']}>",
                reply_to=answers["email"],
            )
        return redirect("contact_sent")
    return render(request, "portal/contact.html", {"form": form})


@login_not_required
@cached_page
def contact_sent(request: HttpRequest) -> HttpResponse:
    """What happens next with a message."""
    return render(request, "portal/contact_sent.html")


@login_not_required
@cached_page
def privacy(request: HttpRequest) -> HttpResponse:
    """What we keep of whom, why, and how to have it erased."""
    return render(request, "portal/privacy.html")


@login_not_required
@cached_page
def accessibility(request: HttpRequest) -> HttpResponse:
    """What we promise to people with disabilities, and whom to tell when it fails."""
    return render(request, "portal/accessibility.html")
