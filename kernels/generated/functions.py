"""The functions that generated loops call, in double precision.

What vectorises is ours (exp, and the logarithm in ``lse``), the rest is the C library's: 4 ulp at most, for the
argument given. ``join`` is one step of the online log-sum-exp (M. Milakov, N. Gimelshein, 2018): the largest argument
is left out of the sum, so what it would absorb stays visible.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

from losscheck.kernels.passes.exp import exp64 as exp
from losscheck.kernels.passes.log import log1p as log_above
from losscheck.kernels.passes.options import INLINE

_HALF_LOG_TWO_PI = 0.9189385332046727


@njit(**INLINE)
def log(x: Any) -> Any:
    """Natural logarithm; -inf at 0 and for what rounding has pushed below."""
    return math.log(x) if x > 0 else (-np.inf if x <= 0 else x)


@njit(**INLINE)
def log1p(x: Any) -> Any:
    """``log(1 + x)``; -inf at -1 and for what rounding has pushed below."""
    return math.log1p(x) if x > -1 else (-np.inf if x <= -1 else x)


@njit(**INLINE)
def expm1(x: Any) -> Any:
    """``exp(x) - 1``."""
    return math.expm1(x)


@njit(**INLINE)
def root(x: Any, q: float) -> Any:
    """``x ** q`` for x >= 0; what rounding has pushed below 0 counts as 0."""
    return (x if x > 0 else x * 0.0) ** q


@njit(**INLINE)
def larger(x: Any, y: Any) -> Any:
    """The larger one."""
    return x if x >= y else y


@njit(**INLINE)
def smaller(x: Any, y: Any) -> Any:
    """The smaller one."""
    return x if x <= y else y


@njit(**INLINE)
def join(m: Any, s: Any, x: Any) -> Any:
    """Largest argument, and sum of the exponentials of the others relative to it, with one argument more."""
    d = x - m
    e = exp(-abs(d))
    return (x, (s + 1.0) * e) if d > 0 else (m, s + e)


@njit(**INLINE)
def log_ndtr(x: Any) -> Any:
    """Logarithm of the normal distribution function; below -30 by its asymptotic series."""
    if x > -30.0:
        half = 0.5 * math.erfc(abs(x) * 0.7071067811865476)
        return math.log(half) if x < 0 else math.log1p(-half)
    r = 1.0 / (x * x)
    series = 1.0 - r * (1.0 - 3.0 * r * (1.0 - 5.0 * r * (1.0 - 7.0 * r * (1.0 - 9.0 * r * (1.0 - 11.0 * r)))))
    return -0.5 * x * x - math.log(-x) - _HALF_LOG_TWO_PI + math.log(series)


COMPILED: dict[str, Any] = {
    "math": math,
    "nan": math.nan,
    "inf": math.inf,
    "exp": exp,
    "log": log,
    "log_above": log_above,
    "log1p": log1p,
    "expm1": expm1,
    "root": root,
    "larger": larger,
    "smaller": smaller,
    "join": join,
    "log_ndtr": log_ndtr,
}


def _wide(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with NumPy's doubles: Python's own raise where the compiled code divides by 0."""

    def called(*xs: Any) -> Any:
        found = function(*xs)
        return tuple(map(np.float64, found)) if isinstance(found, tuple) else np.float64(found)

    return called


INTERPRETED: dict[str, Any] = {name: _wide(value) if callable(value) else value for name, value in COMPILED.items()}
