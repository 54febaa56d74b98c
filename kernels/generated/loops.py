"""The compiled loop of one graph, over columns of its variables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import njit

from losscheck.expr.derivative import gradient
from losscheck.expr.graph import Expr
from losscheck.expr.numba_reading import executed
from losscheck.kernels.generated.functions import COMPILED, INTERPRETED
from losscheck.kernels.generated.source import source
from losscheck.kernels.generated.stable import stable
from losscheck.kernels.passes.buffers import Array
from losscheck.kernels.passes.options import EXACT

OPTIONS = EXACT | {"cache": False}  # the cache of Numba needs a file with the source


class GraphLoop:
    """Value and gradient of a graph, compiled on first use: once for values alone, once for both.

    ``roots`` are the graphs that are computed: the value and its slopes, in the forms that keep their digits. Not
    compiled, the same source runs in the interpreter, for the same numbers.
    """

    def __init__(self, root: Expr, columns: Sequence[str], compiled: bool) -> None:
        self.columns = tuple(columns)
        self.compiled = compiled
        self.roots = stable([root, *gradient(root, list(columns))])
        self._loops: dict[bool, Any] = {}

    def source(self, backward: bool = True) -> str:
        """What is compiled, in Python."""
        slopes = len(self.columns) if backward else 0
        return source(self.roots[: 1 + slopes], self.columns, slopes)

    def __call__(self, x: Array, value: Array, grad: Array | None) -> None:
        """Fill in values, shape (n,), and slopes, shape (V, n), of columns (V, n): all double and C-contiguous."""
        backward = grad is not None
        if backward not in self._loops:
            loop = executed(self.source(backward), COMPILED if self.compiled else INTERPRETED)["loop"]
            self._loops[backward] = njit(**OPTIONS)(loop) if self.compiled else loop
        with np.errstate(all="ignore"):
            self._loops[backward](x, value, *([grad] if backward else []))
