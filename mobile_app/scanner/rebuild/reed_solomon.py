"""Reed-Solomon decoding with errors and erasures over GF(256), as in QR codes (ISO/IEC 18004, polynomial 0x11D).

The engines decode errors only. Knowing which codewords are doubtful, because of glare or dirt, lets the same
redundancy repair twice as many: 2 * errors + erasures <= check codewords.
"""

from collections.abc import Sequence

import numpy as np


def _tables() -> tuple[list[int], list[int]]:
    powers, logs = [0] * 512, [0] * 256
    value = 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logs[value] = exponent
        value <<= 1
        if value & 0x100:
            value ^= 0x11D
    return powers, logs


_POWER, _LOG = _tables()  # of the generator: _POWER[e], and _LOG, its inverse
_POWERS, _LOGS = np.array(_POWER), np.array(_LOG)


def repair(received: Sequence[int], checks: int, erased: Sequence[int] = ()) -> tuple[list[int], int] | None:
    """Return the codeword nearest to `received` and the number of errors outside `erased`, or None if none is near.

    `checks` is the number of check codewords at the end; `erased` are the untrusted indices in `received`.
    """
    if len(erased) > checks:
        return None
    syndromes = _syndromes(received, checks)
    if not any(syndromes):
        return list(received), 0
    size = len(received)
    locator = [1]
    for index in erased:
        locator = _times(locator, [1, _POWER[size - 1 - index]])
    locator = _berlekamp_massey(syndromes, locator, len(erased))
    degree = len(locator) - 1
    if degree < len(erased) or 2 * (degree - len(erased)) + len(erased) > checks:
        return None
    values = _values(locator, [-(size - 1 - i) % 255 for i in range(size)])
    places = [i for i, value in enumerate(values) if not value]
    if len(places) != degree:
        return None
    repaired = _forney(list(received), syndromes, locator, places, checks)
    if repaired is None or any(_syndromes(repaired, checks)):
        return None
    errors = sum(repaired[i] != received[i] for i in range(size) if i not in set(erased))
    return repaired, errors


def _syndromes(word: Sequence[int], checks: int) -> list[int]:
    """Return `word`, highest power first, evaluated at the first `checks` powers of the generator."""
    return _values(list(word)[::-1], range(checks))


def _berlekamp_massey(syndromes: list[int], erasures: list[int], known: int) -> list[int]:
    """Return the locator polynomial (lowest power first) of errors and erasures, given that of the erasures."""
    current, previous = list(erasures), list(erasures)
    length, gap, last = known, 1, 1
    for step in range(known, len(syndromes)):
        discrepancy = 0
        for i, coefficient in enumerate(current[: step + 1]):
            discrepancy ^= _product(coefficient, syndromes[step - i])
        if not discrepancy:
            gap += 1
            continue
        scale = _POWER[_LOG[discrepancy] - _LOG[last] + 255]
        shifted = [0] * gap + [_product(scale, c) for c in previous]
        updated = [a ^ b for a, b in zip(_padded(current, len(shifted)), _padded(shifted, len(current)), strict=True)]
        if 2 * length <= step + known:
            previous, last, gap = current, discrepancy, 1
            length = step + 1 + known - length
        else:
            gap += 1
        current = updated
    while len(current) > 1 and not current[-1]:
        current.pop()
    return current


def _forney(
    word: list[int], syndromes: list[int], locator: list[int], places: list[int], checks: int
) -> list[int] | None:
    evaluator = _times(syndromes, locator)[:checks]
    derivative = [coefficient if i % 2 == 0 else 0 for i, coefficient in enumerate(locator[1:])]
    for place in places:
        exponent = len(word) - 1 - place
        slope = _value(derivative, -exponent % 255)
        if not slope:
            return None
        error = _value(evaluator, -exponent % 255)
        if error:
            word[place] ^= _POWER[(_LOG[error] - _LOG[slope] + exponent) % 255]
    return word


def _product(a: int, b: int) -> int:
    return _POWER[_LOG[a] + _LOG[b]] if a and b else 0


def _times(one: Sequence[int], other: Sequence[int]) -> list[int]:
    product = [0] * (len(one) + len(other) - 1)
    for i, a in enumerate(one):
        if a:
            for j, b in enumerate(other):
                if b:
                    product[i + j] ^= _POWER[_LOG[a] + _LOG[b]]
    return product


def _value(polynomial: Sequence[int], exponent: int) -> int:
    """Evaluate the polynomial (lowest power first) at the generator raised to `exponent` 0 to 254."""
    total = 0
    for coefficient in reversed(polynomial):
        total = (_POWER[_LOG[total] + exponent] if total else 0) ^ coefficient
    return total


def _values(polynomial: Sequence[int], exponents: Sequence[int]) -> list[int]:
    """Evaluate the polynomial (lowest power first) at several powers of the generator."""
    coefficients = np.asarray(polynomial, np.intp)
    steps = np.outer(np.asarray(exponents, np.intp), np.arange(len(coefficients))) % 255
    products = np.where(coefficients == 0, 0, _POWERS[_LOGS[coefficients] + steps])
    return [int(value) for value in np.bitwise_xor.reduce(products, axis=1)]


def _padded(polynomial: list[int], size: int) -> list[int]:
    return polynomial + [0] * (size - len(polynomial))
