"""Where providers tell us what became of our messages."""

from dataclasses import dataclass

from anymail.exceptions import (
    AnymailConfigurationError,
    AnymailError,
    AnymailWebhookValidationFailure,
)
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseForbidden
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from mailing.reports.providers import collecting
from mailing.services.events import record_events


@dataclass(frozen=True)
class Provider:
    """A provider's posts: which of django-anymail's views reads them, and what in `settings.ANYMAIL` proves them."""

    view: str
    proofs: tuple[str, ...] = ("WEBHOOK_SECRET",)

    @property
    def is_configured(self) -> bool:
        """Whether we could tell a forged post from a true one."""
        return any(settings.ANYMAIL.get(proof) for proof in self.proofs)


_READERS = "anymail.webhooks"
PROVIDERS = {
    "brevo": Provider(f"{_READERS}.brevo.BrevoTrackingWebhookView"),
    "mailersend": Provider(
        f"{_READERS}.mailersend.MailerSendTrackingWebhookView", ("MAILERSEND_SIGNING_SECRET",)
    ),
    "mailgun": Provider(f"{_READERS}.mailgun.MailgunTrackingWebhookView", ("MAILGUN_WEBHOOK_SIGNING_KEY",)),
    "mailjet": Provider(f"{_READERS}.mailjet.MailjetTrackingWebhookView"),
    "mailtrap": Provider(
        f"{_READERS}.mailtrap.MailtrapTrackingWebhookView", ("MAILTRAP_TRACKING_SECRET", "WEBHOOK_SECRET")
    ),
    "postmark": Provider(f"{_READERS}.postmark.PostmarkTrackingWebhookView"),
    "resend": Provider(f"{_READERS}.resend.ResendTrackingWebhookView"),
    "sendgrid": Provider(
        f"{_READERS}.sendgrid.SendGridTrackingWebhookView",
        ("SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY", "WEBHOOK_SECRET"),
    ),
    "sparkpost": Provider(f"{_READERS}.sparkpost.SparkPostTrackingWebhookView"),
}


@csrf_exempt
@login_not_required
@require_http_methods(["HEAD", "POST"])
def mail_events(request: HttpRequest, provider: str) -> HttpResponse:
    """One post of a provider. It is answered once all it tells is written down; otherwise the provider repeats it."""
    known = PROVIDERS.get(provider)
    if known is None or not known.is_configured:
        raise Http404("Nobody may report here.")
    with collecting() as events:
        try:
            response = import_string(known.view).as_view()(request)
        except AnymailWebhookValidationFailure:
            return HttpResponseForbidden("Not signed by the provider.\n", content_type="text/plain")
        except (AnymailConfigurationError, AnymailError, AttributeError, LookupError, TypeError, ValueError):
            # Signed, and yet not what the provider's documentation says: repeating it would not help.
            return HttpResponseBadRequest("Not understood.\n", content_type="text/plain")
    record_events(provider=provider, events=events)
    return response
