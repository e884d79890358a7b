"""How many pictures of the seeded corpus are read, by kind. Counts are exact, to notice losses and gains."""

from collections import Counter

import pytest

from benchmarks.scanner.corpus import KINDS, Sample, corpus
from mobile_app.scanner.decode import Clock, search
from mobile_app.scanner.preprocess import View, scaling

PER_KIND = 2
MISSED = {"curved": 1}


@pytest.fixture(scope="module")
def results() -> list[tuple[Sample, set[str]]]:
    """The texts read from every picture, with enough time that the machine's load does not matter."""
    return [
        (sample, {code.text for code in search(View(sample.gray, scaling(1, 1)), Clock(20_000))})
        for sample in corpus(PER_KIND)
    ]


def test_floors(results: list[tuple[Sample, set[str]]]) -> None:
    """For each kind of difficulty, the scanner reads all codes in exactly as many pictures as before."""
    read = Counter(sample.kind for sample, texts in results if sample.texts and texts >= set(sample.texts))
    assert {kind: PER_KIND - read[kind] for kind in KINDS if kind != "nothing" and read[kind] < PER_KIND} == MISSED


def test_nothing_is_made_up(results: list[tuple[Sample, set[str]]]) -> None:
    """The scanner returns no text that is not in the picture, and none if there is no code."""
    assert [texts - set(sample.texts) for sample, texts in results if texts - set(sample.texts)] == []
