"""Run engines that may hang or crash on a hostile picture in a small pool of processes that can be killed.

ZBar and OpenCV need this. zxing-cpp withstood every test picture and stays in process. Where no process can be
started (on a phone, in a frozen desktop build), all of them run in process.
"""

import atexit
import contextlib
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import Final

from mobile_app.scanner.engines.decoders import Engine, Symbol, load_engine
from mobile_app.scanner.engines.exchange import from_json
from mobile_app.scanner.image import Gray

POOL_SIZE: Final = min(2, os.cpu_count() or 1)
OVERRUN_SECONDS: Final = 2.0  # wall clock time for one picture; the slowest harmless one took 0.4 s
_START_SECONDS: Final = 20.0
_ANSWER_BYTES_AT_MOST: Final = 4 * 1024 * 1024
_ISOLATED: Final = ("zbar", "opencv")


class Overrun(Exception):
    """The engine did not read this picture: it took too long, died, or no process was free."""


class _Worker:
    """One process. It starts immediately; its first use waits until it is ready."""

    def __init__(self) -> None:
        # Pass no secrets or proxies from the parent's environment, only where Python finds its modules.
        root = str(Path(__file__).resolve().parents[3])
        environment = {"PYTHONPATH": os.pathsep.join([root, *sys.path]), "LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "1"}
        if "LD_LIBRARY_PATH" in os.environ:
            environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
        self._process = subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
            [sys.executable, "-m", "mobile_app.scanner.engines.worker", *_ISOLATED],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            bufsize=0,
        )
        self.process_id = self._process.pid
        self._is_ready = False

    def is_dead(self) -> bool:
        return self._process.poll() is not None

    def wait_until_ready(self) -> None:
        if not self._is_ready:
            self._receive(time.monotonic() + _START_SECONDS)
            self._is_ready = True

    def read(self, name: str, gray: Gray, rescue: bool, seconds: float) -> list[Symbol]:
        deadline = time.monotonic() + seconds
        height, width = gray.shape
        request = {"engine": name, "width": width, "height": height, "rescue": rescue}
        self._write(json.dumps(request).encode("ascii") + b"\n" + gray.tobytes(), deadline)
        try:
            return [from_json(fields) for fields in json.loads(self._receive(deadline))["symbols"]]
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise Overrun("the decoder's answer is invalid") from error

    def _write(self, data: bytes, deadline: float) -> None:
        assert self._process.stdin is not None
        os.set_blocking(self._process.stdin.fileno(), False)
        left = memoryview(data)
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdin, selectors.EVENT_WRITE)
            while left:
                if not selector.select(max(0, deadline - time.monotonic())):
                    raise Overrun("the decoder took too long")
                try:
                    left = left[os.write(self._process.stdin.fileno(), left) :]
                except BlockingIOError:
                    continue
                except OSError as error:
                    raise Overrun("the decoder died") from error

    def _receive(self, deadline: float) -> bytes:
        assert self._process.stdout is not None
        answer = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while not answer.endswith(b"\n"):
                if not selector.select(max(0, deadline - time.monotonic())):
                    raise Overrun("the decoder took too long")
                part = os.read(self._process.stdout.fileno(), 1 << 16)
                answer += part
                if not part or len(answer) > _ANSWER_BYTES_AT_MOST:
                    raise Overrun("the decoder died")
        return bytes(answer)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


