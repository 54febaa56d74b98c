"""What is replaced while a loss is recorded: functions that would turn a symbolic value into a number without asking.

``math.exp``, ``numpy.array``, ``scipy.special.logsumexp``, ``float`` and their like take a symbolic argument to a
recorded value and hand everything else to the original. They are replaced in their module and, under whatever name,
in the globals of the loss's own module; calls from inside the libraries get the original.
"""

from __future__ import annotations

import math
import sys
import threading
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from losscheck.lifting.owned_code import in_library, own_globals


class _Recording(threading.local):
    depth = 0


_RECORDING = _Recording()
"""How many recordings this thread is in: in other threads the originals run."""


def replacement(
    original: Callable[..., Any], symbolic: Callable[..., Any], applies: Callable[..., bool]
) -> Callable[..., Any]:
    """Return a stand-in that calls ``symbolic`` where ``applies`` to the arguments, else ``original``.

    A module that is first imported during a recording may keep the stand-in; later it is the original.
    """

    def stand_in(*args: Any, **kwargs: Any) -> Any:
        caller = sys._getframe(1).f_globals.get("__name__")
        if _RECORDING.depth and not in_library(caller) and applies(*args, **kwargs):
            return symbolic(*args, **kwargs)
        return original(*args, **kwargs)

    stand_in.__name__ = getattr(original, "__name__", "stand_in")
    return stand_in


class _Number(type):
    """Makes ``isinstance(x, float)`` mean what it did while ``float`` itself is replaced."""

    of: Any

    def __instancecheck__(cls, x: Any) -> bool:
        return isinstance(x, cls.of)

    def __subclasscheck__(cls, x: Any) -> bool:
        return issubclass(x, cls.of)

    def __eq__(cls, other: Any) -> bool:
        return other is cls or other is cls.of

    def __hash__(cls) -> int:
        return hash(cls.of)


def number_type(of: type, dtype: Any, symbolic: Any) -> type:
    """Return a type that behaves like ``float`` but lets a symbolic scalar pass through a call of it."""

    def new(cls: type, x: Any = 0, *args: Any) -> Any:
        if not isinstance(x, symbolic) or x.cells.size != 1:
            return of(x, *args)
        number = x.reshape(())
        if hasattr(number, "scalar"):  # of a tensor: a Python number now
            number.scalar = True
        return number

    return _Number(of.__name__, (of,), {"__new__": new, "of": of, "dtype": dtype})


def array_type(of: type, symbolic: type) -> type:
    """Return a type of which symbolic arrays are instances too, for code that asks ``isinstance(v, np.ndarray)``."""

    def new(cls: type, *args: Any, **kwargs: Any) -> Any:
        return of(*args, **kwargs)

    return _Number(of.__name__, (of,), {"__new__": new, "of": (of, symbolic)})


def math_functions(symbolic: type, apply: Callable[[str, tuple[Any, ...]], Any]) -> dict[Any, Any]:
    """Return the replacements of ``math``'s functions for scalars of the type ``symbolic``."""
    names = {
        "exp": "exp", "log": "log", "log1p": "log1p", "expm1": "expm1", "sqrt": "sqrt", "fabs": "fabs", "tanh": "tanh",
        "atan": "arctan", "sin": "sin", "cos": "cos", "tan": "tan", "erf": "erf", "erfc": "erfc", "pow": "power",
        "log2": "log2", "log10": "log10", "cosh": "cosh", "sinh": "sinh", "exp2": "exp2", "cbrt": "cbrt",
        "hypot": "hypot",
        "asin": "arcsin", "acos": "arccos", "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh",
        "isnan": "isnan", "isinf": "isinf", "isfinite": "isfinite", "floor": "floor", "ceil": "ceil", "trunc": "trunc",
    }  # fmt: skip

    def any_symbolic(*args: Any, **kwargs: Any) -> bool:
        return any(isinstance(a, symbolic) for a in args)

    def make(name: str) -> Callable[..., Any]:
        def f(*args: Any) -> Any:
            if name == "log" and len(args) == 2:
                return f(args[0]) / (f(args[1]) if isinstance(args[1], symbolic) else math.log(args[1]))
            return apply(name, args)

        return f

    found = {getattr(math, m): make(ours) for m, ours in names.items() if hasattr(math, m)}
    found[math.fsum] = lambda xs: sum(xs)
    table = {original: replacement(original, ours, any_symbolic) for original, ours in found.items()}
    table[math.fsum] = replacement(math.fsum, found[math.fsum], lambda xs: True)
    return table


@contextmanager
def patched(
    fn: Any,
    table: Mapping[Any, Any],
    modules: tuple[types.ModuleType, ...],
    names: Mapping[str, Any],
    extra: Sequence[tuple[dict[str, Any], str, Any]] = (),
) -> Iterator[None]:
    """Replace functions in ``modules`` and in the globals of ``fn``; ``names`` shadow builtins, ``extra`` adds more."""
    undo: list[tuple[dict[str, Any], str, Any]] = []
    spaces = [vars(m) for m in modules] + own_globals(fn)
    by_id = {id(k): v for k, v in table.items()}
    _RECORDING.depth += 1
    try:
        for space in spaces:
            for name, value in list(space.items()):
                if id(value) in by_id:
                    undo.append((space, name, value))
                    space[name] = by_id[id(value)]
        for space in spaces[len(modules) :]:
            for name, value in names.items():
                if name not in space:
                    undo.append((space, name, undo))
                    space[name] = value
        for space, name, value in extra:
            undo.append((space, name, space.get(name, undo)))
            space[name] = value
        yield
    finally:
        _RECORDING.depth -= 1
        for space, name, value in reversed(undo):
            if value is undo:
                space.pop(name, None)
            else:
                space[name] = value
