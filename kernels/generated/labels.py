"""Rows by label: each label has a graph of its own, or one graph serves all of them with two columns exchanged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from losscheck.expr.build import substitute
from losscheck.expr.graph import Expr, topological
from losscheck.kernels.generated.loops import GraphLoop
from losscheck.kernels.passes.buffers import Array


def alike(roots: Sequence[Expr], columns: Sequence[str]) -> bool:
    """Whether the graph of label y is that of label 0 with the columns 0 and y exchanged, node for node."""
    nodes = {n.value[0]: n for n in topological(roots) if n.op == "var"}
    if len(roots) != len(columns) or set(nodes) != set(columns):
        return False
    first = nodes[columns[0]]
    return all(
        substitute(roots[:1], {first: nodes[name], nodes[name]: first})[0] is root
        for name, root in zip(columns[1:], roots[1:], strict=True)
    )


class LabelLoops:
    """The loops of all labels."""

    def __init__(self, roots: Sequence[Expr], columns: Sequence[str], compiled: bool) -> None:
        self.shared = alike(roots, columns)
        self.loops = [GraphLoop(root, columns, compiled) for root in (roots[:1] if self.shared else roots)]

    def __call__(self, x: Array, y: Array, value: Array, grad: Array | None) -> None:
        """Fill in values (n,) and slopes (n, V) for rows (n, V) and positions of labels (n,), in double precision."""
        if self.shared:
            every, columns = np.arange(len(x)), np.array(x.T, np.float64, order="C")
            own = columns[y, every]
            columns[y, every] = columns[0]
            columns[0] = own
            slopes: Array | None = None if grad is None else np.empty(columns.shape)
            self.loops[0](columns, value, slopes)
            if grad is not None and slopes is not None:
                own = slopes[0].copy()
                slopes[0] = slopes[y, every]
                slopes[y, every] = own
                grad[...] = slopes.T
            return
        for label, loop in enumerate(self.loops):
            chosen = np.flatnonzero(y == label)
            narrow = np.empty(len(chosen))
            slopes = None if grad is None else np.empty((x.shape[1], len(chosen)))
            loop(np.array(x[chosen].T, np.float64, order="C"), narrow, slopes)
            value[chosen] = narrow
            if grad is not None and slopes is not None:
                grad[chosen] = slopes.T
