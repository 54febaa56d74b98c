"""The innermost loops over stretches of a row.

Indices are unsigned: Numba lets signed ones count from the end, and the test for that keeps a loop from vectorising.
Source and target of a loop are different arrays, or the vectorised body is skipped for fear of overlap.
"""

from typing import Any

import numpy as np
from numba import njit

from losscheck.kernels.passes.bits import maximum
from losscheck.kernels.passes.exp import exp_shifted, exp_term
from losscheck.kernels.passes.options import REDUCE

_U = np.uint64


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
def exps_sum(source: Any, start: int, n: int, shift: Any) -> Any:
    """Sum of the shifted exponentials of a stretch, in the dtype of the shift."""
    s = type(shift)(0)
    for j in range(n):
        s += exp_term(source[_U(start) + _U(j)], shift)
    return s


@njit(**REDUCE)
def exps(source: Any, start: int, n: int, shift: Any, target: Any, to: int) -> Any:
    """Write the shifted exponentials of a stretch; their sum, in the dtype of the shift."""
    s = type(shift)(0)
    for j in range(n):
        e = exp_shifted(source[_U(start) + _U(j)], shift)
        target[_U(to) + _U(j)] = e
        s += e
    return s
