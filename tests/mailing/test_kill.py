"""A real worker, killed while it sends over a real wire. `make faults` does this and much more, on a larger scale."""

from dataclasses import replace

import pytest

from bench import fault_run
from bench.fault_workers import WORKER_FAULTS


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_costs_no_message_and_makes_none_twice(tmp_path, monkeypatch):
    monkeypatch.setattr(fault_run, "LEASE_SECONDS", 2)
    outcome = fault_run.disturb(replace(WORKER_FAULTS["kill -9"], times=1, people=300), folder=tmp_path)
    assert outcome.faults == 1
    assert outcome.finished
    assert (outcome.twice, outcome.untrue, outcome.forgotten) == (0, 0, 0)
    assert outcome.accepted + outcome.unknown == 300
    assert outcome.unknown <= fault_run.PROCESSES * fault_run.WINDOW
