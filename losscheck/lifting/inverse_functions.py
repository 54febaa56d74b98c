"""Inverse circular and hyperbolic functions, by logarithms, roots and the arc tangent.

``arcsin x = 2 arctan(x / (1 + sqrt(1 - x^2)))`` holds on all of [-1, 1], ends included.
"""

from __future__ import annotations

from losscheck.expr.trace import Trace, constant, record


def _square(a: Trace) -> Trace:
    return record("mul", a, a)


def arcsin(a: Trace) -> Trace:
    """Arc sine, for a in [-1, 1]."""
    one = constant(1)
    root = record("sqrt", record("sub", one, _square(a)))
    return record("mul", constant(2), record("atan", record("div", a, record("add", one, root))))


def arccos(a: Trace) -> Trace:
    """Arc cosine: a right angle less the arc sine."""
    return record("sub", record("mul", constant(2), record("atan", constant(1))), arcsin(a))


def arcsinh(a: Trace) -> Trace:
    """``log(a + sqrt(a^2 + 1))``."""
    return record("log", record("add", a, record("sqrt", record("add", _square(a), constant(1)))))


def arccosh(a: Trace) -> Trace:
    """``log(a + sqrt(a^2 - 1))``, for a >= 1."""
    return record("log", record("add", a, record("sqrt", record("sub", _square(a), constant(1)))))


def arctanh(a: Trace) -> Trace:
    """``(log(1 + a) - log(1 - a)) / 2``, for a in (-1, 1)."""
    gap = record("sub", record("log1p", a), record("log1p", record("neg", a)))
    return record("div", gap, constant(2))
