from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResearchConfig(AppConfig):
    name = "research"
    verbose_name = _("Research")

    def ready(self) -> None:
        # Says what research shows on the pages of the floors below.
        from research import bill_beside  # noqa: F401
        from research.fact_sheets import beside  # noqa: F401
