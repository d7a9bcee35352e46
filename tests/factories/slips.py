"""Calls for witness slips, and what people said of their slips, for tests."""

import factory
from django.utils import timezone

from campaigns.models import CallToAction, SlipAsk
from legislation.models import Hearing, RecordedSlip, ReportedSlip, SlipMatch
from legislation.reported_slips import posting_day
from tests.factories.campaigns import CallToActionFactory
from tests.factories.legislation import BillFactory, HearingDocumentFactory, HearingFactory
from tests.factories.partners import OrganizationFactory, PersonFactory


def slip_call(*, hearing: Hearing | None = None, documents: int = 1, **facts) -> CallToAction:
    """An open call that asks proponents to file on so many documents of a hearing, which is in three days."""
    hearing = hearing or HearingFactory()
    call = CallToActionFactory(kind="slip", hearing=hearing, statement="", **facts)
    for _number in range(documents):
        SlipAsk.objects.create(call_to_action=call, document=HearingDocumentFactory(hearing=hearing))
    return call


def asked(call: CallToAction) -> list:
    """The documents of a call, in the order in which it asks for them."""
    return [ask.document for ask in call.slip_asks.select_related("document__hearing").order_by("pk")]


class ReportedSlipFactory(factory.django.DjangoModelFactory):
    """Filed as proponent for oneself, for the day the hearing is set for."""

    class Meta:
        model = ReportedSlip

    person = factory.SubFactory(PersonFactory)
    document = factory.SubFactory(HearingDocumentFactory)
    posting_on = factory.LazyAttribute(lambda slip: posting_day(slip.document.hearing))
    position = "proponent"
    filed_at = factory.LazyFunction(timezone.now)
    consent_text = "We keep what you tell us."


class RecordedSlipFactory(factory.django.DjangoModelFactory):
    """A proponent on the General Assembly's list."""

    class Meta:
        model = RecordedSlip

    bill = factory.SubFactory(BillFactory)
    hearing = factory.SubFactory(HearingFactory)
    committee_name = factory.SelfAttribute("hearing.committee_name")
    scheduled_at = factory.SelfAttribute("hearing.starts_at")
    name = factory.Sequence(lambda number: f"Witness {number}")
    firm = "Self"
    position = "proponent"
    imported_at = factory.LazyFunction(timezone.now)


class SlipMatchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SlipMatch

    slip = factory.SubFactory(RecordedSlipFactory)
    organization = factory.SubFactory(OrganizationFactory)
    text = factory.SelfAttribute("organization.name")
    score = 100
    state = "sure"
