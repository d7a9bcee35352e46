"""A real worker, killed while it sends over a real wire. `make faults` does the same on a larger scale."""

import pytest

from bench import faults


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_costs_no_message_and_makes_none_twice(tmp_path, settings, monkeypatch):
    monkeypatch.setattr(faults, "LEASE_SECONDS", 2)
    outcome = faults.disturb(faults.kills, 1, people=300, folder=tmp_path)
    assert outcome.finished
    assert (outcome.twice, outcome.untrue, outcome.forgotten) == (0, 0, 0)
    assert outcome.accepted + outcome.unknown == 300
    assert outcome.unknown <= faults.PROCESSES * faults.WINDOW
