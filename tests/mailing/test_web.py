"""What every public form shares: addresses that mail can reach, and who counts as one visitor."""

import pytest
from django import forms

from mailing.addresses import is_address, normalize_address
from mailing.models import OutboxMessage, Subscription, Topic
from mailing.web.forms import AddressField
from mailing.web.limits import client_address

UNREACHABLE = [
    # Fits the form, and is too long for the database once its domain is written in ASCII.
    "a@" + "ää." * 60 + "de",
    "a@" + "ä" * 60 + ".example",
    '"a\x01b"@example.org',
    "ſam@example.org",
    "İx@example.org",
]


@pytest.mark.parametrize("address", UNREACHABLE)
def test_an_address_no_mail_can_reach_is_refused_at_the_field(address):
    assert not is_address(normalize_address(address))
    with pytest.raises(forms.ValidationError, match=r"such as name@example\.org"):
        AddressField().clean(address)


@pytest.mark.parametrize("address", ["o'brien+news@example.org", "ana@münchen.example", "A@EXAMPLE.ORG"])
def test_real_addresses_are_taken(address):
    assert AddressField().clean(address) == address


@pytest.mark.django_db
@pytest.mark.parametrize("address", UNREACHABLE)
def test_the_sign_up_says_so_and_stores_nothing(client, address):
    topic = Topic.objects.create(slug="news", name="News", is_public=True)
    page = client.post("/updates/", {"email": address, "topics": topic.pk})
    assert b"There is a problem" in page.content
    assert not Subscription.objects.exists()
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("remote", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
    ],
)
def test_one_ipv6_household_is_one_visitor(rf, remote, counted):
    assert client_address("contact", rf.post("/", REMOTE_ADDR=remote)) == counted


def test_a_forged_forwarding_header_changes_nothing(rf, settings):
    settings.TRUSTED_PROXIES = 0
    request = rf.post("/", REMOTE_ADDR="192.0.2.7", headers={"X-Forwarded-For": "198.51.100.1"})
    assert client_address("contact", request) == "192.0.2.7"
    settings.TRUSTED_PROXIES = 1
    request = rf.post("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.1"})
    assert client_address("contact", request) == "198.51.100.1"
