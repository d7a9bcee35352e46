"""Every kind of call to action has a page, words of its own, and says what it needs before it is published."""

import pytest

from campaigns import kinds
from campaigns.models import CallToAction
from tests.factories.campaigns import CallToActionFactory


@pytest.mark.parametrize("kind", CallToAction.Kind.values)
def test_every_kind_is_known_by_its_value(kind):
    call = CallToAction(kind=kind)
    assert kinds.of(call).kind == kind
    assert call.act_label


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [kind for kind in CallToAction.Kind.values if kind != "sign_on"])
def test_a_page_opens_for_every_kind(client, kind):
    call = CallToActionFactory(kind=kind)
    page = client.get(call.get_absolute_url())
    assert page.status_code == 200
    assert call.title in page.content.decode()
