"""After a restored backup nothing goes out by itself."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from mailing.models import Mailing
from mailing.services import resume_mailing
from mailing.services.pumping import pump
from tests.mailing.helpers import make_mailing

pytestmark = pytest.mark.django_db


def test_everything_under_way_is_held_until_staff_resume_it(capsys):
    held = make_mailing(to=["a@people.example"])
    call_command("pause_mail")
    held.refresh_from_db()
    assert held.state == Mailing.State.PAUSED
    assert pump(now=timezone.now()) == 0
    assert "1 mailings paused" in capsys.readouterr().out
    assert resume_mailing(mailing=held).state != Mailing.State.PAUSED
