"""The organization's people: who belongs, in which role, and who is invited."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from mailing.web.limits import limited
from partners.errors import NotAllowed
from partners.forms import InviteForm, RoleForm
from partners.models import Invitation, Membership, Organization
from partners.permissions import can_invite
from partners.posted import posted
from partners.services import change_role, end_membership, invite, resend_invitation, withdraw_invitation
from partners.views.my import editable_organization, own_organization


@never_cache
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody who belongs here, and the invitations nobody has accepted yet."""
    own = own_organization(request, slug)
    may_invite = can_invite(request.user, own)
    pending = (
        own.invitations.filter(accepted_at__isnull=True, withdrawn_at__isnull=True) if may_invite else []
    )
    context = {
        "organization": own,
        "members": own.memberships.current().ranked().select_related("person__user"),
        "invitations": pending,
        "now": timezone.now(),
        "can_invite": may_invite,
    }
    return render(request, "partners/my/people.html", context)


@never_cache
@limited("invite")
def invite_person(request: HttpRequest, slug: str) -> HttpResponse:
    """One address and a role. The page answers the same whether or not the address has a login."""
    own = editable_organization(request, slug)
    form = InviteForm(posted(request), organization=own, initial={"role": Membership.Role.ADVOCATE})
    if request.method == "POST" and form.is_valid():
        try:
            invitation = invite(organization=own, by=request.user, **form.cleaned_data)
        except NotAllowed as refusal:  # They accepted an earlier invitation a moment ago.
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("We sent an invitation to %s.") % invitation.email)
            return redirect("my:people", slug=own.slug)
    context = {"form": form, "organization": own}
    return render(request, "partners/my/invite.html", context)


@require_POST
@limited("invite")
def invitation_resend(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A new link for an invited person."""
    own, invitation = _invitation(request, slug, pk)
    try:
        resend_invitation(invitation=invitation, by=request.user)
        messages.success(
            request, _("We sent a new link to %s. The old one no longer works.") % invitation.email
        )
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("my:people", slug=own.slug)


@require_POST
def invitation_withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Takes an invitation back."""
    own, invitation = _invitation(request, slug, pk)
    try:
        withdraw_invitation(invitation=invitation, by=request.user)
        messages.success(request, _("The invitation to %s is withdrawn.") % invitation.email)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("my:people", slug=own.slug)


@never_cache
def membership_role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Another role for a member."""
    own, membership = _membership(request, slug, pk)
    form = RoleForm(posted(request), initial={"role": membership.role})
    if request.method == "POST" and form.is_valid():
        try:
            change_role(membership=membership, role=form.cleaned_data["role"], by=request.user)
        except NotAllowed as refusal:
            form.add_error("role", str(refusal))
        else:
            messages.success(request, _("The role of %s is changed.") % membership.person)
            return redirect("my:people", slug=own.slug)
    context = {"form": form, "organization": own, "membership": membership}
    return render(request, "partners/my/membership_role.html", context)


@never_cache
def membership_end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ends a membership, after asking."""
    own, membership = _membership(request, slug, pk)
    if request.method == "POST":
        try:
            end_membership(membership=membership, by=request.user)
            messages.success(request, _("%s no longer belongs to your organization.") % membership.person)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        left = membership.person.user_id == request.user.pk and not can_invite(request.user, own)
        return redirect("my:dashboard") if left else redirect("my:people", slug=own.slug)
    return render(request, "partners/my/membership_end.html", {"organization": own, "membership": membership})


def _invitation(request: HttpRequest, slug: str, pk: int) -> tuple[Organization, Invitation]:
    own = editable_organization(request, slug)
    return own, get_object_or_404(own.invitations, pk=pk)


def _membership(request: HttpRequest, slug: str, pk: int) -> tuple[Organization, Membership]:
    own = editable_organization(request, slug)
    return own, get_object_or_404(own.memberships.current().select_related("person"), pk=pk)
