from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        # Says what campaigns show on the pages of research, and what its links brought.
        from campaigns import related, source_credits  # noqa: F401
