"""Floats at which exp, log and their sums change behaviour in a format, mixed with ordinary ones.

``exp`` overflows and underflows, and ``1 + exp(-x)`` rounds to 1, at whole multiples of log 2. Uniform or random-bit
floats meet these thresholds almost never; a list of them meets all.
"""

from __future__ import annotations

import math

import numpy as np
from hypothesis import strategies as st

from losscheck.behaviour.formats import FORMATS, LARGEST, round_to

EXPONENTS = (8, 9, 11, 12, 16, 24, 25, 53, 54, 128, 134, 150, 1024, 1075)
"""Significand bits p and p + 1 of each format, the exponents at which exp overflows, those at which it underflows."""

TINY = {"float64": 2.0**-1074, "float32": 2.0**-149, "float16": 2.0**-24, "bfloat16": 2.0**-133}


def thresholds(dtype: str) -> tuple[float, ...]:
    """Return the hazards of a format, each a number the format holds.

    >>> 11.09375 in thresholds("float16")  # the first float16 whose exponential overflows
    True
    """
    if dtype not in FORMATS:
        raise ValueError(f"dtype={dtype!r} is not known; formats are {', '.join(FORMATS)}")
    largest, tiny = LARGEST[dtype], TINY[dtype]
    found = [0.0, 1.0, tiny, largest]
    for n in EXPONENTS:
        at = n * math.log(2.0)
        found += [at * (1.0 - 2.0**-6), at, at * (1.0 + 2.0**-6)]
    kept = round_to(np.array([v for v in found if v <= largest]), dtype)
    return tuple(sorted({float(v) for v in kept} | {-float(v) for v in kept}))


def hazard_floats(dtype: str = "float64", limit: float | None = None) -> st.SearchStrategy[float]:
    """Draw floats of ``dtype``, thresholds of exp and log among them, of size at most ``limit``.

    Raises
    ------
    ValueError
        When the format is not known.
    """
    bound = LARGEST[dtype] if dtype in FORMATS and limit is None else float(limit or 0.0)
    special = [v for v in thresholds(dtype) if abs(v) <= bound]
    ordinary = st.floats(-min(bound, 100.0), min(bound, 100.0)).map(lambda v: float(round_to(np.array(v), dtype)))
    return st.one_of(st.sampled_from(special), ordinary)
