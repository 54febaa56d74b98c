"""Rules for JAX primitives along axes: reductions, running sums, sorting, products."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from losscheck.expr.trace import Trace, record
from losscheck.lifting import array, folds, settling
from losscheck.lifting.array import Cells
from losscheck.lifting.elementary import FUNCTIONS
from losscheck.lifting.jax_table import RULES, Rule, cells_of, rule


def _reduction(f: Callable[[list[Trace]], Trace]) -> Rule:
    return lambda operands, parameters: array.reduce(f, cells_of(operands[0]), parameters["axes"])


RULES |= {
    "reduce_sum": _reduction(folds.total),
    "reduce_prod": _reduction(folds.product),
    "reduce_max": _reduction(folds.extreme("max")),
    "reduce_min": _reduction(folds.extreme("min")),
    "reduce_and": _reduction(folds.conjunction),
    "reduce_or": _reduction(folds.disjunction),
    "argmax": _reduction(folds.position(True)),
    "argmin": _reduction(folds.position(False)),
}


def _scan(f: Callable[[Trace, Trace], Trace]) -> Rule:
    def cumulate(operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
        x, axis = cells_of(operands[0]), parameters["axis"]
        if not parameters["reverse"]:
            return folds.scan(f, x, axis)
        return np.flip(folds.scan(f, np.flip(x, axis), axis), axis)

    return cumulate


RULES |= {
    "cumsum": _scan(lambda a, b: record("add", a, b)),
    "cumprod": _scan(lambda a, b: record("mul", a, b)),
    "cummax": _scan(lambda a, b: record("max", a, b)),
    "cummin": _scan(lambda a, b: record("min", a, b)),
    "cumlogsumexp": _scan(FUNCTIONS["logaddexp"]),
}


@rule("sort")
def _sort(operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    """All operands in the order of the first; a further key decides between those that are equal in the ones before."""
    axis, arrays = parameters["dimension"], [cells_of(x) for x in operands]
    for key in reversed(range(parameters["num_keys"])):
        places = settling.argsort(arrays[key], axis)
        arrays = [np.take_along_axis(x, places, axis) for x in arrays]
    return arrays


@rule("top_k")
def _top_k(operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    x, axis, k = cells_of(operands[0]), parameters.get("axis", -1), parameters["k"]
    places = np.take(settling.argsort(x, axis, descending=True), range(k), axis)
    return [np.take_along_axis(x, places, axis), array.cells_of(places)]


@rule("dot_general")
def _dot_general(operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    """Batch axes first, then the free ones of either side; the contracted axes are summed."""
    (left_sum, right_sum), (left_batch, right_batch) = parameters["dimension_numbers"]
    a, shape_a = _arranged(cells_of(operands[0]), left_batch, left_sum)
    b, shape_b = _arranged(cells_of(operands[1]), right_batch, right_sum)
    out = np.empty((a.shape[0], a.shape[1], b.shape[1]), object)
    for i, j, k in np.ndindex(out.shape):
        out[i, j, k] = folds.total([record("mul", x, y) for x, y in zip(a[i, j], b[i, k], strict=True)])
    batch = [cells_of(operands[0]).shape[d] for d in left_batch]
    return out.reshape([*batch, *shape_a, *shape_b])


def _arranged(x: Cells, batch: Sequence[int], summed: Sequence[int]) -> tuple[Cells, list[int]]:
    """Return ``x`` with three axes (batch, free, summed), and the sizes of the free ones."""
    free = [d for d in range(x.ndim) if d not in (*batch, *summed)]
    sizes = [x.shape[d] for d in free]
    moved = x.transpose([*batch, *free, *summed])
    count = [int(np.prod([x.shape[d] for d in axes], dtype=int)) for axes in (batch, free, summed)]
    return moved.reshape(count), sizes
