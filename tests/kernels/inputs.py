"""Rows of logits over shapes, dtypes, layouts and hazards."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

DTYPES = [np.float16, np.float32, np.float64]
# Gaps where a dtype loses something: powers of 2 at which sums absorb, exponentials vanish or overflow.
GAPS = [float(n) * np.log(2.0) * (1 + 2.0**-6) for n in (8, 11, 16, 24, 53, 128, 150, 1024, 1075)]
FAMILIES = ["normal", "wide", "equal", "near", "dominant", "negative", "masked"]


def rows(rng: np.random.Generator, family: str, shape: tuple[int, int], gap: float) -> Any:
    x = rng.standard_normal(shape)
    if family == "wide":
        x *= gap / 3
    elif family == "equal":
        x[...] = x[:, :1]
    elif family == "near":
        x = 1 + x * 2.0**-20
    elif family in ("dominant", "negative"):
        x[:, rng.integers(shape[1])] += gap if family == "dominant" else -gap
    elif family == "masked":
        x[rng.random(shape) < 0.4] = -np.inf
        x[:, 0] = 0.0
    return x


def laid_out(x: Any, layout: str) -> Any:
    """The same numbers in other strides."""
    if layout == "fortran":
        return np.asfortranarray(x)
    if layout == "strided":
        wide = np.zeros((x.shape[0], 2 * x.shape[1]), x.dtype)
        wide[:, ::2] = x
        return wide[:, ::2]
    if layout == "reversed":
        return np.ascontiguousarray(x[:, ::-1])[:, ::-1]
    if layout == "broadcast":
        return np.broadcast_to(x[:1], x.shape)
    return x


@st.composite
def cases(draw: st.DrawFn) -> tuple[Any, Any]:
    """Logits and labels."""
    # 70 rows of few classes run through tiles (one whole, one part), others through passes over rows.
    n, k = draw(st.sampled_from([(1, 1), (1, 3), (3, 2), (70, 3), (4, 33), (2, 100)]))
    rng = np.random.default_rng(draw(st.integers(0, 2**20)))
    x = rows(rng, draw(st.sampled_from(FAMILIES)), (n, k), draw(st.sampled_from(GAPS)))
    dtype = draw(st.sampled_from(DTYPES))
    top = float(np.finfo(dtype).max) / 4
    x = np.where(np.isfinite(x), np.clip(x, -top, top), x).astype(dtype)
    layout = draw(st.sampled_from(["plain", "fortran", "strided", "reversed", "broadcast"]))
    y = rng.integers(0, k, n)
    x = laid_out(x, layout)
    return x, np.where(np.isfinite(x[np.arange(n), y]), y, 0)
