"""Where a function of one variable switches: hints for certificates, found in floats and guessed as rationals.

A hint is ``"3/2"``, an exact breakpoint, or ``["low", "high"]`` around one that is irrational or depends on a float
constant. Wrong hints cost a rejected certificate, never a wrong verdict.

>>> from losscheck.expr.build import const, maximum, sub, var
>>> breakpoints(maximum([const(0), sub(const(1), var("v"))]), "v")
['1']
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from losscheck.certificate import q
from losscheck.engines.golden import golden_each
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import ZERO, const, sub, substitute, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr, topological

Array = NDArray[np.float64]
Hint = str | list[str]
MOST = 40
GAP = Fraction(1, 2**30)
"""Relative half-width of a hint around an irrational breakpoint: far above rounding, far below other features."""


@cache
def grid(domain: str) -> Array:
    """Points to look for sign changes at: every scale, denser where losses have their features."""
    if domain == "unit":
        tiny = np.geomspace(1e-17, 1e-3, 300)
        return np.unique(np.concatenate([tiny, 1 - tiny, np.linspace(1e-3, 1 - 1e-3, 4001)]))
    if domain == "positive":
        return np.unique(np.concatenate([np.geomspace(1e-12, 1e12, 6001), np.linspace(1e-3, 40, 4001)]))
    far = np.geomspace(40, 1e9, 400)
    near = np.geomspace(1e-9, 1e-2, 200)
    return np.unique(np.concatenate([-far, far, -near, near, [0.0], np.linspace(-40, 40, 8001)]))


def switches(roots: Iterable[Expr]) -> list[Expr]:
    """The expressions whose sign decides a branch, or where a root or a logarithm starts."""
    found: dict[Expr, None] = {}
    for n in topological(roots):
        if n.op == "abs" or n.op == "log" or (n.op == "pow" and (n.value < 0 or n.value.denominator != 1)):
            found[n.args[0]] = None
        elif n.op in ("lt", "le", "eq"):
            found[sub(n.args[0], n.args[1])] = None
        elif n.op in ("max", "min"):
            found.update((sub(a, c), None) for i, a in enumerate(n.args) for c in n.args[:i])
    return list(found)


def affine_zero(n: Expr) -> Fraction | None:
    """The zero of ``c0 + c1 x``, exactly."""
    if n.op == "var":
        return Fraction(0)
    if n.op == "add" and len(n.args) == 1 and n.args[0].op == "var":
        return Fraction(-n.value[0] / n.value[1])
    return None


def float_zeros(n: Expr, name: str, domain: str) -> list[float]:
    """Zeros in floats: sign changes and points where the function touches 0."""
    x = grid(domain)
    y = evaluate([n], {name: x})[0]
    found = [float(t) for t in x[y == 0][:MOST]] if (y == 0).sum() <= MOST else []
    crossed = np.flatnonzero(np.sign(y[:-1]) * np.sign(y[1:]) < 0)[:MOST]
    found += _halved(n, name, x[crossed], x[crossed + 1], lambda t: (t > 0) == (y[crossed] > 0))
    if (y == 0).sum() > MOST:  # where a stretch of zeros starts or ends
        flat = np.flatnonzero((y == 0)[1:] != (y == 0)[:-1])[:MOST]
        found += _halved(n, name, x[flat], x[flat + 1], lambda t: (t == 0) == (y[flat] == 0))
    size = np.abs(y)
    low = np.flatnonzero((size[1:-1] < size[:-2]) & (size[1:-1] <= size[2:]) & (size[1:-1] > 0))[:MOST]
    if len(low):
        at, least = golden_each(lambda t: np.abs(evaluate([n], {name: t})[0]), x[low], x[low + 2])
        found += at[least < 1e-10].tolist()
    return found


def _halved(n: Expr, name: str, a: Array, b: Array, like_a: Callable[[Array], NDArray[np.bool_]]) -> list[float]:
    """Where the values stop being like those at ``a``, between each a and b."""
    for _ in range(80 if len(a) else 0):
        m = a + (b - a) / 2
        left = like_a(evaluate([n], {name: m})[0])
        a, b = np.where(left, m, a), np.where(left, b, m)
    return ((a + b) / 2).tolist()  # type: ignore[no-any-return]


def rational_guess(n: Expr, name: str, t: float) -> Fraction | None:
    """A simple rational near ``t`` where the expression is exactly 0 as a graph, or too close to 0 to tell."""
    for largest in (16, 1000, 100_000):
        guess = Fraction(t).limit_denominator(largest)
        if abs(float(guess) - t) <= 1e-7 * max(1.0, abs(t)):
            variable = next((x for x in topological([n]) if x.op == "var" and x.value[0] == name), var(name))
            try:
                if substitute([n], {variable: const(guess)})[0] is ZERO:
                    return guess
            except (ZeroDivisionError, ValueError):  # a pole
                continue
    return None


def around(t: float) -> list[str]:
    """A hint around an inexact breakpoint."""
    middle = Fraction(t)
    half = GAP * max(Fraction(1), abs(middle))
    steps = 2**44
    return [q(Fraction(int((middle - half) * steps), steps)), q(Fraction(int((middle + half) * steps) + 1, steps))]


def middle(hint: Hint) -> float:
    """The hint as a float."""
    return float(Fraction(hint)) if isinstance(hint, str) else float((Fraction(hint[0]) + Fraction(hint[1])) / 2)


def merge(hints: Iterable[Hint]) -> list[Hint]:
    """Sorted hints without repetition; exact ones win over gaps around them."""
    hints = list(hints)
    exact = sorted({Fraction(h) for h in hints if isinstance(h, str)})
    out: list[Hint] = [q(x) for x in exact]
    last: Fraction | None = None
    for h in sorted((h for h in hints if isinstance(h, list)), key=lambda h: Fraction(h[0])):
        low, high = map(Fraction, h)
        if not any(low <= x <= high for x in exact) and (last is None or low > last):
            out.append(h)
            last = high
    return sorted(out, key=middle)


def breakpoints(root: Expr, name: str, domain: str = "real", *, balls: bool = False) -> list[Hint]:
    """Hints for all breakpoints of ``root`` inside the open domain, sorted.

    Float constants are read as the simplest rationals, the first choice of a proof; with ``balls`` they are intervals
    of 2 ulp, as in a refutation, and what depends on them becomes a gap.
    """
    return [list(h) if isinstance(h, tuple) else h for h in _breakpoints(root, name, domain, balls)]


@lru_cache(maxsize=1024)
def _breakpoints(root: Expr, name: str, domain: str, balls: bool) -> tuple[str | tuple[str, ...], ...]:
    """The hints, kept: most properties of a loss ask for those of the same few graphs."""
    choice = choices([root])[0]
    found: list[Hint] = []
    for n in switches([root] if balls else chosen([root], choice)):
        (read,) = chosen([n], choice)
        vague = any(x.op == "float" for x in topological([n]))
        if not any(x.op == "var" for x in topological([n])):
            continue
        exact = affine_zero(read)
        if exact is not None:
            found.append(around(float(exact)) if vague else q(exact))
            continue
        for t in float_zeros(read, name, domain):
            guess = None if vague else rational_guess(read, name, t)
            found.append(q(guess) if guess is not None else around(t))
    low, high = -math.inf if domain == "real" else 0.0, 1.0 if domain == "unit" else math.inf
    inside = [h for h in found if low < middle(h) < high]
    return tuple(tuple(h) if isinstance(h, list) else h for h in merge(inside))
