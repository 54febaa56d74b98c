"""Does a callable want torch tensors or NumPy arrays? Read it off the names its code uses, helpers included."""

from __future__ import annotations

import functools
import importlib.util
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

_NUMPY = ("numpy", "scipy", "sklearn", "jax", "optax")


def backends_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the backends to try, best first; code that names neither library, plain arithmetic, may want either.

    >>> import numpy as np
    >>> backends_of(lambda v: np.maximum(0.0, 1.0 - v))
    ('numpy',)
    """
    seen: set[int] = set()
    found = set()
    todo: list[Any] = [function]
    while todo:
        current = todo.pop()
        if id(current) in seen or len(seen) > 500:
            continue
        seen.add(id(current))
        library = _library(current)
        if library:
            found.add(library)
        else:
            todo.extend(_reached(current))
    if found:
        return ("torch",) if "torch" in found else ("numpy",)
    # Torch first: the same arithmetic, and it has gradients to look at.
    return ("torch", "numpy") if importlib.util.find_spec("torch") else ("numpy",)


def _library(thing: Any) -> str | None:
    """Return the array library a module, class, function or value belongs to."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(thing, torch.nn.Module | torch.Tensor):
        return "torch"
    name = thing.__name__ if isinstance(thing, types.ModuleType) else getattr(thing, "__module__", None)
    if not isinstance(name, str):
        name = type(thing).__module__
    if name.split(".")[0] == "torch" or any(
        base.__module__.split(".")[0] == "torch" for base in getattr(thing, "__mro__", ())
    ):
        return "torch"
    return "numpy" if name.split(".")[0] in _NUMPY else None


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
        for name in code.co_names:
            if name in thing.__globals__:
                yield thing.__globals__[name]
            elif name in ("torch", "numpy", "scipy") and name in sys.modules:  # imported inside the function
                yield sys.modules[name]
    yield from thing.__defaults__ or ()
    wrapped = getattr(thing, "__wrapped__", None)
    if wrapped is not None:
        yield wrapped
