"""The picture of a call that other sites show beside its link."""

import re
from io import BytesIO

import pytest
from PIL import Image

from campaigns.sharing import share_image_url, share_image_words
from campaigns.views import share_images
from tests.campaigns.answering import content
from tests.factories.campaigns import CallToActionFactory
from tests.factories.partners import CoalitionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _coalition():
    CoalitionFactory()


@pytest.fixture
def call():
    return CallToActionFactory(title="Fund loan repayment")


def test_it_is_a_png_of_the_size_that_sites_ask_for(client, call):
    response = client.get(share_image_url(call))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert "max-age=3600" in response["Cache-Control"]
    picture = Image.open(BytesIO(response.content))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert len(response.content) < 150_000


def test_the_page_names_it(client, call):
    page = content(client.get(call.get_absolute_url()))
    image = re.search(r'<meta property="og:image" content="([^"]+)"', page)[1]
    assert image.endswith(share_image_url(call))
    assert image.startswith("http")
    assert '<meta property="og:image:width" content="1200">' in page


def test_it_is_set_once_until_its_words_change(client, call, monkeypatch):
    made = []
    monkeypatch.setattr(share_images, "typeset_png", lambda *args: made.append(args) or b"picture")
    for _visit in range(3):
        assert client.get(share_image_url(call)).content == b"picture"
    assert len(made) == 1
    before = share_image_url(call)
    call.title = "Fund it now"
    call.save()
    assert share_image_url(call) != before
    client.get(share_image_url(call))
    assert len(made) == 2
    assert made[1][1]["title"] == "Fund it now"


def test_drafts_have_none(client):
    draft = CallToActionFactory(status="draft")
    assert client.get(f"/take-action/{draft.slug}/picture.png").status_code == 404
    assert client.get("/take-action/nothing/picture.png").status_code == 404


def test_words_of_any_kind_are_set(client):
    call = CallToActionFactory(title="#panic() 🎉 <b>شكرا</b> $x$ \\ " + "long " * 22, ask="x" * 300)
    words = share_image_words(call)
    assert "🎉" not in words["title"]
    assert words["title"].startswith("#panic() <b>شكرا</b> $x$ \\ long")
    assert client.get(share_image_url(call)).status_code == 200


def test_what_is_over_says_so_and_no_longer_asks(client, call):
    call.status = "closed"
    assert share_image_words(call)["deadline"] == "Closed: see what came of it"
