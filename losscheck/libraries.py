"""Which array library a callable is written for, read off the names its code uses, helpers included."""

from __future__ import annotations

import dis
import functools
import importlib.util
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

MOST = 500
"""Things looked at before giving up."""

_NUMPY = ("numpy", "scipy", "sklearn")
_JAX = ("jax", "jaxlib", "optax", "flax", "chex")
_EITHER = ("array_api_compat",)
"""Not looked into: it serves every library, and names those that happen to be imported."""


def libraries_named(function: Callable[..., Any]) -> frozenset[str]:
    """Return those of ``"torch"``, ``"jax"`` and ``"numpy"`` it names, or none: plain arithmetic may want any.

    What is written on top of NumPy counts as NumPy, what is on top of JAX as JAX.

    >>> import numpy as np
    >>> libraries_named(lambda v: np.maximum(0.0, 1.0 - v))
    frozenset({'numpy'})
    """
    seen: set[int] = set()
    found: set[str] = set()
    todo: list[Any] = [function]
    while todo:
        current = todo.pop()
        if id(current) in seen or len(seen) > MOST:
            continue
        seen.add(id(current))
        library = _library(current)
        if library:
            found.add(library)
        elif _package(current) not in _EITHER:
            todo.extend(_reached(current))
    return frozenset(found)


def backends_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the libraries to try, best first: torch where code names neither, since it has gradients to look at."""
    named = libraries_named(function)
    if named:
        return tuple(library for library in ("torch", "jax", "numpy") if library in named)[:1]
    return ("torch", "numpy") if importlib.util.find_spec("torch") else ("numpy",)


def _library(thing: Any) -> str | None:
    """Return the array library a module, class, function or value belongs to."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(thing, torch.nn.Module | torch.Tensor):
        return "torch"
    package = _package(thing)
    if package == "torch" or any(base.__module__.split(".")[0] == "torch" for base in getattr(thing, "__mro__", ())):
        return "torch"
    return "jax" if package in _JAX else "numpy" if package in _NUMPY else None


def _package(thing: Any) -> str:
    """Return the first name of the module a thing is, or comes from."""
    name = thing.__name__ if isinstance(thing, types.ModuleType) else getattr(thing, "__module__", None)
    return (name if isinstance(name, str) else type(thing).__module__).split(".")[0]


def _imported(code: types.CodeType) -> Iterator[types.ModuleType]:
    """Yield the libraries imported inside a function: the modules, or others of their names before the first call."""
    known = {"torch", *_NUMPY, *_JAX}
    if not any(name.split(".")[0] in known for name in code.co_names):
        return
    for instruction in dis.get_instructions(code):
        name = str(instruction.argval).split(".")[0]
        if instruction.opname == "IMPORT_NAME" and name in known:
            yield sys.modules.get(name) or types.ModuleType(name)


def _loaded(code: types.CodeType) -> list[str]:
    """Return the names code looks up as globals: not those of attributes, or ``jax.nn`` would be a global ``nn``."""
    loads = (each.argval for each in dis.get_instructions(code) if each.opname in ("LOAD_GLOBAL", "LOAD_NAME"))
    return list(dict.fromkeys(loads))


def _reached(thing: Any) -> Iterator[Any]:
    """Yield what the code of a callable refers to: globals, closure cells, defaults, its own attributes."""
    if isinstance(thing, functools.partial):
        yield thing.func
        yield from thing.args
        yield from thing.keywords.values()
        return
    if isinstance(thing, types.MethodType):
        yield thing.__func__
        yield thing.__self__
        return
    if not isinstance(thing, types.FunctionType):
        call = vars(type(thing)).get("__call__")
        if isinstance(call, types.FunctionType):
            yield call
            yield from vars(thing).values() if hasattr(thing, "__dict__") else ()
        if isinstance(thing, type):
            yield from (value for value in vars(thing).values() if isinstance(value, types.FunctionType))
        wrapped = getattr(thing, "__wrapped__", None)
        if wrapped is not None:
            yield wrapped
        return
    codes = [thing.__code__]
    for code in codes:
        codes.extend(const for const in code.co_consts if isinstance(const, types.CodeType))
    for cell in thing.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # a cell not filled yet
            continue
    for code in codes:
        for name in _loaded(code):
            if name in thing.__globals__:
                yield thing.__globals__[name]
        yield from _imported(code)
    yield from thing.__defaults__ or ()
    wrapped = getattr(thing, "__wrapped__", None)
    if wrapped is not None:
        yield wrapped
