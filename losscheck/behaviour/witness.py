"""Inputs as evidence: exact hex floats to replay, and one short line to read."""

from __future__ import annotations

from typing import Any

import numpy as np

from losscheck.behaviour.formats import Array, Inputs


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
    """Say an array in one line, each number as short as it stays exact to 9 digits."""
    array = np.asarray(value)
    if array.ndim == 0:
        return _number(array.item())
    if array.ndim == 1 or array.size > 4 * limit:
        flat = array.reshape(-1)
        more = f", ... ({'x'.join(map(str, array.shape))})" if flat.size > limit else ""
        return "[" + ", ".join(_number(v) for v in flat[:limit].tolist()) + more + "]"
    return "[" + ", ".join(show_array(row, limit) for row in array) + "]"


def _number(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e6:
        return str(int(value))
    return f"{value:.9g}" if isinstance(value, float) else str(value)