class WorkerPool:
    """A few workers that all callers in this process share. Waiting callers are served in order."""

    def __init__(self, size: int = POOL_SIZE) -> None:
        self._size = size
        self._changed = threading.Condition()  # a worker came back, a place became free, or the pool was closed
        self._all: set[_Worker] = set()
        self._idle: list[_Worker] = []
        self._queue: deque[object] = deque()
        self._times_closed = 0
        self._was_warm = False

    def read(self, name: str, gray: Gray, *, rescue: bool = False, seconds: float = OVERRUN_SECONDS) -> list[Symbol]:
        """Return what engine `name` finds.

        Raises Overrun if no worker is free within `seconds`, or if the engine takes longer than `seconds` (not
        counting the start of its process), dies or is closed.
        """
        worker = self._borrow(seconds)
        try:
            worker.wait_until_ready()
            symbols = worker.read(name, gray, rescue, seconds)
        except BaseException:
            self._discard(worker)
            raise
        self._give_back(worker)
        return symbols

    def warm(self) -> None:
        """Start one process in the background, so that the first caller hardly has to wait."""
        with self._changed, contextlib.suppress(Overrun):
            if not self._all:
                self._idle.append(self._start())
                self._changed.notify_all()

    def wait_until_warm(self) -> None:
        """Wait until the first process is ready."""
        if self._was_warm:
            return
        worker = self._borrow(_START_SECONDS)
        try:
            worker.wait_until_ready()
        except BaseException:
            self._discard(worker)
            raise
        self._was_warm = True
        self._give_back(worker)

    def close(self) -> None:
        """End every process and every call that waits for one. A later `read` starts a new process."""
        with self._changed:
            workers, idle = self._all, self._idle
            self._all, self._idle = set(), []
            self._times_closed += 1
            self._was_warm = False
            self._changed.notify_all()
        for worker in workers:
            worker.kill()  # keep its pipes open: closing one would not wake the thread that waits for it
        for worker in idle:
            worker.end()

    def process_ids(self) -> list[int]:
        """Return the ids of the living processes."""
        with self._changed:
            return [worker.process_id for worker in self._all]

    def _borrow(self, seconds: float) -> _Worker:
        ticket = object()
        with self._changed:
            times_closed = self._times_closed
            self._queue.append(ticket)
            try:
                self._changed.wait_for(lambda: self._times_closed > times_closed or self._is_due(ticket), seconds)
                if self._times_closed > times_closed:
                    raise Overrun("the decoders were closed")
                if not self._is_due(ticket):
                    raise Overrun("every decoder is busy")
                return self._living_idle() or self._start()
            finally:
                self._queue.remove(ticket)
                self._changed.notify_all()  # the next caller may be due too

    def _is_due(self, ticket: object) -> bool:
        return self._queue[0] is ticket and (bool(self._idle) or len(self._all) < self._size)

    def _living_idle(self) -> _Worker | None:
        while self._idle:
            worker = self._idle.pop()
            if not worker.is_dead():
                return worker
            self._all.discard(worker)  # it was killed from outside while idle, so this picture is not to blame
            worker.end()
        return None

    def _start(self) -> _Worker:
        try:
            worker = _Worker()
        except OSError as error:  # the system is out of processes or memory
            raise Overrun("no decoder could be started") from error
        self._all.add(worker)
        return worker

    def _give_back(self, worker: _Worker) -> None:
        with self._changed:
            if worker in self._all:
                self._idle.append(worker)
                self._changed.notify_all()
                return
        worker.end()  # the pool was closed in the meantime

    def _discard(self, worker: _Worker) -> None:
        worker.end()  # first, so that there are never more processes than places
        with self._changed:
            self._all.discard(worker)
            self._changed.notify_all()


class IsolatedEngine:
    """An engine in the pool, with the same protocol as the others."""

    def __init__(self, name: str) -> None:
        self.name = name

    def warm_up(self) -> float:
        """Wait for the first process to start, if necessary, and return how many milliseconds that took."""
        began = time.perf_counter()
        with contextlib.suppress(Overrun):  # `read` will report it
            pool().wait_until_warm()
        return (time.perf_counter() - began) * 1e3

    def read(self, gray: Gray, *, rescue: bool = False) -> list[Symbol]:
        """Return the symbols. Raises Overrun if the engine takes too long or dies."""
        return pool().read(self.name, gray, rescue=rescue)


_pool = WorkerPool()
_process_id = os.getpid()


def pool() -> WorkerPool:
    """Return this process's pool."""
    global _pool, _process_id
    if _process_id != os.getpid():
        _pool, _process_id = WorkerPool(), os.getpid()
    return _pool


def can_isolate() -> bool:
    """Return whether worker processes can be started here: on Linux and macOS, by a real Python interpreter.

    Phones cannot start processes, and in a frozen desktop build `sys.executable` is the app itself. Windows can neither
    wait for a pipe with a deadline nor limit memory this way.
    """
    is_python = Path(sys.executable or "").name.lower().startswith("python")
    return is_python and not getattr(sys, "frozen", False) and sys.platform in ("linux", "darwin")


def safe_engine(name: str) -> Engine | None:
    """Return engine `name` as the pipeline should use it: in a worker process if it needs one, or None if missing."""
    engine = load_engine(name)
    if engine is not None and name in _ISOLATED and can_isolate():
        return IsolatedEngine(name)
    return engine


def warm_workers() -> None:
    """Start a worker in the background, if this process uses any."""
    if can_isolate():
        pool().warm()


def _close_at_exit() -> None:
    if _process_id == os.getpid():
        _pool.close()


atexit.register(_close_at_exit)
