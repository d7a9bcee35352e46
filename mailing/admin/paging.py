"""Lists of tables with millions of rows: nobody counts them, and no filter reads them from end to end."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.core.paginator import Paginator
from django.db.models import Max, Min, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin

from mailing.models import Batch, Delivery, Mailing

# Rows that a list leads to. Whoever looks for one among more searches for the address.
COUNTED = 5000
MAILINGS_OFFERED = 30
# Batches in which rows of one state are looked for, the newest.
BATCHES_READ = 400


class BoundedPaginator(Paginator):
    """Counts no further than a person pages."""

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by().values("pk")[:COUNTED].count()


class MailingFilter(SimpleListFilter):
    """One mailing: the newest are offered, any other is reached from its own page."""

    title = gettext_lazy("mailing")
    parameter_name = "mailing"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        newest = list(Mailing.objects.order_by("-created_at").values_list("pk", "name")[:MAILINGS_OFFERED])
        chosen = self.value() or ""
        if chosen.isdecimal() and int(chosen) not in dict(newest):
            newest += Mailing.objects.filter(pk=chosen).values_list("pk", "name")
        return [(str(number), name) for number, name in newest]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value() or ""
        if not chosen.isdecimal() or len(chosen) > 18:
            return queryset
        ends = Batch.objects.filter(mailing=chosen).aggregate(first=Min("pk"), last=Max("pk"))
        # A mailing's batches stand together, and there is an index by batch; by mailing alone there is none
        # that knows an order.
        return queryset.filter(
            mailing=chosen, batch__gte=ends["first"] or 0, batch__lte=ends["last"] or 0
        ).order_by("batch_id", "id")


class StateFilter(SimpleListFilter):
    """One state. The batches know where such rows are, so only those are read."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Any:
        return Delivery.State.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        state = self.value()
        if state not in Delivery.State.values:
            return queryset
        batches = Batch.objects.filter(tally__has_key=state).order_by("-pk")
        mailing = request.GET.get("mailing", "")
        if mailing.isdecimal() and len(mailing) <= 18:
            batches = batches.filter(mailing=mailing)
        numbers = list(batches.values_list("pk", flat=True)[:BATCHES_READ])
        return queryset.filter(state=state, batch__in=numbers).order_by("batch_id", "id")
