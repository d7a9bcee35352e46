"""Filters of the desk's lists that begin with what matters today."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy


class WaitingFilter(admin.SimpleListFilter):
    """Shows the state in which something waits for us, unless staff ask for another one or for all."""

    title = gettext_lazy("state")
    parameter_name = "state"

    states: ClassVar[Sequence[tuple[str, Any]]]
    waiting: ClassVar[str]

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [*self.states, ("all", gettext_lazy("all"))]

    def value(self) -> str:
        return super().value() or self.waiting

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Without Django's own "all", which would be the second one."""
        return islice(super().choices(changelist), 1, None)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset if self.value() == "all" else queryset.filter(state=self.value())


class ComingFilter(admin.SimpleListFilter):
    """Shows gatherings that are still to come, unless staff ask for more."""

    title = gettext_lazy("when")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("past", gettext_lazy("over")), ("all", gettext_lazy("all"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        now = timezone.now()
        if self.value() == "all":
            return queryset
        if self.value() == "past":
            return queryset.filter(ends_at__lte=now).order_by("-starts_at")
        return queryset.filter(ends_at__gt=now)
