"""The float nearest to a real number known by a ball, ties to even, in each format."""

from __future__ import annotations

import math
from typing import Any

from losscheck.behaviour.formats import LARGEST
from losscheck.hunting.units import BITS, LOWEST_EXPONENT


def nearest(ball: Any, dtype: str) -> float | None:
    """Return the float to which every number of a ball rounds; None where they round to several.

    >>> from flint import arb
    >>> nearest(arb("0.1"), "bfloat16"), nearest(arb(1) / 3, "float16")
    (0.10009765625, 0.333251953125)
    """
    if ball == math.inf or ball == -math.inf:
        return math.inf if ball > 0 else -math.inf
    if not ball.is_finite():
        return None
    # Midpoint and radius are exact; the ends themselves would be rounded to the precision of the moment.
    (middle, at), (radius, by) = (tuple(map(int, part.man_exp())) for part in (ball.mid(), ball.rad()))
    unit = min(at, by) if middle and radius else at if middle else by
    middle, radius = (n << (e - unit) if n else 0 for n, e in ((middle, at), (radius, by)))
    low, high = round_dyadic(middle - radius, unit, dtype), round_dyadic(middle + radius, unit, dtype)
    return low if low == high else None


def round_dyadic(significand: int, exponent: int, dtype: str) -> float:
    """Round ``significand * 2^exponent`` to the nearest float of a format.

    >>> round_dyadic(1, -25, "float16"), round_dyadic(3, -25, "float16") == 2.0**-23
    (0.0, True)
    >>> round_dyadic(65520, 0, "float16")
    inf
    """
    size, sign = abs(significand), -1.0 if significand < 0 else 1.0
    bits = BITS[dtype]
    top = size.bit_length() + exponent
    unit = max(top - bits, LOWEST_EXPONENT[dtype] - (bits - 1))
    if size == 0 or top < unit - 1:
        return 0.0
    if top > LOWEST_EXPONENT["float64"] * -1 + 2:
        return sign * math.inf
    shift = unit - exponent
    if shift <= 0:
        kept = size << -shift
    else:
        kept, rest = size >> shift, size & ((1 << shift) - 1)
        half = 1 << (shift - 1)
        kept += rest > half or (rest == half and kept & 1)
    if kept.bit_length() + unit > 1024:
        return sign * math.inf
    value = math.ldexp(float(kept), unit)
    return sign * (math.inf if value > LARGEST[dtype] else value)
