"""Labels: class indices, and soft labels, which are points of the simplex."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from losscheck.behaviour.formats import Array
from losscheck.strategies.simplex_points import simplex_points


def labels(n_classes: int, *, min_rows: int = 1, max_rows: int = 8) -> st.SearchStrategy[Array]:
    """Draw ``(N,)`` class indices in ``[0, K)``."""
    sizes = st.integers(min_rows, max_rows)
    return sizes.flatmap(lambda n: hnp.arrays(np.int64, n, elements=st.integers(0, n_classes - 1)))


def soft_labels(n_classes: int, *, min_rows: int = 1, max_rows: int = 8) -> st.SearchStrategy[Array]:
    """Draw ``(N, K)`` distributions over the classes, hard ones among them."""
    return simplex_points(n_classes, min_rows=min_rows, max_rows=max_rows)
