"""Which documents a call asks slips on."""

from django.db.models import F, Q

from campaigns.models import CallToAction, SlipAsk


def asks_of(call: CallToAction) -> list[SlipAsk]:
    """What the call asks for and can be filed: documents that stand on its hearing's notice."""
    asks = call.slip_asks.filter(document__hearing=call.hearing_id, document__removed_at=None)
    rows = asks.select_related("document__bill__tracking", "document__hearing__committee")
    return list(
        rows.defer("document__bill__search", "document__bill__synopsis").order_by(
            "document__identifier", "document__amendment"
        )
    )


def outdated_asks(call: CallToAction) -> list[SlipAsk]:
    """What the call asks for though its hearing does not, or no longer, take it up."""
    gone = ~Q(document__hearing=F("call_to_action__hearing")) | Q(document__removed_at__isnull=False)
    return list(call.slip_asks.filter(gone).select_related("document"))
