"""Scores: margins of two classes, logits of several."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from losscheck.behaviour.formats import Array
from losscheck.strategies.hazard_floats import hazard_floats


def margins(
    dtype: str = "float64", *, min_rows: int = 1, max_rows: int = 8, limit: float | None = 1e4
) -> st.SearchStrategy[Array]:
    """Draw ``(N,)`` margins as float64 arrays of numbers that ``dtype`` holds."""
    sizes = st.integers(min_rows, max_rows)
    return sizes.flatmap(lambda n: hnp.arrays(np.float64, n, elements=hazard_floats(dtype, limit)))


def logits(
    n_classes: int, dtype: str = "float64", *, min_rows: int = 1, max_rows: int = 8, limit: float | None = 1e4
) -> st.SearchStrategy[Array]:
    """Draw ``(N, K)`` logits; often one class leads or trails all others by a threshold."""

    def rows(n: int) -> st.SearchStrategy[Array]:
        free = hnp.arrays(np.float64, (n, n_classes), elements=hazard_floats(dtype, limit))
        gap = st.tuples(st.integers(0, n_classes - 1), hazard_floats(dtype, limit))
        return st.one_of(free, gap.map(lambda drawn: _one_apart((n, n_classes), *drawn)))

    return st.integers(min_rows, max_rows).flatmap(rows)


def _one_apart(shape: tuple[int, int], index: int, gap: float) -> Array:
    out = np.zeros(shape)
    out[:, index] = gap
    return out
