"""The table behind ``__array_function__``: what NumPy functions do to symbolic arrays.

Functions that only move elements run on the cells as they are (`STRUCTURAL`). A function without a row is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from losscheck.lifting import array
from losscheck.lifting.numpy_array import SymbolicArray, cells_from, dtype_of
from losscheck.lifting.unsupported import Unsupported

STRUCTURAL = frozenset(
    """reshape ravel transpose permute_dims swapaxes moveaxis rollaxis expand_dims squeeze broadcast_to concatenate
    concat stack vstack hstack dstack column_stack row_stack split array_split hsplit vsplit tile repeat roll
    flip fliplr flipud rot90 take take_along_axis delete insert append diagonal diag atleast_1d atleast_2d
    atleast_3d copy compress extract resize unstack broadcast_arrays""".split()
)
TABLE: dict[str, Callable[..., Any]] = {}


def implements(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the reading of NumPy functions by name."""

    def register(f: Callable[..., Any]) -> Callable[..., Any]:
        TABLE.update(dict.fromkeys(names, f))
        return f

    return register


def call(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Call a NumPy function with symbolic arguments.

    Raises
    ------
    Unsupported
        When the function has no row.
    """
    name = function.__name__
    plain = [_native(a) for a in (*args, *kwargs.values())]
    if "out" not in kwargs and all(ok for _, ok in plain):
        values = [v for v, _ in plain]
        return function(*values[: len(args)], **dict(zip(kwargs, values[len(args) :], strict=True)))
    kwargs = {k: v for k, v in kwargs.items() if v is not np._NoValue}
    if name in TABLE:
        return TABLE[name](*args, **kwargs)
    if name in STRUCTURAL:
        return _structural(function, args, kwargs)
    raise Unsupported(f"numpy.{name} of a value that depends on the input has no row in the table of functions")


def _native(x: Any) -> tuple[Any, bool]:
    if isinstance(x, SymbolicArray):
        value = x.native()
        return value, value is not None
    if isinstance(x, (list, tuple)):
        parts = [_native(a) for a in x]
        return type(x)(v for v, _ in parts), all(ok for _, ok in parts)
    return x, True


def _structural(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    kinds: list[Any] = []

    def open_(x: Any) -> Any:
        if isinstance(x, SymbolicArray):
            if (
                kinds
                and x.dtype.kind in "iub"
                and function.__name__ in ("take", "take_along_axis", "delete", "compress")
            ):
                return x.__array__()
            kinds.append(x.dtype)
            return x.cells
        if isinstance(x, (list, tuple)):
            if any(isinstance(a, SymbolicArray) for a in x):
                kinds.extend(dtype_of(a) for a in x)
                return [cells_from(a) for a in x]
            return type(x)(map(open_, x))
        return x

    first = [open_(a) for a in args]
    if not kinds and isinstance(args[0], np.ndarray):
        first[0] = array.cells_of(args[0])
        kinds.append(args[0].dtype)
    result = function(*first, **{k: open_(v) for k, v in kwargs.items()})
    return _wrap(result, np.result_type(*kinds))


def _wrap(x: Any, dtype: Any) -> Any:
    if isinstance(x, (list, tuple)):
        return type(x)(_wrap(a, dtype) for a in x)
    cells = x if isinstance(x, np.ndarray) else array.single(x)
    return SymbolicArray(cells, dtype)


def as_symbolic(x: Any) -> SymbolicArray:
    """Return a symbolic array of anything."""
    return x if isinstance(x, SymbolicArray) else SymbolicArray(cells_from(x), plain_dtype(x))


def plain_dtype(*xs: Any) -> Any:
    """Return the dtype that the operands promote to."""
    return np.result_type(*(d if isinstance(d := dtype_of(x), np.dtype) else np.dtype(d) for x in xs))
