from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from portal.logs import configure

        configure()


class DeskConfig(AdminConfig):
    """Django's admin with our site (`portal/desk_site.py`)."""

    default_site = "portal.desk_site.DeskSite"
