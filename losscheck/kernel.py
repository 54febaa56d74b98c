"""What a kernel declares, and the registry of all kernels.

A kernel is a public function of one file in ``kernels/`` of the same name: it checks its arguments, then runs compiled
loops. What it declares is data: tests hold every kernel to its shapes, dtypes, special values and error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Kernel:
    """One kernel: the function that runs it and what it promises.

    Attributes
    ----------
    name
        Name of the function and of its file.
    loss
        The loss or map it computes, as a formula.
    plain
        The plain function of arrays it computes: the one truth that it is tested against, lifted and read in balls.
    shape
        ``"elementwise"``, ``"rows"`` (one value per row and label), ``"targets"`` (one value per
        row and row of targets), ``"sum"`` (one value per row), ``"map"`` (one row per row) or ``"batch"`` (arguments of
        its own; then the plain function is that of a row).
    dtypes
        The dtypes it accepts; the result has the dtype of the first argument.
    special
        What infinite and undefined arguments give, in words.
    max_ulp
        Largest error per dtype in units in the last place of the exact result (or of ``scale`` where one is given),
        measured against ball arithmetic, not proved.
    scale
        What the error is measured by: ``"result"``, or ``"largest"`` where the result is a difference that may cancel:
        the largest of 1 and the magnitudes of the arguments.
    signature
        That of the plain function, where it narrows the one usual for the shape.
    """

    name: str
    run: Callable[..., Any]
    loss: str
    plain: Callable[..., Any]
    shape: str
    dtypes: frozenset[str]
    special: Mapping[str, str]
    max_ulp: Mapping[str, float]
    scale: str = "result"
    signature: str | None = None

    @property
    def doc(self) -> str:
        """The module docstring of the kernel: its documentation."""
        import sys

        return (sys.modules[self.run.__module__].__doc__ or "").strip()


_REGISTRY: dict[str, Kernel] = {}
_SHAPES = ("elementwise", "rows", "targets", "sum", "map", "batch")


def kernel(
    *,
    loss: str,
    plain: Callable[..., Any],
    shape: str,
    special: Mapping[str, str],
    max_ulp: Mapping[str, float],
    scale: str = "result",
    signature: str | None = None,
) -> Callable[[F], F]:
    """Register a function as the kernel of its name; the dtypes are those that ``max_ulp`` bounds.

    Raises
    ------
    ValueError
        For a shape that does not exist and for a name that is registered already.
    """
    if shape not in _SHAPES:
        raise ValueError(f"the shape {shape!r} does not exist; declare one of {', '.join(_SHAPES)}")

    def register(fn: F) -> F:
        name = fn.__name__
        if name in _REGISTRY:
            raise ValueError(
                f"the kernel {name!r} is registered twice; is a module imported both as losscheck.X and as X?"
            )
        bounds = MappingProxyType(dict(max_ulp))
        told = MappingProxyType(dict(special))
        _REGISTRY[name] = Kernel(name, fn, loss, plain, shape, frozenset(bounds), told, bounds, scale, signature)
        return fn

    return register


def kernels() -> Mapping[str, Kernel]:
    """All registered kernels by name (imports the folder on first use, and Numba with it)."""
    import importlib
    import pkgutil

    import losscheck.kernels

    for module in pkgutil.iter_modules(losscheck.kernels.__path__):
        if not module.ispkg:
            importlib.import_module(f"losscheck.kernels.{module.name}")
    return MappingProxyType(_REGISTRY)
