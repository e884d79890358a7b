"""Hostile files: a small, seeded part of `benchmarks/scanner/fuzz.py`."""

import time

import numpy as np

from benchmarks.scanner.fuzz import attack, seeds
from mobile_app.scanner import scan_image
from tests.mobile_app.scanner.pictures import PATIENCE_MS, encode


def test_damaged_files_end_in_a_code_or_a_clear_refusal() -> None:
    """Damaged files of every format neither crash nor hang the scanner, nor yield a text that was never there."""
    outcome = attack(400, seed=2)
    assert sum(outcome.results.values()) == 400
    assert outcome.results["read"] > 10
    assert outcome.wrong == []
    assert outcome.slowest_ms < 5000


def test_every_whole_file_is_read() -> None:
    """The files are readable before the attack damages them."""
    assert [len(scan_image(data, budget_ms=PATIENCE_MS)) for data in seeds()] == [1] * len(seeds())


def test_noise_keeps_to_its_time() -> None:
    """The search of a large picture of noise, several engines' worst case, ends soon after its budget."""
    noise = np.random.default_rng(1).integers(0, 256, (2400, 3200), dtype=np.uint8)
    data = encode(noise, "PNG", compress_level=1)
    began = time.perf_counter()
    assert scan_image(data, budget_ms=300) == []
    assert time.perf_counter() - began < 6
