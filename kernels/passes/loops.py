"""The innermost loops over stretches of a row.

Indices are unsigned: Numba lets signed ones count from the end, and the test for that keeps a loop from vectorising.
Source and target of a loop are different arrays, or the vectorised body is skipped for fear of overlap. A class is left
out by adding a mask, 0 and once -inf: a comparison with its index would keep the loop from vectorising too. With +inf
that makes NaN, as +inf anywhere does.
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.kernels.passes.bits import maximum
from losscheck.kernels.passes.exp import exp_shifted, exp_term
from losscheck.kernels.passes.options import EXACT, REDUCE

_U = np.uint64
STEP = 512  # sums of so many are added up in double precision: a large one absorbs few small ones


@njit(**REDUCE)
def largest(source: Any, start: int, n: int) -> Any:
    """Largest number of a stretch, NaN if one is."""
    m = source.dtype.type(-np.inf)
    for j in range(n):
        m = maximum(source[_U(start) + _U(j)], m)
    return m


@njit(**REDUCE)
def largest_left(source: Any, start: int, n: int, mask: Any) -> Any:
    """The same under a mask."""
    m = source.dtype.type(-np.inf)
    for j in range(n):
        m = maximum(source[_U(start) + _U(j)] + mask[j], m)
    return m


@njit(**REDUCE)
def _exps_sum(source: Any, start: int, n: int, mask: Any, at: int, shift: Any, exact: Any) -> Any:
    s = type(shift)(0)
    for j in range(n):
        s += exp_term(source[_U(start) + _U(j)] + mask[_U(at) + _U(j)], shift, exact)
    return s


@njit(**REDUCE)
def _exps_left(source: Any, start: int, n: int, mask: Any, at: int, shift: Any, target: Any, exact: Any) -> Any:
    s = type(shift)(0)
    for j in range(n):
        e = exp_shifted(source[_U(start) + _U(j)] + mask[_U(at) + _U(j)], shift, exact)
        target[_U(start) + _U(j)] = e
        s += e
    return s


@njit(**REDUCE)
def _exps(source: Any, start: int, n: int, shift: Any, target: Any, exact: Any) -> Any:
    s = type(shift)(0)
    for j in range(n):
        e = exp_shifted(source[_U(start) + _U(j)], shift, exact)
        target[_U(start) + _U(j)] = e
        s += e
    return s


@njit(**EXACT)
def exps_sum(source: Any, start: int, n: int, mask: Any, shift: Any, exact: Any) -> float:
    """Sum of the shifted exponentials of a stretch under a mask, computed in the dtype of the shift."""
    s = 0.0
    for first in range(0, n, STEP):
        s += _exps_sum(source, start + first, min(STEP, n - first), mask, first, shift, exact)
    return s


@njit(**EXACT)
def exps_left(source: Any, start: int, n: int, mask: Any, shift: Any, target: Any, exact: Any) -> float:
    """Write the shifted exponentials of a stretch under a mask; their sum."""
    s = 0.0
    for first in range(0, n, STEP):
        s += _exps_left(source, start + first, min(STEP, n - first), mask, first, shift, target, exact)
    return s


@njit(**EXACT)
def exps(source: Any, start: int, n: int, shift: Any, target: Any, exact: Any) -> float:
    """Write the shifted exponentials of a stretch; their sum."""
    s = 0.0
    for first in range(0, n, STEP):
        s += _exps(source, start + first, min(STEP, n - first), shift, target, exact)
    return s


@njit(**REDUCE)
def total_of(row: Any) -> float:
    """Sum of a row in double precision."""
    s = 0.0
    for j in range(row.shape[0]):
        s += np.float64(row[j])
    return s
