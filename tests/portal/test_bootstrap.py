"""`bootstrap` fills an empty portal once and never touches what staff changed."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from campaigns.models import Pillar
from mailing.models import Topic
from partners.models import Area, Coalition, County, SubSector, User
from portal.reference.coalition import PILLARS, SAMPLE_EMAIL
from portal.reference.places import AREAS, COUNTIES

pytestmark = pytest.mark.django_db

MODELS = (Coalition, Area, County, SubSector, Pillar, Topic, User)
BANNED = ("vulnerable", "neediest", "needy", "click here", "read more", "learn more")


def _everything() -> dict[str, list[dict]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in MODELS}


@pytest.fixture(autouse=True)
def _no_terminal(monkeypatch):
    monkeypatch.delenv("PORTAL_STAFF_PASSWORD", raising=False)
    monkeypatch.setattr("sys.stdin", None)


def test_fills_an_empty_portal():
    call_command("bootstrap")
    assert County.objects.count() == 102
    assert Area.objects.count() == len(AREAS) == 12
    assert SubSector.objects.count() == 16
    assert list(Pillar.objects.values_list("slug", flat=True)) == [slug for slug, _name, _text in PILLARS]
    assert set(Topic.objects.values_list("slug", flat=True)) == {
        "action-alerts",
        "issue-of-the-week",
        "coalition-news",
    }
    coalition = Coalition.objects.get()
    assert coalition.name == "Illinois Partners for Human Service"
    assert coalition.postal_address == "33 W. Grand Ave., Suite 300, Chicago, IL 60654"
    assert coalition.phone == "312-243-1913"
    assert not User.objects.exists()


def test_second_run_changes_nothing(capsys):
    call_command("bootstrap", email="first@example.org")
    before = _everything()
    capsys.readouterr()
    call_command("bootstrap", email="First@Example.ORG")
    assert _everything() == before
    said = capsys.readouterr().out
    assert "nothing added" in said
    assert "already there" in said


def test_keeps_what_staff_changed_and_adds_what_they_lack():
    call_command("bootstrap")
    Coalition.objects.update(email="office@example.org", mission="Our new mission.")
    Area.objects.filter(slug="cook").update(name="Chicago and Cook County")
    Topic.objects.filter(slug="coalition-news").delete()
    call_command("bootstrap")
    assert Coalition.objects.get().mission == "Our new mission."
    assert Area.objects.get(slug="cook").name == "Chicago and Cook County"
    assert Topic.objects.filter(slug="coalition-news").exists()


@pytest.mark.parametrize(
    ("name", "fips"),
    [
        ("Adams", "17001"),
        ("Cook", "17031"),
        ("DeKalb", "17037"),
        ("De Witt", "17039"),
        ("DuPage", "17043"),
        ("Lake", "17097"),
        ("LaSalle", "17099"),
        ("McHenry", "17111"),
        ("McLean", "17113"),
        ("Macon", "17115"),
        ("Peoria", "17143"),
        ("St. Clair", "17163"),
        ("Saline", "17165"),
        ("Sangamon", "17167"),
        ("Will", "17197"),
        ("Winnebago", "17201"),
        ("Woodford", "17203"),
    ],
)
def test_federal_codes_of_counties(name: str, fips: str):
    assert COUNTIES[name] == fips


def test_every_county_lies_in_exactly_one_area():
    placed = [county for area in AREAS for county in area.counties]
    assert len(placed) == len(set(placed)) == 102
    assert set(placed) == set(COUNTIES)


def test_staff_account_with_a_password_from_the_environment(monkeypatch):
    monkeypatch.setenv("PORTAL_STAFF_PASSWORD", "four words make sense")
    call_command("bootstrap", email="Staff@Example.org")
    user = User.objects.get()
    assert (user.email, user.is_staff, user.is_superuser) == ("staff@example.org", True, True)
    assert user.check_password("four words make sense")
    assert EmailAddress.objects.get(user=user).verified


def test_staff_account_without_a_password_says_how_to_set_one(capsys):
    call_command("bootstrap", email="staff@example.org")
    assert not User.objects.get().has_usable_password()
    assert authenticate(email="staff@example.org", password="") is None
    assert "/accounts/password/reset/" in capsys.readouterr().out


def test_weak_password_makes_no_account(monkeypatch):
    monkeypatch.setenv("PORTAL_STAFF_PASSWORD", "password")
    with pytest.raises(CommandError, match="too weak"):
        call_command("bootstrap", email="staff@example.org")
    assert not User.objects.exists()


def test_wrong_address_is_refused_before_anything_is_written():
    with pytest.raises(CommandError, match="not an e-mail address"):
        call_command("bootstrap", email="nobody")
    assert not Area.objects.exists()


def test_sample_address_of_the_coalition_is_pointed_out(capsys):
    call_command("bootstrap")
    assert SAMPLE_EMAIL in capsys.readouterr().out
    Coalition.objects.update(email="office@example.org")
    call_command("bootstrap")
    assert SAMPLE_EMAIL not in capsys.readouterr().out


def test_words_put_solutions_first():
    call_command("bootstrap")
    words = repr(_everything()).lower()
    assert not [word for word in BANNED if word in words]
