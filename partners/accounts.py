"""How logins work here: nobody signs up by themself, and mails about a login are in our words and layout."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailConfirmation
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mailing.addresses import is_address, normalize_address
from partners.emails import render_message
from partners.models import Membership, User

# Mails that only say that something about a login changed: subject, and the sentence that says it.
NOTICES: dict[str, tuple[str | Promise, str | Promise]] = {
    "account/email/password_changed": (
        _("Your password was changed"),
        _("The password of your login was changed."),
    ),
    "account/email/password_reset": (
        _("Your password was reset"),
        _("The password of your login was reset."),
    ),
    "account/email/password_set": (_("Your password was set"), _("Your login now has a password.")),
    "account/email/email_changed": (
        _("Your e-mail address was changed"),
        _("The address of your login was changed from %(from_email)s to %(to_email)s."),
    ),
    "account/email/email_confirm": (
        _("Your e-mail address is confirmed"),
        _("Your e-mail address is confirmed."),
    ),
    "account/email/email_deleted": (
        _("An e-mail address was removed"),
        _("The address %(deleted_email)s was removed from your login."),
    ),
    "mfa/email/totp_activated": (
        _("Authenticator app turned on"),
        _("Your login now asks for a code from an authenticator app."),
    ),
    "mfa/email/totp_deactivated": (
        _("Authenticator app turned off"),
        _("Your login no longer asks for a code from an authenticator app."),
    ),
    "mfa/email/recovery_codes_generated": (
        _("New recovery codes"),
        _("New recovery codes were made for your login. Older ones no longer work."),
    ),
    "mfa/email/webauthn_added": (_("Passkey added"), _("A passkey or security key was added to your login.")),
    "mfa/email/webauthn_removed": (
        _("Passkey removed"),
        _("A passkey or security key was removed from your login."),
    ),
}


class AccountAdapter(DefaultAccountAdapter):
    """What django-allauth asks us about logins."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Logins come from invitations and from staff only."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff go to their desk, everybody who belongs to an organization to its work."""
        is_only_staff = request.user.is_staff and not Membership.objects.of(request.user).exists()
        return reverse("admin:index" if is_only_staff else "my:dashboard")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("my:profile")

    def clean_email(self, email: str) -> str:
        """Refuses an address that no mail can reach, before a mail to it is built."""
        if not is_address(normalize_address(email)):
            raise ValidationError(_("Enter an e-mail address such as name@example.org."), code="invalid")
        return email

    def get_reset_password_from_key_url(self, key: str) -> str:
        return _at_our_address(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: EmailConfirmation) -> str:
        return _at_our_address(super().get_email_confirmation_url(request, emailconfirmation))

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        """A mail with both parts in the portal's layout; the address is never part of the subject."""
        to = [email] if isinstance(email, str) else email
        context = {name: value for name, value in context.items() if name != "email"} | {"address": to[0]}
        if template_prefix in NOTICES:
            subject, sentence = NOTICES[template_prefix]
            context["notice"] = str(sentence) % context
            template = "account/email/notice"
        else:
            subject = render_to_string(f"{template_prefix}_subject.txt", context)
            template = f"{template_prefix}_message"
        message = render_message(template, to=to[0], subject=str(subject).strip(), **context)
        mail = EmailMultiAlternatives(
            message["subject"],
            message["text"],
            self.get_from_email(),
            to,
            reply_to=[message["reply_to"]] if message["reply_to"] else None,
            headers=headers,
        )
        mail.attach_alternative(message["html"], "text/html")
        return mail


def _at_our_address(url: str) -> str:
    """The same page at the portal's own address: the host a request names is its sender's to choose."""
    return f"{settings.SITE_URL}{urlsplit(url).path}"


def follow_changed_address(sender: type, user: User, **facts: object) -> None:
    """Receives allauth's news that a login has another address."""
    from partners.services import follow_login_address

    follow_login_address(user=user)
