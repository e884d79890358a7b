"""The layout of a QR symbol (ISO/IEC 18004): its fixed modules, the places of its codewords, its masks."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from qrcode.base import rs_blocks
from qrcode.util import BCH_type_info, BCH_type_number, pattern_position

Modules = NDArray[np.int8]  # (n, n): 1 dark, 0 light, -1 unknown
LEVELS: Final = (1, 0, 3, 2)  # L, M, Q, H, as the two bits of the format information
_FINDER: Final = np.array(
    [[1] * 7, [1, 0, 0, 0, 0, 0, 1], *[[1, 0, 1, 1, 1, 0, 1]] * 3, [1, 0, 0, 0, 0, 0, 1], [1] * 7], np.int8
)


@dataclass(frozen=True, slots=True)
class Block:
    """One Reed-Solomon block: the places of its codewords in the symbol's sequence, and how many of them are data."""

    places: tuple[int, ...]
    data_count: int


def side_of(version: int) -> int:
    """Return the number of modules on a side of a symbol of `version` 1 to 40."""
    return 17 + 4 * version


@cache
def fixed_modules(version: int) -> Modules:
    """Return the modules that are the same in every symbol of `version`; -1 for data and format bits."""
    n = side_of(version)
    modules = np.full((n, n), -1, np.int8)
    modules[6, :] = modules[:, 6] = np.arange(n) % 2 == 0
    for row, column in ((0, 0), (0, n - 7), (n - 7, 0)):
        top, left = max(0, row - 1), max(0, column - 1)
        modules[top : row + 8, left : column + 8] = 0
        modules[row : row + 7, column : column + 7] = _FINDER
    centres = pattern_position(version)
    for y in centres:
        for x in centres:
            if (y, x) not in ((6, 6), (6, n - 7), (n - 7, 6)):
                modules[y - 2 : y + 3, x - 2 : x + 3] = 1
                modules[y - 1 : y + 2, x - 1 : x + 2] = 0
                modules[y, x] = 1
    modules[n - 8, 8] = 1
    if version >= 7:
        bits = BCH_type_number(version)
        for i in range(18):
            modules[i // 3, n - 11 + i % 3] = modules[n - 11 + i % 3, i // 3] = bits >> i & 1
    return modules


@cache
def format_places(version: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the (15, 2) places of both copies of the format information, least significant bit first."""
    n = side_of(version)
    one = [(i if i < 6 else i + 1, 8) for i in range(8)] + [(8, 7)] + [(8, 14 - i) for i in range(9, 15)]
    other = [(8, n - 1 - i) for i in range(8)] + [(n - 15 + i, 8) for i in range(8, 15)]
    return np.array(one), np.array(other)


@cache
def format_words() -> NDArray[np.int8]:
    """Return the 32 format words as (32, 15) bits, least significant first; index = level bits * 8 + mask."""
    words = [BCH_type_info(LEVELS[value >> 3] << 3 | value & 7) for value in range(32)]
    return np.array([[word >> i & 1 for i in range(15)] for word in words], np.int8)


@cache
def data_places(version: int) -> NDArray[np.intp]:
    """Return the (bits, 2) row and column of every codeword bit in order: two columns up, two down, from the right."""
    n = side_of(version)
    taken = fixed_modules(version) >= 0
    for copy in format_places(version):
        taken[copy[:, 0], copy[:, 1]] = True
    places = []
    right, upward = n - 1, True
    while right > 0:
        if right == 6:
            right -= 1
        for row in range(n - 1, -1, -1) if upward else range(n):
            places += [(row, column) for column in (right, right - 1) if not taken[row, column]]
        right, upward = right - 2, not upward
    return np.array(places[: len(places) // 8 * 8])


@cache
def mask(version: int, number: int) -> NDArray[np.bool_]:
    """Return where mask `number` 0 to 7 flips a symbol of `version`."""
    n = side_of(version)
    i, j = np.mgrid[:n, :n]
    flips = (
        (i + j) % 2,
        i % 2,
        j % 3,
        (i + j) % 3,
        (i // 2 + j // 3) % 2,
        i * j % 2 + i * j % 3,
        (i * j % 2 + i * j % 3) % 2,
        (i * j % 3 + (i + j) % 2) % 2,
    )
    return np.asarray(flips[number] == 0)


@cache
def blocks(version: int, level_index: int) -> tuple[Block, ...]:
    """Return the blocks of a symbol, which interleaves their codewords; `level_index` is 0 to 3 for L, M, Q, H."""
    table = rs_blocks(version, (1, 0, 3, 2)[level_index])
    places: list[list[int]] = [[] for _ in table]
    position = 0
    for i in range(max(block.data_count for block in table)):
        for number, block in enumerate(table):
            if i < block.data_count:
                places[number].append(position)
                position += 1
    for _ in range(table[0].total_count - table[0].data_count):
        for number in range(len(table)):
            places[number].append(position)
            position += 1
    return tuple(Block(tuple(p), block.data_count) for p, block in zip(places, table, strict=True))
