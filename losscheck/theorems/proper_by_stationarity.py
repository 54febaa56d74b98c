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
from losscheck.expr.build import add, const, power, rebuild, scale, sub, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.risk_curvature import along, curvatures, points, remainder
from losscheck.verdict import Outcome


@dataclass(frozen=True)
class Norm:
    """``(sum w_i p_i^a)^(1/a)`` with a factor still to be found."""

    a: Fraction
    weights: tuple[Fraction, ...]

    def expr(self, names: tuple[str, ...]) -> Expr:
        """The norm in the variables."""
        inside = add(*(scale(w, power(var(x, "unit"), self.a)) for w, x in zip(self.weights, names, strict=True)))
        return power(inside, 1 / self.a)


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
