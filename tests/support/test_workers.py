"""How processes share the tests."""

import pytest

from tests.support.server import ROOT, free_port, own_share
from tests.support.workers import JOURNEYS, LONGEST_JOURNEYS


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_port_belongs_to_one_worker(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Every port belongs to exactly one worker, and each worker finds some."""
    monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", str(count))
    taken: list[int] = []
    for number in range(count):
        monkeypatch.setenv("PYTEST_XDIST_WORKER", f"gw{number}")
        ours = [port for port in range(1024, 65_536) if own_share(port)]
        assert {port % 2 for port in ours} == {0, 1}  # Linux hands out ports of one kind first to those who listen
        assert free_port() in ours
        taken += ours
    assert sorted(taken) == list(range(1024, 65_536))


def test_the_longest_journeys_exist() -> None:
    """A journey that is renamed keeps its place at the beginning."""
    assert {name for name in LONGEST_JOURNEYS if not (ROOT / JOURNEYS / name).exists()} == set()
