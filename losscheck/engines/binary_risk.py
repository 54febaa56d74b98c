"""The two sides of a binary loss as functions of one score, and where their risks are lowest, in floats."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from losscheck.engines.breakpoints import Hint, breakpoints, grid, merge, middle
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import neg, substitute, var
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted

Array = NDArray[np.float64]
Sides = tuple[Expr, Expr]


def variable(root: Expr, name: str) -> Expr:
    """The node of a variable."""
    return next((n for n in topological([root]) if n.op == "var" and n.value[0] == name), var(name))


def flipped(root: Expr, name: str) -> Expr:
    """``root`` at the opposite score."""
    x = variable(root, name)
    return substitute([root], {x: neg(x)})[0]


def sides(lifted: Lifted) -> Sides:
    """The losses of a score for the positive and the negative label: phi(v) and phi(-v) for a margin loss."""
    if lifted.kind == "margin":
        return lifted.roots[0], flipped(lifted.roots[0], "v")
    return lifted.roots[1], lifted.roots[0]


def mirrored(pair: Sides, name: str) -> Sides:
    """The pair whose risk at 1 - eta is the risk of ``pair`` at eta and the opposite score."""
    return flipped(pair[1], name), flipped(pair[0], name)


def side_hints(pair: Sides, name: str, *, balls: bool = False) -> list[Hint]:
    """Breakpoints of both sides."""
    return merge(h for f in pair for h in breakpoints(f, name, balls=balls))


def points(hints: list[Hint]) -> Array:
    """A grid of scores, with the breakpoints and their neighbours."""
    at = np.array([middle(h) for h in hints])
    step = 1e-6 * np.maximum(1, np.abs(at))
    return np.unique(np.concatenate([grid("real"), at, at - step, at + step, -at]))


def values(pair: Sides, name: str, z: Array) -> tuple[Array, Array]:
    """Both sides at the scores."""
    one, zero = evaluate(list(pair), {name: z})
    return one, zero


def weight(eta: Fraction, one: Array, zero: Array) -> Array:
    """The risk, where a side of weight 0 counts for nothing."""
    with np.errstate(invalid="ignore"):
        a = float(eta) * one if eta else np.zeros_like(one)
        b = float(1 - eta) * zero if eta != 1 else np.zeros_like(zero)
        return np.asarray(a + b)
