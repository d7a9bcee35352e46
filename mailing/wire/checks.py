"""Says at the start what is wrong with the settings of the mail servers, and not when an alert goes out."""

from collections.abc import Callable

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from mailing.wire.dkim import configured_signer
from mailing.wire.esp import open_backend
from mailing.wire.relay_urls import configured_relays


def check_wire_settings(app_configs: object, **_options: object) -> list[CheckMessage]:
    """One error for each setting that cannot be used."""
    servers: Callable[[], object] = configured_relays
    if settings.MAILING_PROVIDER:
        servers = open_backend
    errors: list[CheckMessage] = []
    for read in (servers, configured_signer):
        try:
            read()
        except ImproperlyConfigured as error:
            errors.append(Error(str(error), id=f"mailing.E{len(errors) + 1:03}"))
    return errors
