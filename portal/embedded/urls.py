"""The mailbox of the embedded portal; `portal.urls` includes it only in embedded mode and in tests."""

from django.urls import path, register_converter

from portal.embedded import views


class MessageIdConverter:
    """The nanosecond of a message's arrival, 19 digits."""

    regex = "[0-9]{19}"

    def to_python(self, value: str) -> str:
        """Kept as text: it is a file's name."""
        return value

    def to_url(self, value: str) -> str:
        """The same text."""
        return value


register_converter(MessageIdConverter, "message_id")

app_name = "mailbox"
urlpatterns = [
    path("", views.message_list, name="list"),
    path("<message_id:message_id>/", views.message_detail, name="detail"),
    path("<message_id:message_id>/html/", views.message_html, name="html"),
    path("<message_id:message_id>/raw/", views.message_raw, name="raw"),
]
