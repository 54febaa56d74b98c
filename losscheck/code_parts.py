"""What code, cells and objects are made of, as a digest of them reads it."""

from __future__ import annotations

import dis
import sys
import types
from typing import Any


def names_of(code: types.CodeType) -> frozenset[str]:
    """Return the names of attributes and globals that code and the code inside it uses.

    >>> sorted(names_of((lambda x: x.real + total).__code__))
    ['real', 'total']
    """
    inner = (names_of(each) for each in code.co_consts if isinstance(each, types.CodeType))
    return frozenset(code.co_names).union(*inner)


def globals_of(code: types.CodeType) -> frozenset[str]:
    """Return the names of globals alone.

    >>> sorted(globals_of((lambda x: x.real + total).__code__))
    ['total']
    """
    inner = (globals_of(each) for each in code.co_consts if isinstance(each, types.CodeType))
    own = {str(i.argval) for i in dis.get_instructions(code) if i.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    return frozenset(own).union(*inner)


def content(cell: types.CellType) -> Any:
    """Return what a cell of a closure holds, None while it is empty."""
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None


def constant_text(value: Any) -> str:
    """Return a constant as text, in an order of its own where it is a set."""
    if isinstance(value, frozenset):
        return repr(sorted(map(repr, value)))
    return repr(value)


def slots_of(c: type) -> tuple[str, ...]:
    """Return the slots that a class itself declares."""
    slots = vars(c).get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)


def has_state(x: Any) -> bool:
    """Whether an object holds attributes of its own."""
    return bool(getattr(x, "__dict__", None)) or any(slots_of(c) for c in type(x).__mro__)


def numbers_of(x: Any) -> tuple[object, ...] | None:
    """Return what an array or tensor of numbers holds."""
    torch = sys.modules.get("torch")
    if torch is not None and type(x) in (torch.Tensor, torch.nn.Parameter):
        data = x.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
        return "tensor", x.dtype, tuple(x.shape), x.device, x.requires_grad, data
    numpy = sys.modules.get("numpy")
    jax = sys.modules.get("jax")
    if jax is not None and isinstance(x, jax.Array) and type(x).__name__ == "ArrayImpl":
        held = numpy.asarray(x) if numpy is not None else None
        return None if held is None else ("jax", x.dtype, x.weak_type, held.shape, held.tobytes())
    plain = numpy is not None and (type(x) is numpy.ndarray or isinstance(x, numpy.generic))
    if plain and x.dtype.kind in "biufcSU":
        return "array", x.dtype.str, x.shape, x.tobytes()
    return None
