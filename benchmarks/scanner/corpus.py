"""A seeded corpus of QR codes with 22 kinds of trouble. Every picture is drawn; none is loaded.

A picture is a scene, a code placed in it in perspective, and one kind of trouble. The trouble grows from the first
picture of its kind to the last. The same seed gives the same bytes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.scanner import trouble_code as code
from benchmarks.scanner import trouble_shot as shot
from benchmarks.scanner.drawing import Gray, Random

Made = tuple[Gray, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture: its kind, its number within the kind, its pixels, and the texts of its codes."""

    kind: str
    number: int
    gray: Gray
    texts: tuple[str, ...]


def corpus(per_kind: int = 12, seed: int = 20_260) -> Iterator[Sample]:
    """Yield `per_kind` pictures of every kind, then as many without a code (`nothing`)."""
    for index, (kind, make) in enumerate(KINDS.items()):
        for number in range(per_kind):
            random = np.random.default_rng((seed, index, number))
            strength = (number + 0.5) / per_kind
            gray, texts = make(random, strength)
            yield Sample(kind, number, gray, texts)


KINDS: dict[str, Callable[[Random, float], Made]] = {
    "clean": shot.clean,
    "rotation": shot.rotation,
    "perspective": shot.perspective,
    "motion": shot.motion,
    "defocus": shot.defocus,
    "low light": shot.low_light,
    "jpeg": shot.jpeg,
    "moire": shot.moire,
    "glare": shot.glare,
    "logo": code.logo,
    "damage": code.damage,
    "torn finder": code.torn_finder,
    "inverted": code.inverted,
    "low contrast": code.low_contrast,
    "tiny": code.tiny,
    "huge": code.huge,
    "two": code.two,
    "stylised": code.stylised,
    "curved": code.curved,
    "no quiet zone": code.no_quiet_zone,
    "shadow": shot.shadow,
    "webcam": shot.webcam,
    "nothing": shot.nothing,
}
