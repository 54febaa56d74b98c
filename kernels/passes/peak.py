"""The largest logit of a row and the first class that has it."""

from typing import Any

from numba import njit

from losscheck.kernels.passes.options import EXACT
from losscheck.kernels.passes.others import largest


@njit(**EXACT)
def peaks(x: Any, where: Any, peak: Any) -> None:
    """Fill in the class and the logit; for a row that contains NaN, class 0 and NaN."""
    for i in range(x.shape[0]):
        row = x[i]
        m = largest(row, row.shape[0])
        k = 0
        for j in range(row.shape[0]):
            if row[j] == m:
                k = j
                break
        where[i] = k
        peak[i] = m
