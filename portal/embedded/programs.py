"""How the portal's own processes are started, and how to ask the web server whether it answers."""

import http.client

from portal.embedded import ports


def web(port: int) -> list[str]:
    """The web server, as the production image starts it."""
    return [
        *("granian", "--interface", "wsgi", "--host", ports.LOOPBACK, "--port", str(port)),
        *("--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"),
        # One process that dies is replaced while the others go on answering.
        *("--respawn-failed-workers", "--respawn-interval", "0.5"),
        "portal.wsgi:application",
    ]


def workers() -> dict[str, list[str]]:
    """Celery: one worker for what people wait for, one for what takes minutes, one for bulk mail, and the clock."""
    quiet = ("--without-gossip", "--without-mingle", "--loglevel", "info")
    celery = ("celery", "-A", "portal")
    return {
        "worker": [*celery, "worker", "-Q", "default", "-c", "2", "-n", "default@%h", *quiet],
        "worker-background": [
            *(*celery, "worker", "-Q", "background", "-c", "1", "-n", "background@%h", *quiet),
        ],
        "worker-bulk": [*celery, "worker", "-Q", "bulk", "-c", "2", "-n", "bulk@%h", *quiet],
        "beat": [*celery, "beat", "--loglevel", "info", "--pidfile="],
    }


def http_status(port: int) -> int:
    """What /health/live/ answers; 0 while nobody does."""
    caller = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=10)
    try:
        caller.request("GET", "/health/live/", headers={"Host": f"localhost:{port}"})
        return caller.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        caller.close()
