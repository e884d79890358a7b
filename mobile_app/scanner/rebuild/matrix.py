"""Recover a symbol from modules that are more or less dark.

Decisions are soft: a codeword whose bits differ little from their surroundings counts as erased. The result is the
complete, clean symbol. Any engine can read it, so the engine handles character sets and the like.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mobile_app.scanner.image import Gray
from mobile_app.scanner.rebuild.reed_solomon import repair
from mobile_app.scanner.rebuild.symbology import (
    Modules,
    blocks,
    data_places,
    fixed_modules,
    format_places,
    format_words,
    mask,
    side_of,
)

Soft = NDArray[np.float32]  # (n, n): darkness of each module relative to its surroundings; dark is above 0

# Accept a repair only if noise would pass for one this rarely; a picture takes some hundred attempts.
_CHANCE_LOG10: Final = -9.0
_FORMATS_TRIED: Final = 2
_ERASED_SHARES: Final = (0.0, 0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class CleanSymbol:
    """A repaired symbol: its modules (1 dark), and the logarithm of the chance that it came from noise."""

    modules: Modules
    version: int
    chance_log10: float

    def draw(self, scale: int = 4) -> Gray:
        """Return the symbol black on white with its quiet zone, `scale` pixels a module."""
        pixels = np.where(np.pad(self.modules, 4) == 1, 0, 255).astype(np.uint8)
        return np.kron(pixels, np.ones((scale, scale), np.uint8))


def clean(soft: Soft, version: int) -> CleanSymbol | None:
    """Return the symbol of `version` that `soft` shows, or None."""
    places = data_places(version)
    for level, mask_number in _likely_formats(soft, version):
        flips = mask(version, mask_number)[places[:, 0], places[:, 1]]
        bits = soft[places[:, 0], places[:, 1]] * np.where(flips, -1, 1)
        repaired = _repair_all(bits.reshape(-1, 8), version, level)
        if repaired is not None:
            codewords, chance_log10 = repaired
            return CleanSymbol(_assemble(codewords, version, level, mask_number), version, chance_log10)
    return None


def _likely_formats(soft: Soft, version: int) -> Iterator[tuple[int, int]]:
    one, other = format_places(version)
    bits = soft[one[:, 0], one[:, 1]] + soft[other[:, 0], other[:, 1]]
    scores = (format_words().astype(np.float32) * 2 - 1) @ bits
    for value in np.argsort(-scores)[:_FORMATS_TRIED]:
        yield int(value) >> 3, int(value) & 7


def _repair_all(bits: Soft, version: int, level: int) -> tuple[NDArray[np.uint8], float] | None:
    codewords = np.packbits(bits > 0, axis=1)[:, 0]
    trust = np.abs(bits).min(axis=1)
    result = codewords.copy()
    chance_log10 = 0.0
    for block in blocks(version, level):
        places = np.array(block.places)
        repaired = _repair_block(codewords[places], trust[places], len(places) - block.data_count)
        if repaired is None:
            return None
        result[places], log10 = repaired
        chance_log10 += log10
    return (result, chance_log10) if chance_log10 <= _CHANCE_LOG10 else None


def _repair_block(received: NDArray[np.uint8], trust: Soft, checks: int) -> tuple[list[int], float] | None:
    """Erase no codeword, then more and more of the least trusted ones (generalised minimum distance decoding)."""
    doubtful = np.argsort(trust)
    word = [int(codeword) for codeword in received]
    for share in _ERASED_SHARES:
        erased = [int(i) for i in doubtful[: int(share * checks)]]
        repaired = repair(word, checks, erased)
        if repaired is not None:
            log10 = _chance_log10(len(word), checks, len(erased), repaired[1])
            if log10 <= _CHANCE_LOG10 / 3:
                return repaired[0], log10
    return None


def _chance_log10(size: int, checks: int, erased: int, errors: int) -> float:
    """Return the logarithm of the chance that a random word lies within `errors` of a codeword (spheres / space)."""
    spheres = math.log10(math.comb(size - erased, errors)) + errors * math.log10(255)
    return spheres - (checks - erased) * math.log10(256)


def _assemble(codewords: NDArray[np.uint8], version: int, level: int, mask_number: int) -> Modules:
    modules = fixed_modules(version).copy()
    word = format_words()[level << 3 | mask_number]
    for copy in format_places(version):
        modules[copy[:, 0], copy[:, 1]] = word
    modules[side_of(version) - 8, 8] = 1
    places = data_places(version)
    flips = mask(version, mask_number)[places[:, 0], places[:, 1]]
    modules[places[:, 0], places[:, 1]] = np.unpackbits(codewords) ^ flips
    # Remainder bits (0 to 7, ISO/IEC 18004 table 1) carry nothing.
    return np.where(modules < 0, mask(version, mask_number), modules).astype(np.int8)
