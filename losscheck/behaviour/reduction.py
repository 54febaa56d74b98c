"""Which reduction a loss performs, measured: its rows evaluated alone against the batch, on three batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.signature import Signature

REDUCTIONS = ("none", "mean", "sum")


def row_axis(signature: Signature, shape: tuple[str, ...]) -> int | None:
    """Return the axis of an argument that runs over the rows; an input without a batch runs over its elements."""
    token = signature.batch or (signature.arguments[0].shape[0] if signature.arguments[0].shape else None)
    return shape.index(token) if token in shape else None


def count_rows(signature: Signature, inputs: Inputs) -> int:
    """Return the number of rows; 1 where nothing runs over rows."""
    for argument in signature.arguments:
        axis = row_axis(signature, argument.shape)
        if axis is not None:
            return int(np.shape(inputs[argument.name])[axis])
    return 1


def take_rows(signature: Signature, inputs: Inputs, index: Sequence[int] | Array) -> dict[str, Array]:
    """Return the input restricted to, or rearranged by, rows of the batch."""
    out = {}
    for argument in signature.arguments:
        axis = row_axis(signature, argument.shape)
        value = np.asarray(inputs[argument.name])
        out[argument.name] = value if axis is None else np.take(value, np.asarray(index, dtype=np.int64), axis=axis)
    return out


def join_rows(signature: Signature, *parts: Inputs) -> dict[str, Array]:
    """Return the rows of several inputs as one batch; what has no rows is that of the first."""
    out = {}
    for argument in signature.arguments:
        axis = row_axis(signature, argument.shape)
        values = [np.asarray(part[argument.name]) for part in parts]
        out[argument.name] = values[0] if axis is None else np.concatenate(values, axis=axis)
    return out


def matches(whole: Array, rows: Sequence[Array], tolerance: float) -> str:
    """Say how the value of a batch comes from the values of its rows: none, mean, sum, or coupled (none of these)."""
    if whole.ndim and whole.shape[0] == len(rows) and all(row.shape[:1] == (1,) for row in rows):
        return "none" if close(whole, np.concatenate(rows), tolerance) else "coupled"
    if any(row.shape != whole.shape for row in rows):
        return "coupled"
    stacked = np.stack(rows)
    if close(whole, stacked.mean(axis=0), tolerance):
        return "mean"
    return "sum" if close(whole, stacked.sum(axis=0), tolerance) else "coupled"


def combine(reduction: str, parts: Sequence[tuple[int, Array]]) -> Array:
    """Return what a batch must give whose parts, of so many rows each, give these values."""
    values = [value for _, value in parts]
    if reduction == "none":
        return np.concatenate(values)
    if reduction == "sum":
        return np.asarray(np.sum(values, axis=0))
    counts = np.array([count for count, _ in parts], dtype=np.float64)
    return np.asarray(np.average(np.stack(values), axis=0, weights=counts))


def measure(
    value: Callable[[Inputs], Array], signature: Signature, batches: Sequence[Mapping[str, Array]], tolerance: float
) -> str:
    """Return none, mean or sum where every batch says so; coupled else; whole where there is no batch.

    A batch that costs one 0, as do its rows, says nothing.
    """
    if signature.batch is None:
        return "whole"
    votes = set()
    for inputs in batches:
        rows = [value(take_rows(signature, inputs, [i])) for i in range(count_rows(signature, inputs))]
        whole = value(inputs)
        if whole.ndim or np.any(whole) or any(np.any(row) for row in rows):
            votes.add(matches(whole, rows, tolerance))
    return votes.pop() if len(votes) == 1 else "coupled"


def close(a: Array, b: Array, tolerance: float, scale: float | None = None) -> bool:
    """Whether two results agree to ``tolerance`` times their size; the same infinity agrees, and NaN with NaN."""
    if a.shape != b.shape:
        return False
    finite = np.abs(b[np.isfinite(b)])
    size = max(1.0, float(np.max(finite, initial=0.0))) if scale is None else scale
    with np.errstate(all="ignore"):
        same = (np.abs(a - b) <= tolerance * size) | (a == b) | (np.isnan(a) & np.isnan(b))
    return bool(np.all(same))
