"""Inputs as evidence: exact hex floats to replay, and one short line to read."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from losscheck.behaviour.formats import Array, Inputs

EXACT = 3
"""Arrays up to this size are shown with exact hex forms."""


def witness(inputs: Inputs, dtype: str, **more: Any) -> dict[str, Any]:
    """Return the inputs as plain data, floats in hex, with the dtype they are given in and what was seen."""
    return {
        "dtype": dtype,
        "inputs": {name: {"shape": list(np.shape(v)), "values": _exact(v)} for name, v in inputs.items()},
        **more,
    }


def read_inputs(data: dict[str, Any]) -> dict[str, Array]:
    """Return the inputs that `witness` wrote.

    >>> read_inputs(witness({"z": np.array([0.1])}, "float64"))
    {'z': array([0.1])}
    """
    out = {}
    for name, said in data["inputs"].items():
        values = [float.fromhex(v) if isinstance(v, str) else v for v in said["values"]]
        out[name] = np.array(values, dtype=None if values else np.float64).reshape(said["shape"])
    return out


def _exact(values: Array) -> list[Any]:
    flat = np.asarray(values).reshape(-1).tolist()
    return [value.hex() if isinstance(value, float) else value for value in flat]


def show(inputs: Inputs, limit: int = 6) -> str:
    """Say the inputs in one line: ``z = [-88.72284], y = [1]``; long arrays are cut."""
    return ", ".join(f"{name} = {show_array(value, limit)}" for name, value in inputs.items())


def show_array(value: Array, limit: int = 6) -> str:
    """Say an array in one line, each number with 9 digits; a few of them with their exact hex form where these round.

    >>> show_array(np.array([0.5, 0.1]))
    '[0.5, 0.1]'
    >>> show_array(np.array([2.0**0.5]))
    '[1.41421356 (0x1.6a09e667f3bcdp+0)]'
    """
    array = np.asarray(value)
    if array.ndim == 0:
        return _number(array.item())
    if array.ndim == 1 or array.size > 4 * limit:
        flat = array.reshape(-1)
        more = f", ... ({'x'.join(map(str, array.shape))})" if flat.size > limit else ""
        return "[" + ", ".join(_number(v, flat.size <= EXACT) for v in flat[:limit].tolist()) + more + "]"
    return "[" + ", ".join(show_array(row, limit) for row in array) + "]"


def _number(value: Any, exact: bool = False) -> str:
    if not isinstance(value, float):
        return str(value)
    if value.is_integer() and abs(value) < 1e6:
        return str(int(value))
    short = f"{value:.9g}"
    if not exact or not math.isfinite(value) or float(short) == value:
        return short
    significand, power = value.hex().split("p")
    return f"{short} ({significand.rstrip('0').rstrip('.')}p{power})"
