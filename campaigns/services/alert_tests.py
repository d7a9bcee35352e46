"""Tests of an alert by mail, to staff alone."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.audience import BadRules
from campaigns.messages.preview import preview_alert
from campaigns.models import ActionAlert
from campaigns.services.sending import AlertRefused
from mailing import services as mailing_services
from partners.models import Person, User


@transaction.atomic
def send_test(
    *,
    alert: ActionAlert,
    to: Iterable[User],
    person: Person | None = None,
    versions: Sequence[tuple[str, str]] = (("A", "en"),),
) -> int:
    """Mails the alert as `person` would get it to staff, once for each (variant, language); returns how many.

    Marked "[Test]". Counts nobody as a recipient, and its links lead to no pages that change anything.
    """
    try:
        previews = [
            preview_alert(alert, person=person, variant=variant, language=language)
            for variant, language in versions
        ]
    except (mailing_services.CompileError, BadRules) as error:
        raise AlertRefused([str(error)]) from error
    drafts = [
        mailing_services.Draft(
            to=user.email,
            subject=_mark(alert, preview.variant) % {"subject": preview.message.subject},
            text=preview.message.text,
            html=preview.message.html,
        )
        for user in to
        for preview in previews
    ]
    mailing_services.queue_messages(drafts=drafts)
    return len(drafts)


def _mark(alert: ActionAlert, variant: str) -> str:
    if not alert.test:
        return _("[Test] %(subject)s")
    return _("[Test] [Variant %(variant)s] %(subject)s").replace("%(variant)s", variant)
