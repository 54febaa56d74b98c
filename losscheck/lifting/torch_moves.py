"""Rules for ATen operations that only move elements: views, indexing, joining, filling."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from losscheck.expr.trace import constant, number, record, truth
from losscheck.lifting import array, settling
from losscheck.lifting.array import Cells
from losscheck.lifting.torch_tensor import SymbolicTensor, cells_of
from losscheck.lifting.unsupported import Unsupported

MOVES: dict[str, Callable[..., Any]] = {}
VIEWS = frozenset(
    """select slice unsqueeze squeeze view reshape _unsafe_view _reshape_alias expand permute t transpose detach alias
    diagonal unbind split split_with_sizes numpy_T mT swapaxes movedim chunk lift_fresh view_as""".split()
)


def move(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the rule of operations by name."""

    def register(f: Callable[..., Any]) -> Callable[..., Any]:
        MOVES.update(dict.fromkeys(names, f))
        return f

    return register


def _at(ndim: int, dim: int, part: Any) -> tuple[Any, ...]:
    return (slice(None),) * (dim % max(ndim, 1)) + (part,)


@move("select")
def _select(x: Any, dim: int, index: int) -> Any:
    cells = cells_of(x)
    found = cells[_at(cells.ndim, dim, int(index))]
    if isinstance(found, np.ndarray):
        return found
    # keep a view of the one cell, so that writing into it reaches the base
    place = int(index) % cells.size
    return cells[place : place + 1].reshape(())


@move("slice")
def _slice(x: Any, dim: int = 0, start: Any = None, end: Any = None, step: int = 1) -> Cells:
    cells = cells_of(x)
    return cells[_at(cells.ndim, dim, slice(start, None if end is not None and end > 2**60 else end, step))]


@move("unsqueeze")
def _unsqueeze(x: Any, dim: int) -> Cells:
    return np.expand_dims(cells_of(x), dim)


@move("squeeze")
def _squeeze(x: Any, dim: Any = None) -> Cells:
    cells = cells_of(x)
    dims = range(cells.ndim) if dim is None else array.axes_of(dim, cells.ndim)
    return cells.reshape([n for i, n in enumerate(cells.shape) if not (i in dims and n == 1)])


@move("view", "reshape", "_unsafe_view", "_reshape_alias")
def _view(x: Any, shape: Any, *strides: Any) -> Cells:
    if isinstance(shape, torch.dtype):
        raise Unsupported("a view of the bits as another dtype")
    return cells_of(x).reshape(shape)


@move("expand")
def _expand(x: Any, shape: Sequence[int], *, implicit: bool = False) -> Cells:
    cells = cells_of(x)
    lead = len(shape) - cells.ndim
    return np.broadcast_to(cells, [cells.shape[i - lead] if n == -1 else n for i, n in enumerate(shape)])


