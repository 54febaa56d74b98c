"""Which code is the user's: the functions a loss reaches that belong to no library, their globals and names."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any

_LIBRARIES = frozenset({"numpy", "scipy", "torch", "sympy", "array_api_compat", "builtins", "importlib", "warnings"})
_OURS = ("losscheck.lifting", "losscheck.expr")
MOST_FUNCTIONS = 500


def in_library(module: Any) -> bool:
    """Whether a module of that name is a library's, or this package's lifter (the catalogue is user code)."""
    name = str(module or "")
    return name.split(".")[0] in _LIBRARIES or name.startswith(_OURS)


def owned_functions(fn: Any) -> list[types.FunctionType]:
    """Return the functions behind ``fn`` that belong to no library: itself, and the helpers its code names."""
    found: list[types.FunctionType] = []
    seen: set[int] = set()
    queue = [fn]
    while queue and len(seen) < MOST_FUNCTIONS:
        f = queue.pop()
        if id(f) in seen:
            continue
        seen.add(id(f))
        if isinstance(f, types.FunctionType):
            queue.extend(g for g in [getattr(f, "__wrapped__", None)] if g is not None)
            if in_library(f.__globals__.get("__name__")):
                continue
            found.append(f)
            named = (f.__globals__.get(name) for name in names_used(f))
            queue.extend(v for v in named if isinstance(v, (types.FunctionType, type)) or _is_instance_of_owned(v))
            queue.extend(v for v in map(_content, f.__closure__ or ()) if callable(v))
        elif isinstance(f, type):
            if not in_library(f.__module__):
                queue.extend(v for v in vars(f).values() if isinstance(v, types.FunctionType))
        else:
            queue.extend(g for g in (getattr(f, "func", None), getattr(f, "__func__", None)) if g is not None)
            if not isinstance(f, (types.BuiltinFunctionType, types.ModuleType)):
                queue.append(type(f))
                queue.extend(b for b in type(f).__mro__[1:] if not in_library(b.__module__))
    return found


def _is_instance_of_owned(value: Any) -> bool:
    return (
        callable(value) and not isinstance(value, types.BuiltinFunctionType) and not in_library(type(value).__module__)
    )


def own_globals(fn: Any) -> list[dict[str, Any]]:
    """Return the globals of the user's functions behind ``fn``."""
    return list({id(f.__globals__): f.__globals__ for f in owned_functions(fn)}.values())


def names_used(f: types.FunctionType) -> set[str]:
    """Return the global and attribute names in the code of ``f``, inner functions included."""
    found: set[str] = set()
    for code in _codes(f.__code__):
        found |= set(code.co_names)
    return found


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None
