"""Scoring rules are proper where the truth is stationary and the Bayes risk concave.

Rules ``proper_by_stationarity``, and ``proper_by_minors`` for losses that stay smooth up to the boundary. For the first
the curvature of the Bayes risk is taken apart by reading its terms: norms come from powers of power sums in the graph,
their factors from differences between points; what is left splits into functions of sums of classes, and a constant.
The verifier checks the sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import graph_json
from losscheck.certificate import q as text
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import add, const, power, rebuild, scale, sub, substitute, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr, topological, variables
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome

T = var("t", "unit")


@dataclass(frozen=True)
class Norm:
    """``(sum w_i p_i^a)^(1/a)`` with a factor still to be found."""

    a: Fraction
    weights: tuple[Fraction, ...]

    def expr(self, names: tuple[str, ...]) -> Expr:
        """The norm in the variables."""
        inside = add(*(scale(w, power(var(x, "unit"), self.a)) for w, x in zip(self.weights, names, strict=True)))
        return power(inside, 1 / self.a)


def along(n: Expr, names: tuple[str, ...], k: int) -> Expr:
    """The derivative along ``e_k - e_last``."""
    return sub(derivative(n, names[k]), derivative(n, names[-1]))


def on_simplex(roots: list[Expr], names: tuple[str, ...]) -> list[Expr]:
    """The roots with ``c0 + c (p_0 + ... + p_last)`` folded to ``c0 + c``, ``exp(c log x)`` to ``x**c``."""
    done: dict[Expr, Expr] = {}
    for n in topological(roots):
        made = rebuild(n, [done[a] for a in n.args])
        if made.op == "add" and all(a.op == "var" for a in made.args):
            c = dict(zip((a.value[0] for a in made.args), made.value[1:], strict=True))
            if len({c.get(x, Fraction(0)) for x in names}) == 1:
                made = const(made.value[0] + c[names[0]])
        if made.op == "exp":  # a power whose exponent was a float
            (inner,) = made.args
            if inner.op == "add" and len(inner.args) == 1 and not inner.value[0] and inner.args[0].op == "log":
                made = power(inner.args[0].args[0], inner.value[1])
        done[n] = made
    return [done[r] for r in roots]


def norms(roots: list[Expr], names: tuple[str, ...]) -> list[Norm]:
    """The norms whose powers the losses contain."""
    found: dict[Norm, None] = {}
    for n in topological(roots):
        if n.op != "pow" or n.args[0].op != "add" or n.args[0].value[0]:
            continue
        inside = dict(zip(n.args[0].args, n.args[0].value[1:], strict=True))
        exponents = {t.value for t in inside if t.op == "pow" and t.args[0].op == "var"}
        if len(exponents) == 1 and all(t.op == "pow" and t.args[0].op == "var" and c > 0 for t, c in inside.items()):
            a = exponents.pop()
            weights = tuple(inside.get(power(var(x, "unit"), a), Fraction(0)) for x in names)
            if a > 1:
                found[Norm(a, weights)] = None
    return list(found)


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


def points(names: tuple[str, ...], last: float, count: int) -> dict[str, Any]:
    """Random interior points with the last coordinate fixed."""
    rng = np.random.default_rng(7)
    p = rng.dirichlet([2.0] * (len(names) - 1), count) * (1 - last)
    return {**{x: p[:, i] for i, x in enumerate(names[:-1])}, names[-1]: np.full(count, last)}


def factors(mixed: Expr, parts: list[Expr], names: tuple[str, ...]) -> list[Fraction] | None:
    """The c_r for which ``mixed + sum c_r part_r`` is the same at all points with one last coordinate."""
    if not parts:
        return []
    rows = [evaluate([mixed, *parts], points(names, last, 12)) for last in (0.2, 0.35, 0.5)]
    design = np.concatenate([np.diff(np.stack(r[1:], axis=1), axis=0) for r in rows])
    target = -np.concatenate([np.diff(r[0]) for r in rows])
    if not (np.isfinite(design).all() and np.isfinite(target).all()):
        return None
    solution = np.linalg.lstsq(design, target, rcond=None)[0]
    return [Fraction(float(c)).limit_denominator(10**5) for c in solution]


def supremum(f: Expr) -> float:
    """The largest value of a curvature on (0, 1), in floats."""
    tiny = np.geomspace(1e-9, 1e-2, 60)
    t = np.concatenate([tiny, np.linspace(0.01, 0.99, 197), 1 - tiny])
    y = evaluate([f], {"t": t})[0]
    return float(np.max(np.where(np.isfinite(y), y, -np.inf)))


def proposals(roots: list[Expr], names: tuple[str, ...], strict: bool) -> Iterator[dict[str, Any]]:
    """Ways to take the curvature of the Bayes risk apart."""
    last = len(names) - 1
    roots = on_simplex(roots, names)
    found = norms(roots, names)
    slopes = [sub(r, roots[-1]) for r in roots[:-1]]
    bends = [[along(s, names, k) for k in range(last)] for s in slopes]
    extra = [along(along(n.expr(names), names, 0), names, min(1, last - 1)) for n in found]
    c = factors(bends[0][min(1, last - 1)], extra, names)
    if c is None:
        return
    used = [(k, n) for k, n in zip(c, found, strict=True) if k > 0]
    specs = [{"c": text(k), "a": text(n.a), "w": [text(w) for w in n.weights]} for k, n in used]
    for j in range(last):
        for k in range(last):
            own = [scale(w, along(along(n.expr(names), names, j), names, k)) for w, n in used]
            bends[j][k] = on_simplex([add(bends[j][k], *own)], names)[0]
    directions, curves = curvatures(bends, names)
    matrix = remainder(bends, directions, curves, names)
    if matrix is None:
        return
    tops = [supremum(f) for f in curves]
    zero = [Fraction(0)] * len(tops)
    sups = [Fraction(x if np.isfinite(x) else 0).limit_denominator(1000) for x in tops]
    for shift in (zero, sups):
        if all(x <= s + 1e-9 for x, s in zip(tops, map(float, shift), strict=True)):
            yield {
                "rule": "proper_by_stationarity", "strict": strict, "norms": specs,
                "directions": [[text(c) for c in d] for d in directions],
                "curvatures": graph_json(curves) if curves else None, "shift": [text(s) for s in shift],
                "matrix": [[text(x) for x in row] for row in matrix],
            }  # fmt: skip


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


def attempt(lifted: Lifted, strict: bool) -> Outcome | None:
    """Prove (strict) properness of a scoring rule, or None."""
    if lifted.kind != "simplex":
        return None
    message = (
        f"The truth is {'the only' if strict else 'a'} minimiser of every conditional risk: it is stationary "
        f"there and the Bayes risk is {'strictly ' if strict else ''}concave (K = {lifted.n_classes})."
    )
    name = "strictly_proper" if strict else "proper"
    for choice in choices(lifted.roots):
        for proof in proposals(chosen(lifted.roots, choice), lifted.variables, strict):
            found = prove(lifted, name, proof, message=message)
            if found:
                return found
    if len(lifted.variables) > 4:
        return None
    return prove(lifted, name, {"rule": "proper_by_minors", "strict": strict}, message=message)
