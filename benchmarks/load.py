"""Send a bounded HTTP load: a number of keep-alive connections, each sending one request after another.

It runs in its own process and does as little as possible per request, so that it measures the server,
not the client.
"""

import asyncio
import multiprocessing
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, cast

import uvloop

HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"


Talk = Generator[bytes, bytes, None]  # yields requests and receives the bodies of their answers


class Dialogue(Protocol):
    """Several requests that depend on each other's answers, counted and timed as one. It must pickle."""

    def __call__(self) -> Talk:
        """Start the dialogue."""
        ...


@dataclass(slots=True)
class Load:
    """What to send: the requests or dialogues one after another, or a single one repeatedly."""

    port: int
    requests: Sequence[bytes | Dialogue]
    connections: int
    seconds: float
    keep_bodies: bool = False


@dataclass(slots=True)
class Result:
    """The answers. `answered` has positions in `Load.requests`, with the bodies if `keep_bodies` is set."""

    count: int = 0
    seconds: float = 0.0
    latencies_ms: list[float] = field(default_factory=list)
    answered: list[tuple[int, bytes]] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Answers per second."""
        return self.count / self.seconds

    def percentile_ms(self, percent: float) -> float:
        """Return a percentile of the response time."""
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def request(method: str, path: str, token: str = "", body: bytes = b"") -> bytes:
    """Return a request as bytes on the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"Authorization: Bearer {token}"] if token else []
    lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join([*lines, "", ""]).encode() + body


def _talk(one: bytes | Dialogue) -> Talk:
    if isinstance(one, bytes):
        yield one
    else:
        yield from one()


class _Connection(asyncio.Protocol):
    def __init__(
        self, work: Iterator[tuple[int, bytes | Dialogue]], result: Result, keep: bool, over: "asyncio.Future[None]"
    ):
        self._work, self._result, self._keep, self.over = work, result, keep, over
        self._buffer = b""
        self._index, self._started_at = 0, 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's class does not inherit from it
        self._next()

    def _next(self) -> None:
        following = next(self._work, None)
        if following is None:
            self._transport.close()
            return
        self._index, one = following
        self._talk = _talk(one)
        self._started_at = time.perf_counter()
        self._transport.write(next(self._talk))

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        head, found, body = self._buffer.partition(HEAD_END)
        if not found:
            return
        start = head.lower().find(LENGTH)
        length = int(head[start + len(LENGTH) :].split(b"\r", 1)[0]) if start >= 0 else 0
        if len(body) < length:
            return
        if not head.startswith(b"HTTP/1.1 2"):
            self.over.set_exception(RuntimeError(f"{head!r} {body!r}"))
            return
        self._buffer = b""
        try:
            self._transport.write(self._talk.send(body))
        except StopIteration:
            self._result.count += 1
            self._result.latencies_ms.append((time.perf_counter() - self._started_at) * 1000)
            if self._keep:
                self._result.answered.append((self._index, body))
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.over.done():
            self.over.set_result(None)


def _same(connection: _Connection) -> _Connection:
    return connection


async def _run(load: Load) -> Result:
    loop = asyncio.get_running_loop()
    result = Result()
    started = loop.time()

    def work() -> Iterator[tuple[int, bytes | Dialogue]]:
        index, again = 0, len(load.requests) == 1
        while loop.time() - started < load.seconds and (again or index < len(load.requests)):
            yield index, load.requests[0 if again else index]
            index += 1

    endless = work()
    ends = [loop.create_future() for _ in range(load.connections)]
    for over in ends:
        connection = _Connection(endless, result, load.keep_bodies, over)
        await loop.create_connection(partial(_same, connection), "127.0.0.1", load.port)
    await asyncio.gather(*ends)
    result.seconds = loop.time() - started
    return result


def _in_process(load: Load) -> Result:
    return uvloop.run(_run(load))


def run(load: Load) -> Result:
    """Send the load from a new process; raise RuntimeError at the first answer that is not a success."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_in_process, (load,))
