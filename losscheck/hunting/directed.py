"""Directed numbers: where the elementary functions of a format change behaviour, whatever the loss.

``exp`` overflows and underflows, and ``1 + exp(-x)`` rounds to 1, at whole multiples ``n log 2``; powers lose their
range at powers of two; the rest are 0, 1 and their neighbours, small integers, subnormals and the format's limits. All
come from the precision and the exponent range of the format alone.
"""

from __future__ import annotations

import math

import numpy as np

from losscheck.behaviour.formats import EPSILON, LARGEST, round_to
from losscheck.hunting.neighbours import neighbour
from losscheck.hunting.units import BITS, LOWEST_EXPONENT, ulp


def grid(dtype: str) -> tuple[float, ...]:
    """Return positive directed numbers of a format, rising.

    >>> found = grid("float16")
    >>> 11.0859375 < 11.09375 in found, 1.0 in found, found[-1]
    (True, True, 65504.0)
    """
    bits, lowest = BITS[dtype], LOWEST_EXPONENT[dtype]
    highest = math.frexp(LARGEST[dtype])[1]
    tiny = float(ulp(np.array(0.0), dtype))
    found = [tiny, tiny * 2, 2.0**lowest, LARGEST[dtype], 1.0, 1.0 - EPSILON[dtype] / 2, 1.0 + EPSILON[dtype]]
    # Multiples of log 2 about every exponent at which something ends, and a coarse ladder between them.
    ends = {bits, 2 * bits, highest, -lowest, bits - lowest, highest // 2, (bits - lowest) // 2}
    steps = {n + d for n in ends for d in (-1, 0, 1, 2)} | set(range(1, 2 * bits))
    for n in steps:
        exact = n * math.log(2.0)
        near = float(round_to(np.array(exact), dtype))
        found += [neighbour(near, d, dtype) for d in (-1, 0, 1)]
    exponents = {int(e) for e in np.linspace(lowest, highest - 1, 65)}
    found += [2.0**e for e in (*exponents, *range(-bits - 2, bits + 3)) if lowest <= e < highest]
    found += [float(n) for n in range(1, 17)] + [10.0**n for n in range(2, 5)]
    kept = round_to(np.array(found), dtype)
    return tuple(sorted({float(v) for v in kept if 0.0 < v <= LARGEST[dtype]}))
