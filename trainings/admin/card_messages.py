"""The card service's messages in the staff desk; some need a person."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from partners.admin.base import PartnersAdmin, Question, ReadOnlyMixin
from trainings.models import PaymentEvent
from trainings.services import card_payments

_Outcome = PaymentEvent.Outcome


@admin.register(PaymentEvent)
class PaymentEventAdmin(ReadOnlyMixin, PartnersAdmin):
    """What the card service told us. Those that need a person come first."""

    list_display = ["received_at", "kind", "shown_outcome", "invoice", "amount", "note", "settled_at"]
    list_filter = ["outcome", ("settled_at", admin.EmptyFieldListFilter), "kind"]
    list_select_related = ["invoice"]
    search_fields = ["event_id", "payment_intent", "invoice__number"]
    ordering = ["-received_at", "-pk"]
    actions_detail = ["settle"]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list:
        event = self.existing(request, object_id)
        waits = event and event.outcome == _Outcome.TROUBLE and not event.settled_at
        return self.buttons(request, object_id, {"settle"} if waits else set())

    @display(
        description=gettext_lazy("outcome"),
        ordering="outcome",
        label={
            _Outcome.TROUBLE.label: "danger",
            _Outcome.HANDLED.label: "success",
            _Outcome.WAITING.label: "warning",
            _Outcome.IGNORED.label: "info",
        },
    )
    def shown_outcome(self, event: PaymentEvent) -> str:
        return event.get_outcome_display()

    @action(description=gettext_lazy("Settled"), icon="check", permissions=["work"], url_path="settle")
    def settle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        event = self.record(request, object_id)
        question = Question(
            title=_("Is this settled?"),
            explanation=event.note,
            button=_("It is settled"),
            done=_("It is settled."),
            step=lambda said: card_payments.settle_trouble(event=event, by=request.user, now=timezone.now()),
        )
        return self.ask(request, event, question)
