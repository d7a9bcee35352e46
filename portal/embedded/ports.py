"""Finds TCP ports of this machine that nobody listens on."""

import socket
from contextlib import closing

LOOPBACK = "127.0.0.1"


def _can_listen(family: socket.AddressFamily, address: str, port: int) -> bool:
    """Whether a server could bind `port` right now."""
    try:
        probe = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        return True  # No such address family here, so nobody is in the way.
    with closing(probe):
        # Servers set this too; without it a port whose last visitors just left would count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
            probe.listen(1)
        except PermissionError:
            return False
        except OSError as error:
            # A machine without IPv6 cannot assign ::1; that takes nothing from us.
            return family == socket.AF_INET6 and not _someone_answers(address, port, error)
    return True


def _someone_answers(address: str, port: int, error: OSError) -> bool:
    """Tells a taken IPv6 port from a machine that has no IPv6 loopback."""
    with closing(socket.socket(socket.AF_INET6, socket.SOCK_STREAM)) as caller:
        caller.settimeout(0.5)
        return caller.connect_ex((address, port)) == 0


def is_free(port: int) -> bool:
    """True when neither the IPv4 nor the IPv6 loopback address has a listener on `port`.

    Browsers try ::1 first for "localhost", so a listener there would get our visitors.
    """
    return _can_listen(socket.AF_INET, LOOPBACK, port) and _can_listen(socket.AF_INET6, "::1", port)


def next_free(first: int, *, tries: int = 200) -> int:
    """The first free port from `first` upward; OSError when there is none among `tries`."""
    for port in range(first, min(first + tries, 65536)):
        if is_free(port):
            return port
    raise OSError(f"No free port between {first} and {min(first + tries, 65536) - 1}.")


def any_free() -> int:
    """A free port that the system chooses."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
