from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Partners")

    def ready(self) -> None:
        from allauth.account.signals import email_changed

        from partners.accounts import follow_changed_address

        email_changed.connect(follow_changed_address, dispatch_uid="partners.follow_changed_address")
