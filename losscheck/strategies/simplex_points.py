"""Points of the probability simplex: interior, faces, corners, the centre, and just beside the corners."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from losscheck.behaviour.formats import Array


def simplex_points(
    n_classes: int, *, interior: bool = False, min_rows: int = 1, max_rows: int = 8
) -> st.SearchStrategy[Array]:
    """Draw ``(N, K)`` probability vectors; with ``interior`` every entry is positive."""

    def rows(n: int) -> st.SearchStrategy[Array]:
        lowest = 1e-6 if interior else 0.0
        weights = hnp.arrays(np.float64, (n, n_classes), elements=st.floats(lowest, 1.0)).filter(
            lambda w: bool((w.sum(axis=1) > 1e-6).all())
        )
        free = weights.map(lambda w: w / w.sum(axis=1, keepdims=True))
        away = st.sampled_from((2.0**-10, 2.0**-24, 2.0**-40) if interior else (0.0, 2.0**-10, 2.0**-24, 2.0**-40))
        corner = st.tuples(st.integers(0, n_classes - 1), away).map(lambda drawn: _corner((n, n_classes), *drawn))
        return st.one_of(free, corner, st.just(np.full((n, n_classes), 1.0 / n_classes)))

    return st.integers(min_rows, max_rows).flatmap(rows)


def _corner(shape: tuple[int, int], index: int, away: float) -> Array:
    out = np.full(shape, away)
    out[:, index] = 1.0 - away * (shape[1] - 1)
    return out
