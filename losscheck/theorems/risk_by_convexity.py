"""Bayes risk and act of convex scoring rules (rules ``risk_by_tangent`` and ``act_by_curvature``)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q as text
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import ONE, add, scale, sub, substitute, var
from losscheck.expr.derivative import derivative
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems import convex_by_curvature
from losscheck.theorems.risk_wells import wells
from losscheck.verdict import Outcome

RADIUS = Fraction(1, 10**10)
Truth = list[Fraction]


def by_tangent(lifted: Lifted, ask: str, given: dict[str, Any], truth: Truth) -> Outcome | None:
    """Convex rules of several classes: the tangent at a nearly best interior report bounds the risk below, or None."""
    if ask != "bayes_risk" or lifted.kind != "simplex":
        return None
    premise = convex_by_curvature.attempt(lifted)
    if premise is None or premise.certificate is None:
        return None
    best, _ = wells(lifted, truth)[0]
    inner = np.clip(best, 1e-9, None)
    inner /= inner.sum()
    rows = []
    for p in (inner, np.where(best < 1e-7, 0.0, best)):
        row = [Fraction(float(x)).limit_denominator(10**13) for x in p]
        row[int(np.argmax(p))] += 1 - sum(row, Fraction(0))
        rows.append([text(x) for x in row])
    for upper in rows[::-1]:
        proof = {
            "rule": "risk_by_tangent", "params": given, "truths": [[text(x) for x in truth]],
            "premise": premise.certificate["proof"], "inner": rows[0], "best": upper,
        }  # fmt: skip
        message = (
            "The loss is convex; the tangent of the conditional risk at a report close to the best bounds it below."
        )
        found = prove(lifted, ask, proof, message=message)
        if found:
            return found
    return None


def by_curvature(lifted: Lifted, ask: str, given: dict[str, Any], truth: Truth) -> Outcome | None:
    """Convex rules of several classes: Newton's method finds the stationary report, curvature isolates it, or None."""
    if ask != "bayes_act" or lifted.kind != "simplex":
        return None
    premise = convex_by_curvature.attempt(lifted)
    if premise is None or premise.certificate is None:
        return None
    names, free = lifted.variables, lifted.variables[:-1]
    rest = sub(ONE, add(*(var(x, "unit") for x in free)))
    total = add(*(scale(w, r) for w, r in zip(truth, lifted.roots, strict=True)))
    (risk,) = substitute([total], {var(names[-1], "unit"): rest})
    slope = [derivative(risk, x) for x in free]
    bend = [derivative(g, x) for g in slope for x in free]
    x, k = wells(lifted, truth)[0][0][:-1], len(free)
    for _ in range(8):
        at = {name: x[i : i + 1] for i, name in enumerate(free)}
        g = np.array([v[0] for v in evaluate(slope, at)])
        h = np.array([v[0] for v in evaluate(bend, at)]).reshape(k, k)
        if not (np.isfinite(g).all() and np.isfinite(h).all()) or np.linalg.matrix_rank(h) < k:
            return None
        x = x - np.linalg.solve(h, g)
    least = float(np.linalg.eigvalsh(h).min())
    if least <= 0 or not np.isfinite(x).all() or x.min() <= 0 or x.sum() >= 1:
        return None
    centre = [Fraction(float(v)) for v in x]
    proof = {
        "rule": "act_by_curvature", "params": given, "truths": [[text(p) for p in truth]],
        "premise": premise.certificate["proof"], "radius": text(10 * RADIUS), "curvature": text(Fraction(least / 2)),
        "centre": [text(c) for c in (*centre, 1 - sum(centre, Fraction(0)))],
    }  # fmt: skip
    message = "The loss is convex, and strongly so near a report where the conditional risk is stationary."
    return prove(lifted, ask, proof, message=message)
