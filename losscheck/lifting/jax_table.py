"""The table of JAX primitives: name -> rule ``(operands, parameters) -> cells``, or a list of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from losscheck.lifting import array
from losscheck.lifting.array import Cells

Rule = Callable[[Sequence[Any], Mapping[str, Any]], Any]
RULES: dict[str, Rule] = {}


def rule(*names: str) -> Callable[[Rule], Rule]:
    """Register a rule under its primitives' names."""

    def register(f: Rule) -> Rule:
        RULES.update(dict.fromkeys(names, f))
        return f

    return register


def symbolic(x: Any) -> bool:
    """Whether a value depends on the input: an array of trace nodes."""
    return isinstance(x, np.ndarray) and x.dtype == object


def cells_of(x: Any) -> Cells:
    """Return the cells of a value."""
    return x if symbolic(x) else array.cells_of(np.asarray(x))
