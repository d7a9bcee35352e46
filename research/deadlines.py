"""A limit for a whole conversation with another site: one that sends a byte now and then keeps nobody waiting.

A client's own timeout begins anew with every byte. Here each wait is cut to what is left until the deadline.
"""

import ssl
from collections.abc import Callable, Iterable
from typing import Any

import httpcore
import httpx


class Deadline:
    """Until when the conversation under way must be over, by the given clock."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._end = float("inf")

    def begin(self, seconds: float) -> None:
        self._end = self._clock() + seconds

    def left(self, timeout: float | None, late: type[Exception]) -> float:
        """How long one may wait now; raises `late` when it is over."""
        left = self._end - self._clock()
        if left <= 0:
            raise late("the deadline is over")
        return left if timeout is None else min(left, timeout)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout, httpcore.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        self._stream.close()


class _Network(httpcore.SyncBackend):
    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        stream = super().connect_tcp(host, port, left, local_address, socket_options)
        return _Stream(stream, self._deadline)


class DeadlineTransport(httpx.HTTPTransport):
    """Like httpx's own, each wait within the deadline. Nothing of the machine's own surroundings is heeded."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__(trust_env=False)
        self._pool.close()
        # httpx has no way to hand in the network; the pool is httpcore's public one.
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False), network_backend=_Network(deadline)
        )
