"""PostgreSQL and Redis from wheels: they start, end, keep what was committed, and leave nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from portal.embedded import ports
from portal.embedded.processes import StartFailed
from portal.embedded.services import EmbeddedServices

ROOT = Path(__file__).resolve().parents[2]


def wait_for(condition: Callable[[], bool], *, seconds: float = 15.0) -> bool:
    """Ask until `condition` holds; False when it does not within `seconds`."""
    import threading
    import time

    pause, give_up = threading.Event(), time.monotonic() + seconds
    while time.monotonic() < give_up:
        if condition():
            return True
        pause.wait(0.05)
    return condition()


def working_below(directory: Path) -> list[str]:
    """The processes whose working directory is in `directory`."""
    found = []
    for process in psutil.process_iter():
        try:
            if Path(process.cwd()).is_relative_to(directory) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Callable[[], tuple[subprocess.Popen, dict[str, str]]]]:
    """Starts `python -m portal.embedded services` on one directory; returns the process and the addresses."""
    started: list[subprocess.Popen] = []

    def start() -> tuple[subprocess.Popen, dict[str, str]]:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal.embedded", "services", "--dir", str(tmp_path / "data")],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process, json.loads(process.stdout.readline())

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


def test_a_temporary_pair_answers_and_leaves_nothing():
    with EmbeddedServices(test=True) as services:
        with psycopg.connect(services.database_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert redis.Redis.from_url(services.redis_url).ping()
        directory = services.directory
    assert not directory.exists()
    assert working_below(directory) == []


def test_redis_asks_for_the_password():
    with EmbeddedServices(test=True) as services:
        stranger = redis.Redis(port=services.redis.port)
        with pytest.raises(redis.AuthenticationError):
            stranger.ping()


def test_committed_rows_survive_a_killed_owner(keeper, tmp_path):
    owner, urls = keeper()
    with psycopg.connect(urls["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('here')")
    owner.kill()
    owner.wait(timeout=10)
    assert wait_for(lambda: working_below(tmp_path) == []), working_below(tmp_path)

    _owner, urls = keeper()
    with psycopg.connect(urls["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("here",)


def test_a_killed_postgres_recovers_at_the_same_address(tmp_path):
    with EmbeddedServices(tmp_path / "data") as services:
        with psycopg.connect(services.database_url) as connection:
            connection.execute("CREATE TABLE kept (word text)")
        address = services.database_url
        services.postgres.child.process.kill()
        services.postgres.child.process.wait(timeout=10)
        services.postgres.start()
        assert services.database_url == address
        with psycopg.connect(services.database_url) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_stale_lock_file_with_a_strangers_number_is_no_obstacle(tmp_path):
    with EmbeddedServices(tmp_path / "data") as services:
        data = services.postgres.data
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1700000000\n5432\n{data}\n\n0 0\nready\n")
    with (
        EmbeddedServices(tmp_path / "data") as services,
        psycopg.connect(services.database_url) as connection,
    ):
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_half_made_data_directory_is_made_anew(tmp_path):
    half_made = tmp_path / "data" / "postgres.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    with EmbeddedServices(tmp_path / "data", test=True) as services:
        assert (services.postgres.data / "global").is_dir()
    assert not half_made.exists()


def test_data_of_another_version_is_refused_in_words(tmp_path):
    data = tmp_path / "data" / "postgres"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("16\n")
    with pytest.raises(StartFailed, match="made by PostgreSQL 16"):
        EmbeddedServices(tmp_path / "data").start()


def test_one_directory_has_one_owner(tmp_path):
    with EmbeddedServices(tmp_path / "data", test=True) as services:
        with pytest.raises(StartFailed, match="Another process"):
            EmbeddedServices(tmp_path / "data", test=True).start()
        assert redis.Redis.from_url(services.redis_url).ping()


def test_a_path_too_long_for_a_socket_works(tmp_path):
    directory = tmp_path / ("x" * 100) / "Über uns"
    with EmbeddedServices(directory, test=True) as services:
        with psycopg.connect(services.database_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        socket_directory = services.postgres.socket_dir
    assert not socket_directory.exists()


def test_a_damaged_append_only_file_is_set_aside(tmp_path):
    words: list[str] = []
    with EmbeddedServices(tmp_path / "data") as services:
        redis.Redis.from_url(services.redis_url).set("a", "b")
    (tmp_path / "data" / "redis" / "appendonly.aof").write_bytes(b"this is no protocol\r\n" * 20)
    with EmbeddedServices(tmp_path / "data", say=words.append) as services:
        assert redis.Redis.from_url(services.redis_url).get("a") is None
    assert any("starts empty" in line for line in words)


def test_a_signal_ends_both_in_order(keeper, tmp_path):
    owner, _urls = keeper()
    owner.send_signal(signal.SIGTERM)
    assert owner.wait(timeout=30) == 0
    assert working_below(tmp_path) == []


@pytest.mark.parametrize(("family", "address"), [(socket.AF_INET, "0.0.0.0"), (socket.AF_INET, "127.0.0.1")])
def test_the_next_port_is_chosen_where_one_is_taken(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as other:
        other.bind((address, 0))
        other.listen()
        taken = other.getsockname()[1]
        assert not ports.is_free(taken)
        assert ports.next_free(taken) > taken


def test_a_listener_on_ipv6_alone_counts_too():
    try:
        other = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("This machine has no IPv6.")
    with other:
        assert not ports.is_free(other.getsockname()[1])