@move("diagonal")
def _diagonal(x: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Cells:
    return np.diagonal(cells_of(x), offset, dim1, dim2)


@move("unbind")
def _unbind(x: Any, dim: int = 0) -> list[Any]:
    cells = cells_of(x)
    return [_select(cells, dim, i) for i in range(cells.shape[dim])]


@move("split")
def _split(x: Any, size: int, dim: int = 0) -> list[Cells]:
    cells = cells_of(x)
    return [cells[_at(cells.ndim, dim, slice(i, i + size))] for i in range(0, cells.shape[dim], size)]


@move("split_with_sizes")
def _split_with_sizes(x: Any, sizes: Sequence[int], dim: int = 0) -> list[Cells]:
    cells = cells_of(x)
    edges = np.cumsum([0, *sizes])
    return [cells[_at(cells.ndim, dim, slice(a, b))] for a, b in itertools.pairwise(edges)]


MOVES |= {
    "permute": lambda x, dims: cells_of(x).transpose(dims),
    "t": lambda x: cells_of(x).T,
    "transpose": lambda x, a, b: cells_of(x).swapaxes(a, b),
    "detach": lambda x: cells_of(x), "alias": lambda x: cells_of(x), "lift_fresh": lambda x: cells_of(x),
    "clone": lambda x: cells_of(x).copy(), "lift_fresh_copy": lambda x: cells_of(x).copy(),
    "cat": lambda xs, dim=0: np.concatenate([cells_of(x) for x in xs if x.numel() or x.dim() > 1], dim),
    "stack": lambda xs, dim=0: np.stack([cells_of(x) for x in xs], dim),
    "flip": lambda x, dims: np.flip(cells_of(x), dims),
    "roll": lambda x, shifts, dims=(): np.roll(cells_of(x), shifts, tuple(dims) or None),
    "repeat": lambda x, times: np.tile(cells_of(x), times),
    "index_select": lambda x, dim, index: np.take(cells_of(x), settling.integers(cells_of(index)), axis=dim),
    "take": lambda x, index: cells_of(x).reshape(-1)[settling.integers(cells_of(index))],
}  # fmt: skip


@move("gather")
def _gather(x: Any, dim: int, index: Any, *, sparse_grad: bool = False) -> Any:
    cells, places = cells_of(x), settling.integers(cells_of(index))
    out = np.empty(places.shape, object)
    for i in np.ndindex(places.shape):
        j = list(i)
        j[dim] = places[i]
        out[i] = cells[tuple(j)]
    return out


@move("scatter", "scatter_add")
def _scatter(x: Any, dim: int, index: Any, source: Any, *, reduce: Any = None) -> Cells:
    if reduce is not None:
        raise Unsupported(f"scatter with reduce={reduce!r}")
    out, places = cells_of(x).copy(), settling.integers(cells_of(index))
    new = cells_of(source)
    new = np.broadcast_to(new, places.shape) if new.ndim == 0 else new
    for i in np.ndindex(places.shape):
        j = list(i)
        j[dim] = places[i]
        out[tuple(j)] = new[i]
    return out


@move("scatter_add")
def _scatter_add(x: Any, dim: int, index: Any, source: Any) -> Cells:
    out, places, new = cells_of(x).copy(), settling.integers(cells_of(index)), cells_of(source)
    for i in np.ndindex(places.shape):
        j = list(i)
        j[dim] = places[i]
        out[tuple(j)] = record("add", out[tuple(j)], new[i])
    return out


def _key(indices: Sequence[Any]) -> tuple[Any, ...]:
    found: list[Any] = []
    for i in indices:
        if i is None:
            found.append(slice(None))
        elif i.dtype in (torch.bool, torch.uint8):
            found.append(settling.truths(cells_of(i)))
        else:
            found.append(settling.integers(cells_of(i)))
    return tuple(found)


@move("fill_diagonal")
def _fill_diagonal(x: Any, value: Any, wrap: bool = False) -> Cells:
    out = cells_of(x).copy()
    for i in range(min(out.shape)):
        out[(i,) * out.ndim] = constant(value)
    return out


@move("index")
def _index(x: Any, indices: Sequence[Any]) -> Any:
    return cells_of(x)[_key(indices)]


@move("masked_select")
def _masked_select(x: Any, mask: Any) -> Any:
    cells, chosen = np.broadcast_arrays(cells_of(x), settling.truths(cells_of(mask)))
    return cells[chosen]


@move("index_put", "_unsafe_index_put", "_index_put_impl")
def _index_put(x: Any, indices: Sequence[Any], values: Any, accumulate: bool = False, unsafe: bool = False) -> Cells:
    out, new = cells_of(x).copy(), cells_of(values)
    mask = indices[0] if len(indices) == 1 else None
    if isinstance(mask, SymbolicTensor) and mask.dtype is torch.bool and mask.shape == out.shape and new.size == 1:
        if not accumulate:  # a masked write of one number needs no fork
            return array.elementwise(lambda c, a, b: record("where", truth(c), a, b), mask.cells, new.reshape(()), out)
    key = _key(indices)
    if not accumulate:
        out[key] = new
        return out
    places = np.arange(out.size).reshape(out.shape)[key]
    flat = out.reshape(-1)
    for place, value in zip(places.reshape(-1), np.broadcast_to(new, places.shape).reshape(-1), strict=True):
        flat[place] = record("add", flat[place], value)
    return flat.reshape(out.shape)


@move("_to_copy")
def _to_copy(x: Any, *, dtype: Any = None, **more: Any) -> Cells:
    cells = cells_of(x).copy()
    if dtype is None or dtype.is_floating_point:
        return array.elementwise(number, cells) if dtype is not None else cells
    if dtype is torch.bool:
        return array.elementwise(truth, cells)
    if x.dtype.is_floating_point:
        return array.cells_of(
            np.trunc([float(settling.settled(n)) for n in cells.flat]).astype(np.int64).reshape(cells.shape)
        )
    return array.elementwise(number, cells)


@move("to")
def _to(x: Any, *args: Any, dtype: Any = None, **more: Any) -> Cells:
    """Cast; a decomposition calls this overload-rich operation where the code itself arrives as ``_to_copy``."""
    found = [a for a in args if isinstance(a, torch.dtype)] or [a.dtype for a in args if isinstance(a, torch.Tensor)]
    return _to_copy(x, dtype=found[0] if found else dtype)


def _filled(shape: Sequence[int], value: Any) -> Cells:
    out: Cells = np.empty(tuple(shape), object)
    out[...] = cells_of(value)
    return out


for _name, _value in (("zeros", 0), ("ones", 1), ("empty", 0)):
    MOVES[f"{_name}_like"] = lambda x, *, dtype=None, _v=_value, **more: _filled(x.shape, _v)
    MOVES[f"new_{_name}"] = lambda x, shape, *, dtype=None, _v=_value, **more: _filled(shape, _v)
MOVES["full_like"] = lambda x, value, *, dtype=None, **more: _filled(x.shape, value)
MOVES["new_full"] = lambda x, shape, value, *, dtype=None, **more: _filled(shape, value)
MOVES["new_empty_strided"] = lambda x, shape, stride, *, dtype=None, **more: _filled(shape, 0)


def _triangle(keep: Callable[[int, int, int], bool]) -> Callable[..., Cells]:
    def reading(x: Any, diagonal: int = 0) -> Cells:
        out = cells_of(x).copy()
        for i in np.ndindex(out.shape):
            if not keep(i[-2], i[-1], diagonal):
                out[i] = constant(0)
        return out

    return reading


MOVES |= {"tril": _triangle(lambda i, j, d: j - i <= d), "triu": _triangle(lambda i, j, d: j - i >= d)}
