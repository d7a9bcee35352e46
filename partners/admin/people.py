"""People, memberships, invitations and logins in the staff desk."""

from allauth.account.forms import ResetPasswordForm
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget

from mailing.addresses import normalize_address
from partners.admin.base import PartnersAdmin, Question, ReadOnlyMixin
from partners.admin.history import HistoryAdmin
from partners.admin.organization import MembershipInline
from partners.errors import NotAllowed
from partners.models import Invitation, Membership, Person, User
from partners.posted import posted
from partners.services import change_role, end_membership, resend_invitation, withdraw_invitation

admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):
    """Sets of rights for staff."""


class PersonMembershipInline(MembershipInline):
    fields = ["organization", "role", "started_on", "ended_on"]
    readonly_fields = fields


@admin.register(Person)
class PersonAdmin(PartnersAdmin):
    list_display = ["name", "email", "title", "has_login", "created_at"]
    search_fields = ["email", "first_name", "last_name"]
    inlines = [PersonMembershipInline]
    fields = ["first_name", "last_name", "email", "title", "phone", "zip_code", "user", "created_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: Person | None = None) -> list[str]:
        """Whoever has a login changes their address themself, from their mailbox."""
        locked = ["user", "created_at"]
        return [*locked, "email"] if obj and obj.user_id else locked

    @display(description=gettext_lazy("login"), boolean=True)
    def has_login(self, person: Person) -> bool:
        return person.user_id is not None


class RoleStaffForm(forms.Form):
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=Membership.Role.choices, widget=UnfoldAdminSelectWidget
    )


@admin.register(Membership)
class MembershipAdmin(ReadOnlyMixin, HistoryAdmin, PartnersAdmin):
    list_display = ["person", "organization", "role", "started_on", "ended_on"]
    list_filter = ["role", ("ended_on", admin.EmptyFieldListFilter)]
    list_select_related = ["person", "organization"]
    search_fields = ["person__email", "person__last_name", "organization__name"]
    fields = ["person", "organization", "role", "started_on", "ended_on"]
    actions_detail = ["change_the_role", "end_it"]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        membership = self.existing(request, object_id)
        current = membership and membership.ended_on is None
        return self.buttons(request, object_id, {"change_the_role", "end_it"} if current else set())

    @action(description=gettext_lazy("Change the role"), url_path="role", permissions=["work"], icon="badge")
    def change_the_role(self, request: HttpRequest, object_id: str) -> HttpResponse:
        membership = self.record(request, object_id)
        question = Question(
            title=_("Role of %s") % membership.person,
            explanation=_("Primary contacts edit and invite, advocates take action, viewers read."),
            button=_("Save the role"),
            done=_("The role is changed."),
            step=lambda answers: change_role(membership=membership, role=answers["role"], by=request.user),
            form=RoleStaffForm(posted(request), initial={"role": membership.role}),
        )
        return self.ask(request, membership, question)

    @action(
        description=gettext_lazy("End the membership"), url_path="end", permissions=["work"], icon="logout"
    )
    def end_it(self, request: HttpRequest, object_id: str) -> HttpResponse:
        membership = self.record(request, object_id)
        question = Question(
            title=_("End the membership of %s?") % membership.person,
            explanation=_("They act for %s no longer. The row stays, with today as its end.")
            % membership.organization,
            button=_("End the membership"),
            done=_("The membership has ended."),
            step=lambda answers: end_membership(membership=membership, by=request.user),
            danger=True,
        )
        return self.ask(request, membership, question)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyMixin, PartnersAdmin):
    list_display = [
        "email",
        "organization",
        "role",
        "invited_at",
        "expires_at",
        "accepted_at",
        "withdrawn_at",
    ]
    list_filter = [
        "role",
        ("accepted_at", admin.EmptyFieldListFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["organization"]
    search_fields = ["email", "last_name", "organization__name"]
    actions_detail = ["send_again", "withdraw"]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        invitation = self.existing(request, object_id)
        unanswered = invitation and not invitation.accepted_at and not invitation.withdrawn_at
        return self.buttons(request, object_id, {"send_again", "withdraw"} if unanswered else set())

    @action(
        description=gettext_lazy("Send again"),
        url_path="resend",
        permissions=["work"],
        icon="forward_to_inbox",
    )
    def send_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        invitation = self.record(request, object_id)
        question = Question(
            title=_("Send a new link to %s?") % invitation.email,
            explanation=_("The link in the earlier e-mail stops working."),
            button=_("Send a new link"),
            done=_("The new link is on its way."),
            step=lambda answers: resend_invitation(invitation=invitation, by=request.user),
        )
        return self.ask(request, invitation, question)

    @action(description=gettext_lazy("Withdraw"), url_path="withdraw", permissions=["work"], icon="block")
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        invitation = self.record(request, object_id)
        question = Question(
            title=_("Withdraw the invitation to %s?") % invitation.email,
            explanation=_("The link in the e-mail stops working."),
            button=_("Withdraw the invitation"),
            done=_("The invitation is withdrawn."),
            step=lambda answers: withdraw_invitation(invitation=invitation, by=request.user),
            danger=True,
        )
        return self.ask(request, invitation, question)


@admin.register(User)
class UserAdmin(PartnersAdmin):
    """Logins. Nobody here sets or sees a password: a link by e-mail does."""

    list_display = ["email", "is_active", "is_staff", "is_superuser", "last_login", "date_joined"]
    list_filter = ["is_staff", "is_active", "groups"]
    search_fields = ["email", "person__last_name"]
    filter_horizontal = ["groups"]
    fields = ["email", "is_active", "is_staff", "is_superuser", "groups", "last_login", "date_joined"]
    actions_detail = ["send_password_link"]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Rights are given by superusers only; an address is changed by its owner."""
        locked = ["last_login", "date_joined"]
        if obj:
            locked.append("email")
        return locked if request.user.is_superuser else [*locked, "is_staff", "is_superuser", "groups"]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """A login that is no longer wanted is switched off; what it did stays readable."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.email = normalize_address(obj.email)
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    @action(
        description=gettext_lazy("Send a link to set the password"),
        url_path="password-link",
        permissions=["work"],
        icon="lock_reset",
    )
    def send_password_link(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self.record(request, object_id)

        def send(answers: dict) -> None:
            form = ResetPasswordForm({"email": user.email})
            if not form.is_valid() or not form.users:
                raise NotAllowed(_("This login is switched off."))
            form.save(request)

        question = Question(
            title=_("Send a password link to %s?") % user.email,
            explanation=_("The link lets them choose a new password. The present one works until they do."),
            button=_("Send the link"),
            done=_("The link is on its way."),
            step=send,
        )
        return self.ask(request, user, question)
