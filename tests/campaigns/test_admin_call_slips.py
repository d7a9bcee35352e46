"""Staff write a call for witness slips: they choose the hearing, then its documents."""

import pytest
from django.urls import reverse

from campaigns.models import SlipAsk
from tests.factories.legislation import HearingDocumentFactory, HearingFactory
from tests.factories.partners import StaffFactory
from tests.factories.slips import asked, slip_call

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(StaffFactory())
    return client


@pytest.fixture
def draft():
    return slip_call(status="draft", documents=0)


def form_of(desk, call):
    """The form as the desk shows it, to be sent again; its parts' own fields included."""
    page = desk.get(reverse("admin:campaigns_calltoaction_change", args=[call.pk]))
    sent = {}
    for form in (
        page.context["adminform"].form,
        *(inline.formset.management_form for inline in page.context["inline_admin_formsets"]),
    ):
        for field in form:
            value = field.value()
            if isinstance(value, bool):
                value = "on" if value else ""
            if hasattr(value, "isoformat"):
                sent[f"{field.html_name}_0"] = value.strftime("%Y-%m-%d")
                sent[f"{field.html_name}_1"] = value.strftime("%H:%M:%S")
            elif value not in (None, ""):
                sent[field.html_name] = value
    return page, sent


def test_the_documents_of_the_chosen_hearing_are_offered(desk, draft):
    ours = HearingDocumentFactory(hearing=draft.hearing)
    HearingDocumentFactory(hearing=draft.hearing, removed_at=draft.opens_at)
    HearingDocumentFactory()
    page, _sent = form_of(desk, draft)
    (inline,) = page.context["inline_admin_formsets"]
    field = inline.formset.empty_form.fields["document"]
    assert list(field.queryset) == [ours]
    assert ours.label in page.content.decode()


def test_staff_ask_for_a_document_and_not_for_one_of_another_hearing(desk, draft):
    ours, strange = HearingDocumentFactory(hearing=draft.hearing), HearingDocumentFactory()
    _page, sent = form_of(desk, draft)
    address = reverse("admin:campaigns_calltoaction_change", args=[draft.pk])
    sent |= {"slip_asks-TOTAL_FORMS": 1, "slip_asks-0-position": "opponent"}
    refused = desk.post(address, sent | {"slip_asks-0-document": strange.pk})
    assert "not on the notice" in refused.content.decode()
    assert not SlipAsk.objects.exists()
    saved = desk.post(address, sent | {"slip_asks-0-document": ours.pk})
    assert saved.status_code == 302
    assert asked(draft) == [ours]
    assert draft.slip_asks.get().position == "opponent"


def test_a_call_with_another_hearing_must_let_its_documents_go(desk, draft):
    SlipAsk.objects.create(call_to_action=draft, document=HearingDocumentFactory(hearing=draft.hearing))
    _page, sent = form_of(desk, draft)
    ask = draft.slip_asks.get()
    sent |= {
        "hearing": HearingFactory().pk,
        "slip_asks-0-id": ask.pk,
        "slip_asks-0-call_to_action": draft.pk,
        "slip_asks-0-document": ask.document_id,
        "slip_asks-0-position": ask.position,
    }
    address = reverse("admin:campaigns_calltoaction_change", args=[draft.pk])
    assert "not on the notice" in desk.post(address, sent).content.decode()
    assert desk.post(address, sent | {"slip_asks-0-DELETE": "on"}).status_code == 302
    assert not SlipAsk.objects.exists()


def test_other_kinds_have_no_documents(desk, draft):
    draft.kind = "petition"
    draft.save()
    page, _sent = form_of(desk, draft)
    assert not [inline for inline in page.context["inline_admin_formsets"] if inline.opts.model is SlipAsk]


def test_publishing_waits_until_nothing_is_missing(desk, draft):
    address = reverse("admin:campaigns_calltoaction_publish", args=[draft.pk])
    page = desk.post(address, follow=True)
    assert "Say on which document" in page.content.decode()
    draft.refresh_from_db()
    assert draft.status == "draft"
    SlipAsk.objects.create(call_to_action=draft, document=HearingDocumentFactory(hearing=draft.hearing))
    desk.post(address)
    draft.refresh_from_db()
    assert draft.status == "published"
