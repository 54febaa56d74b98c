"""The Hessian of a Bayes risk on the simplex taken apart: functions of sums of classes, and a constant."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.engines.numeric import evaluate
from losscheck.expr.build import add, const, rebuild, scale, sub, substitute, var
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr, topological, variables

T = var("t", "unit")


def along(n: Expr, names: tuple[str, ...], k: int) -> Expr:
    """The derivative along ``e_k - e_last``."""
    return sub(derivative(n, names[k]), derivative(n, names[-1]))


def points(names: tuple[str, ...], last: float, count: int) -> dict[str, Any]:
    """Random interior points with the last coordinate fixed."""
    rng = np.random.default_rng(7)
    p = rng.dirichlet([2.0] * (len(names) - 1), count) * (1 - last)
    return {**{x: p[:, i] for i, x in enumerate(names[:-1])}, names[-1]: np.full(count, last)}


def split(n: Expr, names: tuple[str, ...]) -> tuple[str, Expr] | None:
    """``c0 + c.p`` as ``u + (v - u) s`` with the sum s of some classes, named by them, if it takes two values."""
    if n.op == "var":
        c0, c = Fraction(0), {n.value[0]: Fraction(1)}
    elif n.op == "add" and all(a.op == "var" for a in n.args):
        c0, c = n.value[0], dict(zip((a.value[0] for a in n.args), n.value[1:], strict=True))
    else:
        return None
    weight = {x: c0 + c.get(x, Fraction(0)) for x in names}
    levels = sorted(set(weight.values()))
    if len(levels) != 2:
        return None
    low, high = ([x for x in names if weight[x] == level] for level in levels)
    (u, v), some = (levels, high) if (len(high), high) < (len(low), low) else (levels[::-1], low)
    return "+".join(some), add(const(u), scale(v - u, var("+".join(some), "unit")))


def in_sums(n: Expr, names: tuple[str, ...]) -> Expr:
    """The expression in sums of classes: each affine form that takes two values on the corners is one variable."""
    done: dict[Expr, Expr] = {}
    for m in topological([n]):
        found = split(m, names)
        done[m] = found[1] if found else rebuild(m, [done[a] for a in m.args])
    return done[n]


def own_terms(n: Expr, names: tuple[str, ...]) -> dict[str, Expr]:
    """The terms of a sum that hold one sum of classes, gathered by its name, in t; the constant is left out."""
    terms = zip(n.args, n.value[1:], strict=True) if n.op == "add" else [(n, Fraction(1))]
    own: dict[str, list[Expr]] = {}
    for term, c in terms:
        t = term if term.op == "var" else in_sums(term, names)
        held = variables([t])
        if len(held) == 1:
            own.setdefault(held[0], []).append(scale(c, t))
    return {x: substitute([add(*ts)], {var(x, "unit"): T})[0] for x, ts in own.items()}


def curvatures(bends: list[list[Expr]], names: tuple[str, ...]) -> tuple[list[list[Fraction]], list[Expr]]:
    """Directions (indicators of sets of classes) and the curvature along each, read off the terms of the Hessian."""
    found: dict[str, Expr] = {}
    for j, row in enumerate(bends):
        for k, n in enumerate(row):
            for name, f in own_terms(n, names).items():
                some = name.split("+")
                v = [(names[i] in some) - (names[-1] in some) for i in (j, k)]
                if v[0] * v[1] and name not in found:
                    found[name] = scale(Fraction(v[0] * v[1]), f)
    directions = [[Fraction(x in name.split("+")) for x in names] for name in found]
    return directions, list(found.values())


def remainder(
    bends: list[list[Expr]], directions: list[list[Fraction]], curves: list[Expr], names: tuple[str, ...]
) -> list[list[Fraction]] | None:
    """The constant part of the curvature; None when it is not constant."""
    last = len(names) - 1
    at = points(names, 0.3, 5)
    p = np.stack([at[x] for x in names])
    d = np.array(directions, float).reshape(len(directions), len(names))
    own = [evaluate([f], {"t": d[i] @ p})[0] for i, f in enumerate(curves)]
    v = d[:, :-1] - d[:, -1:]
    matrix = [[Fraction(0)] * last for _ in range(last)]
    for j in range(last):
        for k in range(last):
            left = evaluate([bends[j][k]], at)[0] - sum(v[i, j] * v[i, k] * f for i, f in enumerate(own))
            if not np.isfinite(left).all() or np.ptp(left) > 1e-7 * (1 + np.abs(left).max()):
                return None
            matrix[j][k] = Fraction(float(left[0])).limit_denominator(10**6)
    return [[matrix[min(j, k)][max(j, k)] for k in range(last)] for j in range(last)]
