"""The table of rules for ATen operations, filled by the modules beside it, and what the rules share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from losscheck.expr.trace import Trace, constant, record
from losscheck.lifting.array import Cells, elementwise
from losscheck.lifting.torch_moves import MOVES
from losscheck.lifting.torch_tensor import cells_of

RULES: dict[str, Callable[..., Any]] = dict(MOVES)


def rule(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the rule of operations by name."""

    def register(f: Callable[..., Any]) -> Callable[..., Any]:
        RULES.update(dict.fromkeys(names, f))
        return f

    return register


def pointwise(f: Callable[..., Trace], *xs: Any) -> Cells:
    """Apply ``f`` to the cells of tensors and numbers, broadcasting."""
    return elementwise(f, *map(cells_of, xs))


def times(a: Trace, factor: Any) -> Trace:
    """Multiply by a number of the call, where it is not 1."""
    return a if factor == 1 else record("mul", constant(factor), a)
