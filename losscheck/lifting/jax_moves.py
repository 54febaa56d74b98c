"""Rules for JAX primitives that only move elements: the primitive itself moves the places, and the cells follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from losscheck.expr.trace import record
from losscheck.lifting import array, settling
from losscheck.lifting.array import Cells
from losscheck.lifting.jax_table import RULES, Rule, cells_of, rule, symbolic
from losscheck.lifting.unsupported import Unsupported

WHOLE = (
    "broadcast_in_dim", "reshape", "squeeze", "expand_dims", "transpose", "rev", "slice", "concatenate", "pad", "split",
    "tile", "stack", "unstack",
)  # fmt: skip
"""Every operand holds elements."""

INDEXED = {"gather": 1, "dynamic_slice": 1, "dynamic_update_slice": 2, "scatter": 1}
"""Primitive -> the first operand that holds indices."""


def _moved(primitive: Any, operands: Sequence[Any], parameters: Mapping[str, Any], indices: Sequence[int]) -> Any:
    """Let the primitive move places; ``indices`` are the operands that are numbers."""
    parts: list[Any] = []
    places: list[Any] = []
    start = 0
    for i, x in enumerate(operands):
        if i in indices:
            places.append(_whole_numbers(x))
            continue
        cells = cells_of(x)
        parts.append(cells.reshape(-1))
        places.append(np.arange(start, start + cells.size).reshape(cells.shape))
        start += cells.size
    options = dict(parameters)
    if "fill_value" in options:
        options["fill_value"] = -1
    found = primitive.bind(*places, **options)
    flat: Cells = np.concatenate(parts)
    many = found if primitive.multiple_results else [found]
    out = [_filled(flat, np.asarray(each)) for each in many]
    return out if primitive.multiple_results else out[0]


def _filled(flat: Cells, places: Any) -> Cells:
    if places.size and (places.min() < 0 or places.max() >= len(flat)):
        raise Unsupported("an index is out of range: the code's value there is NaN")
    return flat[places]


def _whole_numbers(x: Any) -> Any:
    return settling.integers(x) if symbolic(x) else np.asarray(x)


def _rule(name: str) -> Rule:
    def move(operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
        first = INDEXED.get(name, len(operands))
        last = first + 1 if name == "scatter" else len(operands)
        given = dict(parameters)
        return _moved(given.pop("primitive"), operands, given, range(first, last))

    return move


RULES |= {name: _rule(name) for name in (*WHOLE, *INDEXED)}


@rule("scatter-add", "scatter_add")
def _scatter_add(operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    """Add the updates one by one: each lands where the primitive puts it."""
    base, places, updates = cells_of(operands[0]).copy(), _whole_numbers(operands[1]), cells_of(operands[2])
    given = dict(parameters)
    primitive = given.pop("primitive")
    for i in np.ndindex(updates.shape):
        one = np.zeros(updates.shape)
        one[i] = 1.0
        landed = np.asarray(primitive.bind(np.zeros(base.shape), places, one, **given)) != 0
        for j in np.argwhere(landed):
            base[tuple(j)] = record("add", base[tuple(j)], updates[i])
    return base


@rule("iota")
def _iota(operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    given = dict(parameters)
    return array.cells_of(np.asarray(given.pop("primitive").bind(**given)))
