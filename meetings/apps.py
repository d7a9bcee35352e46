from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("Councils and events")

    def ready(self) -> None:
        # Says what the month shows of this room.
        from meetings import months  # noqa: F401
