"""NumPy functions that combine elements: products, ``einsum``, norms, differences."""

from __future__ import annotations

from typing import Any

import numpy as np

from losscheck.lifting import array, folds
from losscheck.lifting.array import Cells
from losscheck.lifting.elementary import FUNCTIONS
from losscheck.lifting.numpy_array import SymbolicArray, cells_from, narrow
from losscheck.lifting.numpy_table import call, implements, plain_dtype
from losscheck.lifting.unsupported import Unsupported


@implements("dot", "inner", "vdot")
def _dot(a: Any, b: Any, out: Any = None) -> Any:
    p, q = cells_from(a), cells_from(b)
    cells = array.elementwise(FUNCTIONS["multiply"], p, q) if 0 in (p.ndim, q.ndim) else folds.dot(p, q)
    return SymbolicArray(narrow(cells, plain_dtype(a, b)), plain_dtype(a, b))


@implements("outer")
def _outer(a: Any, b: Any, out: Any = None) -> Any:
    p, q = cells_from(a).reshape(-1, 1), cells_from(b).reshape(1, -1)
    return SymbolicArray(array.elementwise(FUNCTIONS["multiply"], p, q), plain_dtype(a, b))


@implements("einsum")
def _einsum(subscripts: Any, *operands: Any, **options: Any) -> Any:
    """Sum of products over the indices that the output does not name."""
    if not isinstance(subscripts, str) or "." in subscripts or set(options) - {"optimize"}:
        raise Unsupported("numpy.einsum with an ellipsis, sublists or options; write the sum of products out")
    left, arrow, right = subscripts.replace(" ", "").partition("->")
    terms = left.split(",")
    arrays = [cells_from(x) for x in operands]
    names = sorted(set("".join(terms)))
    output = right if arrow else "".join(c for c in names if left.count(c) == 1)
    sizes = {c: n for t, a in zip(terms, arrays, strict=True) for c, n in zip(t, a.shape, strict=True)}
    summed = [c for c in names if c not in output]
    out: Cells = np.empty([sizes[c] for c in output], object)
    for place in np.ndindex(out.shape):
        at = dict(zip(output, place, strict=True))
        parts = []
        for inner in np.ndindex(*(sizes[c] for c in summed)):
            full = at | dict(zip(summed, inner, strict=True))
            parts.append(folds.product([a[tuple(full[c] for c in t)] for t, a in zip(terms, arrays, strict=True)]))
        out[place] = folds.total(parts)
    return SymbolicArray(out, plain_dtype(*operands))


@implements("diff")
def _diff(a: Any, n: int = 1, axis: int = -1, **more: Any) -> Any:
    moved = np.moveaxis(a.cells, axis, -1)
    for _ in range(n):
        moved = array.elementwise(FUNCTIONS["subtract"], moved[..., 1:], moved[..., :-1])
    return a._like(np.moveaxis(moved, -1, axis))


@implements("norm")
def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    size = np.abs(x)
    if axis is None and x.ndim > 1 and ord not in (None, "fro"):
        raise Unsupported(f"numpy.linalg.norm of a matrix with ord={ord!r}")
    options = {"axis": axis, "keepdims": keepdims}
    if ord in (None, 2, "fro"):
        return np.sqrt(call(np.sum, (x * x,), options))
    if ord == np.inf or ord == -np.inf:
        return call(np.max if ord > 0 else np.min, (size,), options)
    if ord == 1:
        return call(np.sum, (size,), options)
    if ord == 0:
        return call(np.sum, (x != 0,), options)
    return call(np.sum, (size**ord,), options) ** (1.0 / ord)


@implements("vector_norm")
def _vector_norm(x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:
    return _norm(x if axis is not None else x.reshape(-1), ord, axis, keepdims)


@implements("isclose", "allclose", "array_equal")
def _closeness(*args: Any, **kwargs: Any) -> Any:
    raise Unsupported("a comparison up to a tolerance of values that depend on the input; compare exactly")
