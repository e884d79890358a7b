"""Errors and erasures: everything within the bound is repaired, and nothing beyond it counts as repaired."""

import random

import pytest
from qrcode.base import Polynomial

from mobile_app.scanner.rebuild.reed_solomon import repair


def _codeword(data: list[int], checks: int) -> list[int]:
    generator = Polynomial([1], 0)
    for i in range(checks):
        generator = generator * Polynomial([1, pow_2(i)], 0)
    rest = Polynomial(data, checks) % generator
    remainder = [rest[i] for i in range(len(rest))]
    return data + [0] * (checks - len(remainder)) + remainder


def pow_2(exponent: int) -> int:
    """Return the generator of GF(256) raised to `exponent`."""
    value = 1
    for _ in range(exponent):
        value = value << 1 ^ (0x11D if value & 0x80 else 0)
    return value


@pytest.mark.parametrize(("size", "checks"), [(26, 10), (44, 18), (70, 26), (153, 30)])
def test_repairs_up_to_the_bound(size: int, checks: int) -> None:
    """Any mix with 2 * errors + erasures <= checks is repaired, and the errors are counted."""
    chance = random.Random(size)  # noqa: S311 - a seeded test, no secret
    for _ in range(60):
        word = _codeword([chance.randrange(256) for _ in range(size - checks)], checks)
        erasures = chance.randrange(checks + 1)
        errors = chance.randrange((checks - erasures) // 2 + 1)
        hit = chance.sample(range(size), erasures + errors)
        broken = list(word)
        for place in hit[:errors]:
            broken[place] ^= chance.randrange(1, 256)
        for place in hit[errors:]:
            broken[place] = chance.randrange(256)
        assert repair(broken, checks, hit[errors:]) == (word, errors)


def test_gives_up_beyond_the_bound() -> None:
    """Noise is not a codeword, and too many erasures are refused."""
    chance = random.Random(1)  # noqa: S311 - as above
    noise = [[chance.randrange(256) for _ in range(70)] for _ in range(200)]
    assert [repair(word, 26) for word in noise] == [None] * 200
    assert repair(noise[0], 26, range(27)) is None
