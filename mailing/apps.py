from anymail.signals import tracking
from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class MailingConfig(AppConfig):
    name = "mailing"
    verbose_name = _("Mail")

    def ready(self) -> None:
        """Listens to what django-anymail reads from providers' posts; checks the settings of the mail servers."""
        # In a worker's main process, before it forks: only then its children see that it was asked to end.
        import mailing.shutdown  # noqa: F401
        from mailing.reports.providers import receive
        from mailing.wire.checks import check_wire_settings

        register(check_wire_settings)
        tracking.connect(receive, dispatch_uid="mailing")
