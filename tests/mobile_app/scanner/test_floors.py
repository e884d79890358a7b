"""What is read of the seeded corpus, kind by kind: exact counts, so that a loss and a gain are both seen."""

from collections import Counter

import pytest

from benchmarks.scanner_corpus import KINDS, Sample, corpus
from mobile_app.scanner.decode import Clock, search
from mobile_app.scanner.preprocess import View, scaling

PER_KIND = 2
MISSED = {"curved": 1}


@pytest.fixture(scope="module")
def results() -> list[tuple[Sample, set[str]]]:
    """The texts read from every picture, with time enough that the machine's load does not matter."""
    return [
        (sample, {code.text for code in search(View(sample.gray, scaling(1, 1)), Clock(20_000))})
        for sample in corpus(PER_KIND)
    ]


def test_floors(results: list[tuple[Sample, set[str]]]) -> None:
    """Of every kind of trouble exactly as many pictures are read as before, all codes of each."""
    read = Counter(sample.kind for sample, texts in results if sample.texts and texts >= set(sample.texts))
    assert {kind: PER_KIND - read[kind] for kind in KINDS if kind != "nothing" and read[kind] < PER_KIND} == MISSED


def test_nothing_is_made_up(results: list[tuple[Sample, set[str]]]) -> None:
    """No text is returned that is not in the picture, and none where there is no code."""
    assert [texts - set(sample.texts) for sample, texts in results if texts - set(sample.texts)] == []
