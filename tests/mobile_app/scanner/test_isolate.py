"""Worker processes: the same results, working limits, and no harm to other callers."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from mobile_app.scanner import scan_image
from mobile_app.scanner.decode import Trace
from mobile_app.scanner.engines.decoders import load_engine
from mobile_app.scanner.engines.isolate import Overrun, WorkerPool, pool
from tests.mobile_app.scanner.pictures import LINK, draw, encode, scene


@pytest.fixture
def workers() -> Iterator[WorkerPool]:
    """A separate pool, closed afterwards."""
    pool = WorkerPool(size=2)
    yield pool
    pool.close()


PATIENT_SECONDS = 30.0  # no served caller waits this long, even on the slowest machine


@pytest.fixture
def single() -> Iterator[WorkerPool]:
    """A pool with one process, which is running."""
    pool = WorkerPool(size=1)
    pool.read("zbar", draw())
    yield pool
    pool.close()


@contextmanager
def _callers(workers: WorkerPool, *contents: str) -> Iterator[list[Future[str | None]]]:
    """Stop the only process during its work while several callers, one after another, ask for it."""
    (process_id,) = workers.process_ids()
    os.kill(process_id, signal.SIGSTOP)
    with ThreadPoolExecutor(len(contents)) as threads:
        asked = []
        for content in contents:
            asked.append(threads.submit(_ask, workers, content))
            time.sleep(0.1)  # so that they arrive in this order
        yield asked


def _ask(workers: WorkerPool, content: str) -> str | None:
    return workers.read("zbar", draw(content), seconds=PATIENT_SECONDS)[0].text


@pytest.mark.parametrize("name", ["zbar", "opencv"])
def test_a_worker_reads_what_the_engine_reads(workers: WorkerPool, name: str) -> None:
    """A symbol stays the same across the process boundary."""
    engine = load_engine(name)
    assert engine is not None
    assert workers.read(name, draw()) == engine.read(draw())


def test_a_worker_that_overruns_is_killed_and_replaced(workers: WorkerPool) -> None:
    """A picture that takes too long raises Overrun in time, and the next picture is read."""
    workers.read("zbar", draw())
    before = workers.process_ids()
    huge = np.random.default_rng(1).integers(0, 255, (6000, 6000), dtype=np.uint8)
    began = time.perf_counter()
    with pytest.raises(Overrun):
        workers.read("opencv", huge, seconds=0.2)
    assert time.perf_counter() - began < 8  # the whole search would take longer
    assert set(workers.process_ids()).isdisjoint(before)
    assert workers.read("zbar", draw())[0].text == LINK


def test_a_worker_that_died_is_replaced(workers: WorkerPool) -> None:
    """If a worker is killed between pictures, the next caller only waits for a new one to start."""
    workers.read("zbar", draw())
    (process_id,) = workers.process_ids()
    os.kill(process_id, signal.SIGKILL)
    time.sleep(0.1)
    assert workers.read("zbar", draw())[0].text == LINK


def test_waiting_callers_are_served_when_a_busy_worker_is_killed(single: WorkerPool) -> None:
    """If a busy worker is killed, one caller loses its answer; a new worker answers the waiting callers."""
    before = single.process_ids()
    with _callers(single, "first", "second", "third") as (first, second, third):
        os.kill(before[0], signal.SIGKILL)
        with pytest.raises(Overrun):
            first.result()
        assert (second.result(), third.result()) == ("second", "third")
    assert set(single.process_ids()).isdisjoint(before)


def test_a_worker_that_hangs_is_killed_and_the_next_caller_served(single: WorkerPool) -> None:
    """A worker that does not answer in time is killed; a new one answers the waiting caller."""
    (process_id,) = single.process_ids()
    os.kill(process_id, signal.SIGSTOP)
    with ThreadPoolExecutor(2) as threads:
        hanging = threads.submit(single.read, "zbar", draw(), seconds=0.5)
        time.sleep(0.1)
        waiting = threads.submit(_ask, single, "patient")
        with pytest.raises(Overrun):
            hanging.result()
        assert waiting.result() == "patient"
    with pytest.raises(ProcessLookupError):
        os.kill(process_id, 0)


def test_callers_are_served_in_the_order_they_came(single: WorkerPool) -> None:
    """No caller overtakes another while they wait for a worker."""
    order: list[str | None] = []
    with _callers(single, *"abcdef") as asked:
        for answer in asked:
            answer.add_done_callback(lambda done: order.append(done.result()))
        os.kill(single.process_ids()[0], signal.SIGCONT)
    assert order == list("abcdef")


def test_closing_wakes_waiting_callers(single: WorkerPool) -> None:
    """Closing the pool ends its calls with Overrun immediately; the next call starts a new process."""
    with _callers(single, "reading", "waiting") as asked:
        began = time.monotonic()
        single.close()
        for answer in asked:
            with pytest.raises(Overrun):
                answer.result()
        assert time.monotonic() - began < PATIENT_SECONDS / 2
    assert single.process_ids() == []
    assert _ask(single, "again") == "again"


def test_a_worker_closed_before_it_is_asked_is_an_overrun(single: WorkerPool) -> None:
    """If the pool closes after a caller got a worker and before it asks, the caller gets Overrun."""
    worker = single._borrow(PATIENT_SECONDS)
    single.close()
    with pytest.raises(Overrun):
        worker.read("zbar", draw(), False, PATIENT_SECONDS)
    single._discard(worker)
    assert _ask(single, "again") == "again"


def test_a_process_that_cannot_start_is_an_overrun(workers: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    """If no process can start, the caller gets Overrun, and a later call tries again."""
    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", "/nonexistent/python")
        workers.warm()
        with pytest.raises(Overrun):
            workers.read("zbar", draw())
    assert workers.read("zbar", draw())[0].text == LINK


def test_the_start_of_a_worker_does_not_count_against_the_budget(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A program's first picture gets every attempt, however long its worker takes to start."""
    slow = tmp_path / "python"
    slow.write_text(f'#!/bin/sh\nsleep 4\nexec {sys.executable} "$@"\n')
    slow.chmod(0o755)
    pool().close()
    trace: Trace = []
    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", str(slow))
        scan_image(encode(np.full((99, 99), 200, np.uint8)), budget_ms=3000, trace=trace)
    assert {"zbar", "opencv"} <= {entry.engine for entry in trace}
    assert [entry.note for entry in trace if entry.note] == []


