"""Is the mathematics finite where float64 is not? Limits along straight paths tell, without a reference.

Either the values settle to one limit on the way from two different ordinary inputs (a hole such as 0 log 0 or 0/0), or
they grow no faster than a polynomial up to where they fail (an intermediate result overflowed). A logarithm's steps do
not shrink, an exponential outgrows every polynomial: both are true infinities and no fault.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.signature import Signature

Value = Callable[[Inputs], Array]
_NEAR = (16, 26, 36, 44)
"""Fractions 1 - 2^-k of the way: far enough apart that a logarithm moves by the same amount each time."""


def between(signature: Signature, start: Inputs, end: Inputs, fraction: float) -> dict[str, Array]:
    """Return the point at ``fraction`` of the way; labels, masks and counts are those of the end."""
    floats = {a.name for a in signature.floats}
    return {
        name: start[name] + fraction * (v - start[name])
        if name in floats and np.shape(start[name]) == np.shape(v)
        else v
        for name, v in end.items()
    }


def finite_in_truth(value: Value, signature: Signature, start: Inputs, other: Inputs, end: Inputs) -> bool:
    """Say whether the loss is finite at ``end`` over the reals, though ``value`` is not.

    ``start`` and ``other`` are two ordinary inputs; ``value`` returns float64 and NaN where the loss raises.
    """

    def along(path_start: Inputs) -> Callable[[float], Array]:
        return lambda fraction: value(between(signature, path_start, end, fraction)).ravel()

    first = along(start)
    one = _limit(first)
    at_end = value(end)
    if one is not None:
        if np.isinf(at_end).any() and not np.isnan(at_end).any():
            return False  # a pole or a logarithm, however slowly it is approached
        two = _limit(along(other))
        return bool(
            np.isfinite(one).all()
            and two is not None
            and one.shape == two.shape
            and np.allclose(one, two, rtol=1e-2, atol=1e-2)
        )
    return _grows_slowly(first)


def _limit(along: Callable[[float], Array]) -> Array | None:
    """Return the limit of a path; infinite where the steps do not shrink; None where it fails before its end."""
    seen = [along(1.0 - 2.0**-k) for k in _NEAR]
    if not all(np.isfinite(v).all() for v in seen):
        return None
    size = max(1.0, float(np.max(np.abs(seen[3]), initial=0.0)))
    last = float(np.max(np.abs(seen[3] - seen[2]), initial=0.0))
    before = float(np.max(np.abs(seen[2] - seen[1]), initial=0.0))
    # 0 log 0 shrinks by 2^-8 and more from one point to the next, a logarithm not at all.
    settles = last <= 1e-3 * size and last <= 0.2 * before + 1e-12 * size
    return seen[3] if settles else np.array([np.inf])


def _grows_slowly(along: Callable[[float], Array]) -> bool:
    """Whether the values up to the last finite point grow like a polynomial."""
    if not np.isfinite(along(0.0)).all():
        return False
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if np.isfinite(along(middle)).all() else (low, middle)
    if low < 1e-3:
        return False
    seen = [along(low * f) for f in (0.25, 0.5, 0.75, 0.9, 0.999)]
    if not all(np.isfinite(v).all() for v in seen):
        return False
    sizes = [float(np.max(np.abs(v), initial=0.0)) for v in seen]
    return max(sizes) <= 64.0 * (max(sizes[:3]) + 1.0)  # an exponential grows by e^100 and more from 0.75 to 0.999
