"""SciPy's Huber and pseudo-Huber functions of a threshold and a residual, as shipped: infinite for a threshold < 0."""

from __future__ import annotations

import math

from losscheck.expr.trace import Trace, constant, record


def _guarded(delta: Trace, value: Trace) -> Trace:
    return record("where", record("lt", delta, constant(0)), constant(math.inf), value)


def huber(delta: Trace, r: Trace) -> Trace:
    """``r^2 / 2`` where ``|r| <= delta``, else ``delta (|r| - delta / 2)``."""
    size, half = record("abs", r), constant(0.5)
    inner = record("mul", half, record("mul", r, r))
    outer = record("mul", delta, record("sub", size, record("mul", half, delta)))
    return _guarded(delta, record("where", record("le", size, delta), inner, outer))


def pseudo_huber(delta: Trace, r: Trace) -> Trace:
    """``delta^2 (sqrt(1 + (r / delta)^2) - 1)`` by ``expm1`` and ``log1p``, 0 for a threshold of 0."""
    ratio = record("div", r, delta)
    rise = record("expm1", record("mul", constant(0.5), record("log1p", record("mul", ratio, ratio))))
    value = record("mul", record("mul", delta, delta), rise)
    return _guarded(delta, record("where", record("eq", delta, constant(0)), constant(0), value))
