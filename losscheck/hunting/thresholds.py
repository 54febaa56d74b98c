"""From a hit to its exact threshold: the first float of a format at which something happens.

A predicate of one number, such as "the loss is exactly 0 at this gap", is asked at the directed numbers of the format;
between two neighbours that disagree a bisection over the floats themselves finds where it changes. Then the floats
around are asked one by one: rounding often makes predicates flicker near their threshold, and a bisection ends at any
of the changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from losscheck.hunting.directed import grid
from losscheck.hunting.neighbours import at, place

AROUND = 300
"""Floats asked on each side of a threshold."""


@dataclass(frozen=True)
class Hit:
    """A change of a predicate along the floats of one sign.

    ``threshold`` is where the bisection ended, ``before`` its neighbour towards 0, where the predicate is the opposite;
    ``begins`` says that it holds from ``threshold`` on and not before (else it ends there). Where ``monotone`` is
    false, it flickers around: ``first`` is then the float nearest to 0, of those asked, from which it has changed at
    all, and ``settled`` the one after which it flickers no more; both are ``threshold`` where it is monotone.
    """

    dtype: str
    threshold: float
    before: float
    begins: bool
    monotone: bool
    first: float
    settled: float

    def __str__(self) -> str:
        said = f"{'from' if self.begins else 'up to, but not at,'} {self.threshold!r} ({self.threshold.hex()})"
        if self.monotone:
            return f"{said} in {self.dtype}, one float before it not" if self.begins else f"{said} in {self.dtype}"
        return f"{said} in {self.dtype}, with exceptions between {self.first!r} and {self.settled!r}"


def hunt(
    holds: Callable[[float], bool], dtype: str, *, sign: float = 1.0, numbers: Sequence[float] | None = None
) -> Iterator[Hit]:
    """Yield every change of ``holds`` between neighbouring directed numbers, the one nearest to 0 first.

    ``numbers`` are rising positive floats of the format, by default `directed.grid`; ``sign`` multiplies them.

    >>> import numpy as np
    >>> [hit] = hunt(lambda x: bool(np.isinf(np.exp(np.float32(x)))), "float32")
    >>> hit.threshold, hit.begins, hit.monotone
    (88.72283935546875, True, True)
    """
    asked = grid(dtype) if numbers is None else numbers
    with np.errstate(all="ignore"):
        seen = [(x, holds(sign * x)) for x in asked]
    for (low, was), (high, now) in pairwise(seen):
        if was != now:
            with np.errstate(all="ignore"):
                hit = bisect(holds, dtype, low, high, sign=sign)
            yield hit


def bisect(holds: Callable[[float], bool], dtype: str, low: float, high: float, *, sign: float = 1.0) -> Hit:
    """Return the change of ``holds`` between two positive floats at which it differs.

    Raises
    ------
    ValueError
        When it does not differ.
    """
    was = holds(sign * low)
    if holds(sign * high) == was:
        raise ValueError(f"the predicate is {was} at {sign * low!r} and at {sign * high!r}; give floats that differ")
    a, b = place(low, dtype), place(high, dtype)
    while b - a > 1:
        middle = (a + b) // 2
        a, b = (middle, b) if holds(sign * at(middle, dtype)) == was else (a, middle)
    below = [holds(sign * at(b - d, dtype)) != was for d in range(1, AROUND + 1) if b - d >= 0]
    above = [holds(sign * at(b + d, dtype)) == was for d in range(1, AROUND + 1)]
    first = max((d for d, changed in enumerate(below, 1) if changed), default=0)
    settled = max((d for d, back in enumerate(above, 1) if back), default=0)
    return Hit(
        dtype=dtype,
        threshold=sign * at(b, dtype),
        before=sign * at(a, dtype),
        begins=not was,
        monotone=not any(below) and not any(above),
        first=sign * at(b - first, dtype),
        settled=sign * at(b + settled + 1, dtype) if settled else sign * at(b, dtype),
    )
