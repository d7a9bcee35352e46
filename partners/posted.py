"""A form's data: what was posted, even when it is empty, and nothing on GET."""

from django.http import HttpRequest, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """`request.POST or None` would take an empty submission for no submission and show no errors."""
    return request.POST if request.method == "POST" else None
