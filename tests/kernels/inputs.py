"""Rows of logits over shapes, dtypes, layouts and hazards."""

from typing import Any

import ml_dtypes
import numpy as np
from hypothesis import strategies as st

from tests.kernels.reference import finfo

DTYPES = [np.dtype(ml_dtypes.bfloat16), np.dtype(np.float16), np.dtype(np.float32), np.dtype(np.float64)]
# Gaps where a dtype loses something: powers of 2 at which sums absorb, exponentials vanish or overflow.
GAPS = [float(n) * np.log(2.0) * (1 + 2.0**-6) for n in (8, 11, 16, 24, 53, 128, 150, 1024, 1075)]
FAMILIES = ["normal", "wide", "equal", "near", "dominant", "negative"]
LAYOUTS = ["plain", "fortran", "strided", "reversed", "broadcast"]


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
def cases(draw: st.DrawFn, positive: bool = False) -> tuple[Any, Any]:
    """Logits of 2 or 3 classes and labels."""
    n, k = draw(st.sampled_from([(1, 3), (3, 2), (70, 3)]))  # 70 rows run through tiles, one whole and one part
    rng = np.random.default_rng(draw(st.integers(0, 2**20)))
    x = rows(rng, draw(st.sampled_from(FAMILIES)), (n, k), draw(st.sampled_from(GAPS)))
    dtype = draw(st.sampled_from(DTYPES))
    top = float(finfo(dtype).max) / 4
    low = float(finfo(dtype).tiny) if positive else -top
    x = np.clip(np.exp(x / 8) if positive else x, low, top).astype(dtype)
    return laid_out(x, draw(st.sampled_from(LAYOUTS))), rng.integers(0, k, n)
