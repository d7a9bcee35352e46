"""The organization's own pages and one's own profile. What one may not see is not there (404)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from partners.answers import MarkerAnswer
from partners.forms import DemographicsForm, OrganizationForm, PersonForm
from partners.models import Organization, Person
from partners.permissions import can_edit_organization, membership_of
from partners.posted import posted
from partners.profile import completeness, latest_answers
from partners.related import groups_beside
from partners.services import record_answers, update_organization, update_person
from partners.services.organizations import PROFILE_FIELDS


def own_organization(request: HttpRequest, slug: str) -> Organization:
    """The organization, if this user belongs to it."""
    visible = Organization.objects.visible_to(request.user).select_related("county", "area")
    return get_object_or_404(visible.prefetch_related("sub_sectors"), slug=slug)


def editable_organization(request: HttpRequest, slug: str) -> Organization:
    """The organization, if this user may change it; 403 for its other people."""
    organization = own_organization(request, slug)
    if not can_edit_organization(request.user, organization):
        raise PermissionDenied
    return organization


@never_cache
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    """Overview: what the profile says and lacks, and who belongs here."""
    own = own_organization(request, slug)
    context = {
        "organization": own,
        "completeness": completeness(own),
        "membership": membership_of(request.user, own),
        "members": own.memberships.current().ranked().select_related("person"),
        "can_edit": can_edit_organization(request.user, own),
        "related": groups_beside(own, timezone.now()) if own.status == Organization.Status.ACTIVE else [],
    }
    return render(request, "partners/my/organization.html", context)


@never_cache
def organization_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The profile."""
    own = editable_organization(request, slug)
    form = OrganizationForm(
        posted(request), request.FILES if request.method == "POST" else None, organization=own
    )
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        update_organization(
            organization=own,
            by=request.user,
            facts={name: answers[name] for name in PROFILE_FIELDS},
            sub_sectors=answers["sub_sectors"],
            logo=answers["logo"],
            remove_logo=answers.get("remove_logo", False),
        )
        messages.success(request, _("The profile is saved."))
        return redirect("my:organization", slug=own.slug)
    context = {"form": form, "organization": own}
    return render(request, "partners/my/organization_edit.html", context)


@never_cache
def organization_demographics(request: HttpRequest, slug: str) -> HttpResponse:
    """The optional questions, with the latest answers filled in."""
    own = editable_organization(request, slug)
    latest = latest_answers(own)
    earlier: dict[str, MarkerAnswer] = {
        marker: {
            "values": answer.values,
            "number": answer.number,
            "self_description": answer.self_description,
            "declined": answer.declined,
        }
        for marker, answer in latest.items()
    }
    form = DemographicsForm(posted(request), initial=DemographicsForm.initial_from(earlier))
    if request.method == "POST" and form.is_valid():
        record_answers(organization=own, answers=form.answers, by=request.user)
        messages.success(request, _("Your answers are saved. Thank you."))
        return redirect("my:organization", slug=own.slug)
    answered_at = max((answer.answered_at for answer in latest.values()), default=None)
    context = {"form": form, "organization": own, "answered_at": answered_at}
    return render(request, "partners/my/organization_demographics.html", context)


@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    """Oneself: name, job title, phone; the login's own pages are linked."""
    person = Person.objects.filter(user=request.user).first()
    facts = {name: getattr(person, name, "") for name in ("first_name", "last_name", "title", "phone")}
    form = PersonForm(posted(request), initial=facts)
    if request.method == "POST" and form.is_valid():
        update_person(user=request.user, **form.cleaned_data)
        messages.success(request, _("Your profile is saved."))
        return redirect("my:profile")
    return render(request, "partners/my/profile.html", {"form": form, "person": person})
