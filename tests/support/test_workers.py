"""How several processes share the tests."""

from pathlib import Path

import pytest

from tests.support.server import free_port, own_share
from tests.support.workers import LONGEST_JOURNEYS, SLOW

TESTS = Path(__file__).parents[1]


def test_the_lists_name_files_that_exist() -> None:
    """The lists of slow files contain only files that exist."""
    assert [name for name in SLOW if not (TESTS / name).exists()] == []
    assert [name for name in LONGEST_JOURNEYS if not (TESTS / "journeys" / name).exists()] == []


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_port_belongs_to_one_worker(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Every port belongs to exactly one worker, and each worker finds a free one."""
    monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", str(count))
    taken: list[int] = []
    for number in range(count):
        monkeypatch.setenv("PYTEST_XDIST_WORKER", f"gw{number}")
        ours = [port for port in range(1024, 65_536) if own_share(port)]
        assert {port % 2 for port in ours} == {0, 1}  # Linux prefers even or odd ports for listening
        assert free_port() in ours
        taken += ours
    assert sorted(taken) == list(range(1024, 65_536))