def test_a_picture_beyond_the_memory_limit_kills_only_its_worker(workers: WorkerPool) -> None:
    """A decoder that exceeds its memory limit dies; the next picture is read."""
    with pytest.raises(Overrun, match="died"):
        workers.read("zbar", np.full((14_000, 14_000), 255, np.uint8), seconds=PATIENT_SECONDS)
    assert workers.process_ids() == []
    assert workers.read("zbar", draw())[0].text == LINK


def test_concurrent_callers_share_a_small_pool(workers: WorkerPool) -> None:
    """Eight concurrent callers each get their own answer, from at most two processes."""
    answers: dict[int, str | None] = {}

    def ask(number: int) -> None:
        answers[number] = workers.read("zbar", draw(f"caller {number}"), seconds=20)[0].text

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: f"caller {number}" for number in range(8)}
    assert len(workers.process_ids()) <= 2


def test_a_worker_sees_no_secrets_and_has_a_memory_limit(workers: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker does not inherit the environment, and its memory is limited."""
    monkeypatch.setenv("A_SECRET", "hidden")
    workers.read("zbar", draw())
    (process_id,) = workers.process_ids()
    with open(f"/proc/{process_id}/environ", "rb") as environment:  # noqa: PTH123 - a kernel file
        assert b"A_SECRET" not in environment.read()
    with open(f"/proc/{process_id}/limits", encoding="ascii") as limits:  # noqa: PTH123 - a kernel file
        assert any(line.startswith("Max address space") and "unlimited" not in line for line in limits)


def test_no_process_outlives_its_parent() -> None:
    """When the program ends, so do its workers."""
    program = (
        "import sys, numpy as np\n"
        "from mobile_app.scanner.engines.isolate import pool\n"
        "pool().read('zbar', np.zeros((50, 50), np.uint8))\n"
        "print(*pool().process_ids())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=True)
    (process_id,) = map(int, done.stdout.split())
    with pytest.raises(ProcessLookupError):
        os.kill(process_id, 0)


def test_no_engine_reads_a_scene(workers: WorkerPool) -> None:
    """No engine makes up a code."""
    for name in ("zbar", "opencv"):
        assert [symbol for symbol in workers.read(name, scene()) if symbol.text] == []
