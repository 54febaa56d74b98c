"""The innermost loops over stretches of a row.

Indices are unsigned: Numba lets signed ones count from the end, and the test for that keeps a loop from vectorising.
Source and target of a loop are different arrays, or the vectorised body is skipped for fear of overlap.
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
def copied(source: Any, start: int, n: int, y: int, target: Any) -> None:
    """Copy a stretch to the beginning of the target, -inf at its place y."""
    for j in range(n):
        target[j] = source[_U(start) + _U(j)] if j != y else -np.inf


@njit(**REDUCE)
def largest(source: Any, start: int, n: int) -> Any:
    """Largest number of a stretch, NaN if one is."""
    m = source.dtype.type(-np.inf)
    for j in range(n):
        m = maximum(source[_U(start) + _U(j)], m)
    return m


@njit(**REDUCE)
def _exps_sum(source: Any, start: int, n: int, shift: Any) -> Any:
    s = type(shift)(0)
    for j in range(n):
        s += exp_term(source[_U(start) + _U(j)], shift)
    return s


@njit(**REDUCE)
def _exps(source: Any, start: int, n: int, shift: Any, target: Any, to: int) -> Any:
    s = type(shift)(0)
    for j in range(n):
        e = exp_shifted(source[_U(start) + _U(j)], shift)
        target[_U(to) + _U(j)] = e
        s += e
    return s


@njit(**EXACT)
def exps_sum(source: Any, start: int, n: int, shift: Any) -> float:
    """Sum of the shifted exponentials of a stretch, computed in the dtype of the shift."""
    s = 0.0
    for first in range(0, n, STEP):
        s += _exps_sum(source, start + first, min(STEP, n - first), shift)
    return s


@njit(**EXACT)
def exps(source: Any, start: int, n: int, shift: Any, target: Any, to: int) -> float:
    """Write the shifted exponentials of a stretch, computed in the dtype of the shift; their sum."""
    s = 0.0
    for first in range(0, n, STEP):
        s += _exps(source, start + first, min(STEP, n - first), shift, target, to + first)
    return s


@njit(**REDUCE)
def total_of(row: Any) -> float:
    """Sum of a row in double precision."""
    s = 0.0
    for j in range(row.shape[0]):
        s += np.float64(row[j])
    return s
