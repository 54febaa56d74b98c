"""Rules for the losses that ATen has as one operation, as shipped: with their clamps, thresholds and overflows.

Torch's own decomposition of ``multilabel_margin_loss`` (2.13) computes another function than the operator.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from losscheck.expr.trace import Trace, constant, record
from losscheck.lifting import array, folds, settling
from losscheck.lifting.array import Cells
from losscheck.lifting.elementary import FUNCTIONS
from losscheck.lifting.torch_table import pointwise, rule
from losscheck.lifting.torch_tensor import cells_of

_REDUCED: tuple[Callable[[Sequence[Trace]], Trace] | None, ...] = (None, folds.mean, folds.total)


def _reduce(cells: Cells, reduction: int) -> Cells:
    f = _REDUCED[reduction]
    return cells if f is None else array.single(f(list(cells.reshape(-1))))


@rule("mse_loss")
def _mse_loss(x: Any, y: Any, reduction: int = 1) -> Cells:
    return _reduce(pointwise(lambda a, b: FUNCTIONS["square"](record("sub", a, b)), x, y), reduction)


@rule("huber_loss")
def _huber_loss(x: Any, y: Any, reduction: int = 1, delta: float = 1.0) -> Cells:
    def f(a: Trace, b: Trace) -> Trace:
        r = record("abs", record("sub", a, b))
        outer = record("mul", constant(delta), record("sub", r, constant(0.5 * delta)))
        return record(
            "where", record("lt", r, constant(delta)), record("mul", record("mul", constant(0.5), r), r), outer
        )

    return _reduce(pointwise(f, x, y), reduction)


@rule("smooth_l1_loss")
def _smooth_l1_loss(x: Any, y: Any, reduction: int = 1, beta: float = 1.0) -> Cells:
    def f(a: Trace, b: Trace) -> Trace:
        r = record("abs", record("sub", a, b))
        if beta == 0:
            return r
        inner = record("div", record("mul", record("mul", constant(0.5), r), r), constant(beta))
        return record("where", record("lt", r, constant(beta)), inner, record("sub", r, constant(0.5 * beta)))

    return _reduce(pointwise(f, x, y), reduction)


@rule("soft_margin_loss")
def _soft_margin_loss(x: Any, y: Any, reduction: int = 1) -> Cells:
    """As shipped: ``log1p(exp(-y x))``, which overflows."""
    return _reduce(
        pointwise(lambda a, b: record("log1p", record("exp", record("mul", record("neg", b), a))), x, y), reduction
    )


@rule("binary_cross_entropy")
def _binary_cross_entropy(p: Any, y: Any, weight: Any = None, reduction: int = 1) -> Cells:
    """As shipped: both logarithms are clamped at -100."""

    def f(a: Trace, b: Trace) -> Trace:
        yes = record("max", record("log", a), constant(-100))
        no = record("max", record("log1p", record("neg", a)), constant(-100))
        return record("sub", record("mul", record("sub", b, constant(1)), no), record("mul", b, yes))

    cells = pointwise(f, p, y)
    return _reduce(cells if weight is None else pointwise(FUNCTIONS["multiply"], cells, weight), reduction)


@rule("binary_cross_entropy_with_logits")
def _binary_cross_entropy_with_logits(
    x: Any, y: Any, weight: Any = None, pos_weight: Any = None, reduction: int = 1
) -> Cells:
    def f(a: Trace, b: Trace, w: Trace) -> Trace:
        log_weight = record("add", record("mul", record("sub", w, constant(1)), b), constant(1))
        first = record("mul", record("sub", constant(1), b), a)
        return record("sub", first, record("mul", log_weight, FUNCTIONS["log_expit"](a)))

    cells = pointwise(f, x, y, 1 if pos_weight is None else pos_weight)
    return _reduce(cells if weight is None else pointwise(FUNCTIONS["multiply"], cells, weight), reduction)


@rule("nll_loss_forward", "nll_loss2d_forward")
def _nll_loss(x: Any, target: Any, weight: Any, reduction: int, ignore_index: int) -> tuple[Cells, Cells]:
    cells = cells_of(x)
    rows = np.moveaxis(cells if cells.ndim > 1 else cells[None], 1, -1)
    labels = settling.integers(cells_of(target)).reshape(rows.shape[:-1])
    weights = array.cells_of(np.ones(rows.shape[-1])) if weight is None else cells_of(weight)
    losses: Cells = np.empty(labels.shape, object)
    used = []
    for i in np.ndindex(labels.shape):
        if labels[i] == ignore_index:
            losses[i] = constant(0)
        else:
            w = weights[labels[i]]
            used.append(w)
            losses[i] = record("neg", record("mul", w, rows[i][labels[i]]))
    total = folds.total(used)
    if reduction == 0:
        return losses if cells.ndim > 1 else losses.reshape(()), array.single(total)
    result = folds.total(list(losses.reshape(-1)))
    return array.single(record("div", result, total) if reduction == 1 else result), array.single(total)


@rule("multi_margin_loss")
def _multi_margin_loss(
    x: Any, target: Any, p: Any = 1, margin: Any = 1, weight: Any = None, reduction: int = 1
) -> Cells:
    cells = cells_of(x)
    rows = cells if cells.ndim > 1 else cells[None]
    labels = settling.integers(cells_of(target)).reshape(-1)
    losses: Cells = np.empty(len(rows), object)
    for i, (row, label) in enumerate(zip(rows, labels, strict=True)):
        terms = []
        for j, z in enumerate(row):
            if j != label:
                gap = record("max", record("add", record("sub", constant(margin), row[label]), z), constant(0))
                gap = FUNCTIONS["square"](gap) if p == 2 else gap
                terms.append(gap if weight is None else record("mul", cells_of(weight)[label], gap))
        losses[i] = record("div", folds.total(terms), constant(len(row)))
    return _reduce(losses if cells.ndim > 1 else losses.reshape(()), reduction)


@rule("multilabel_margin_loss_forward")
def _multilabel_margin_loss(x: Any, target: Any, reduction: int = 1) -> tuple[Cells, Cells]:
    """Targets are listed first in each row and end at the first -1."""
    cells, listed = np.atleast_2d(cells_of(x)), np.atleast_2d(settling.integers(cells_of(target)))
    losses: Cells = np.empty(len(cells), object)
    marks = np.zeros(cells.shape)
    for i, (row, labels) in enumerate(zip(cells, listed, strict=True)):
        end = int(np.argmax(labels < 0)) if (labels < 0).any() else len(labels)
        chosen = [int(k) for k in labels[:end]]
        marks[i, chosen] = 1
        terms = [
            record("max", record("add", record("sub", constant(1), row[k]), z), constant(0))
            for k in chosen
            for j, z in enumerate(row)
            if j not in chosen
        ]
        losses[i] = record("div", folds.total(terms), constant(len(row)))
    return _reduce(losses if cells_of(x).ndim > 1 else losses.reshape(()), reduction), array.cells_of(marks)
