"""Bayes risk and act of smooth scoring rules (``risk_by_tangent``, ``act_by_curvature``, ``risk_by_boxes``)."""

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
REACHES = (Fraction(1, 16), Fraction(1, 64), Fraction(1, 256))
"""Half widths of the box in which curvature alone rules out other reports."""
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


def stationary(lifted: Lifted, truth: Truth) -> tuple[list[Fraction], float] | None:
    """The stationary interior report next to the best one found, by Newton's method, and the least curvature there."""
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
    return [*centre, 1 - sum(centre, Fraction(0))], least


def by_curvature(lifted: Lifted, ask: str, given: dict[str, Any], truth: Truth) -> Outcome | None:
    """Convex rules of several classes: curvature isolates the stationary report, or None."""
    if ask != "bayes_act" or lifted.kind != "simplex":
        return None
    premise = convex_by_curvature.attempt(lifted)
    found = stationary(lifted, truth) if premise is not None and premise.certificate is not None else None
    if found is None or premise is None or premise.certificate is None:
        return None
    centre, least = found
    proof = {
        "rule": "act_by_curvature", "params": given, "truths": [[text(p) for p in truth]],
        "premise": premise.certificate["proof"], "radius": text(10 * RADIUS), "curvature": text(Fraction(least / 2)),
        "centre": [text(c) for c in centre],
    }  # fmt: skip
    message = "The loss is convex, and strongly so near a report where the conditional risk is stationary."
    return prove(lifted, ask, proof, message=message)


def by_boxes(lifted: Lifted, ask: str, given: dict[str, Any], truth: Truth) -> Outcome | None:
    """Smooth rules of three or four classes: boxes rule out every report but those near the stationary one, or None."""
    if lifted.kind != "simplex" or not 3 <= len(lifted.variables) <= 4:
        return None
    found = stationary(lifted, truth)
    if found is None:
        return None
    centre, least = found
    message = "The risk is strongly convex near a report where it is stationary, and higher everywhere else."
    for size in REACHES:
        reach = min(size, min(centre) / (2 * len(centre)))
        proof = {
            "rule": "risk_by_boxes", "ask": ask, "params": given, "truths": [[text(p) for p in truth]],
            "centre": [text(c) for c in centre], "radius": text(10 * RADIUS), "reach": text(reach),
            "curvature": text(Fraction(least / 4)),
        }  # fmt: skip
        proved = prove(lifted, ask, proof, message=message)
        if proved:
            return proved
    return None
