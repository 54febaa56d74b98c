"""Bayes risk and act: at the truth where the loss is proper, by the slope of the risk otherwise, else numerically.

Rules ``risk_at_truth``, ``risk_by_slopes``, ``risk_by_tangent`` and ``act_by_curvature``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q as text
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import ONE, add, scale, sub, substitute, var
from losscheck.expr.constants import simplest
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems import convex_by_curvature, proper_by_pieces, proper_by_stationarity
from losscheck.theorems.proper_by_pieces import GRID, binary, breakpoints
from losscheck.theorems.risk_wells import ties, wells
from losscheck.verdict import Outcome, not_applicable, supported, undecided

RADIUS = Fraction(1, 10**10)
Truth = list[Fraction]


def meant(x: Any) -> Fraction:
    """The rational a number of a question stands for."""
    if isinstance(x, bool) or not isinstance(x, int | float):
        raise ValueError(f"{x!r} is not a probability; give numbers in [0, 1]")
    value = simplest(float(x))
    return Fraction(x) if value is None else value


def truths(lifted: Lifted, given: dict[str, Any]) -> list[Truth]:
    """The truths of a question, one probability per class each."""
    if "eta" in given:
        if lifted.kind != "probability" and lifted.n_classes != 2:
            raise ValueError(f"eta speaks of two classes; give p, one number for each of {lifted.n_classes} classes")
        etas = given["eta"] if isinstance(given["eta"], list) else [given["eta"]]
        found = [[1 - meant(x), meant(x)] for x in etas]
    else:
        found = [[meant(x) for x in given["p"]]]
        if len(found[0]) != len(lifted.roots):
            raise ValueError(f"p has {len(found[0])} numbers; give one for each of {len(lifted.roots)} classes")
    for p in found:
        if sum(p) != 1 or min(p) < 0:
            raise ValueError(f"the truth {[float(x) for x in p]} is no probability; give numbers >= 0 of sum 1")
    return found


def minimiser(risk: Expr, kinks: list[Fraction]) -> tuple[Fraction, Fraction] | None:
    """A bracket around the point of [0, 1] where a risk is least."""
    grid = np.unique(np.concatenate([GRID, [0.0, 1.0], np.array(kinks, float)]))
    values = evaluate([risk], {"p": grid})[0]
    values = np.where(np.isfinite(values), values, np.inf)
    i = int(np.argmin(values))
    if grid[i] < 1e-9 or values[0] <= values[i]:
        return Fraction(0), Fraction(0)
    if grid[i] > 1 - 1e-9 or values[-1] <= values[i]:
        return Fraction(1), Fraction(1)
    for c in kinks:
        if abs(float(c) - grid[i]) < 1e-12:
            return c, c
    slope, low, high = derivative(risk, "p"), float(grid[i - 1]), float(grid[i + 1])
    for _ in range(100):
        middle = (low + high) / 2
        if evaluate([slope], {"p": np.array([middle])})[0][0] < 0:
            low = middle
        else:
            high = middle
    guess = Fraction((low + high) / 2).limit_denominator(10**14)
    return guess - RADIUS, guess + RADIUS


def by_slopes(lifted: Lifted, ask: str, given: dict[str, Any], found: list[Truth]) -> Outcome | None:
    """Binary losses: brackets of the minimisers, or None."""
    roots = binary(lifted)
    if roots is None:
        return None
    kinks = breakpoints(roots)
    risks = [add(scale(p[0], roots[0]), scale(p[1], roots[1])) for p in found]
    brackets = [minimiser(r, kinks) for r in risks]
    proof = {
        "rule": "risk_by_slopes", "ask": ask, "params": given, "breaks": [text(c) for c in kinks],
        "truths": [[text(x) for x in p] for p in found],
        "brackets": [[text(x) for x in ends] for ends in brackets if ends],
    }  # fmt: skip
    message = (
        "The conditional risk falls up to its minimiser and rises beyond it, by the sign of its slope on every piece."
    )
    return prove(lifted, ask, proof, message=message)


def proper_proof(lifted: Lifted, strict: bool) -> dict[str, Any] | None:
    """A proof of (strict) properness, or None."""
    for theorem in (proper_by_pieces, proper_by_stationarity):
        found: Outcome | None = theorem.attempt(lifted, strict)
        if found and found.certificate:
            return dict(found.certificate["proof"])
    return None


def at_truth(lifted: Lifted, ask: str, given: dict[str, Any], found: list[Truth]) -> Outcome | None:
    """Proper losses: the truth attains the minimum, or None."""
    premise = proper_proof(lifted, strict=ask == "bayes_act")
    if premise is None:
        return None
    proof = {
        "rule": "risk_at_truth", "ask": ask, "params": given, "premise": premise,
        "truths": [[text(x) for x in p] for p in found],
    }  # fmt: skip
    return prove(lifted, ask, proof, message="The loss is proper, so the truth itself attains the least risk.")


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


def answer(lifted: Lifted, ask: str, given: dict[str, Any]) -> Outcome:
    """The Bayes risk or act for a question ``{"eta": ...}`` or ``{"p": ...}``."""
    given = {name: list(x) if isinstance(x, tuple) else x for name, x in given.items()}
    try:
        found = truths(lifted, given)
    except ValueError as error:
        return not_applicable(f"{error}.", reason="no truth to ask about")
    outcome = (
        at_truth(lifted, ask, given, found)
        or by_slopes(lifted, ask, given, found)
        or by_tangent(lifted, ask, given, found[0])
        or by_curvature(lifted, ask, given, found[0])
    )
    if outcome:
        return outcome
    seen = [wells(lifted, p) for p in found]
    best = [each[0] for each in seen]
    if any(not abs(value) < 1e250 for _, value in best):
        return undecided("No report of finite risk was found.", reason="no finite risk")
    if ask == "bayes_risk":
        values: list[Any] = [value for _, value in best]
    else:
        if any(ties(lifted, p, each) for p, each in zip(found, seen, strict=True)):
            return not_applicable("Several reports seem to have the least risk.", reason="the minimiser is not unique")
        values = [float(p[1]) if "eta" in given else list(map(float, p)) for p, _ in best]
    value = values if isinstance(given.get("eta"), list) else values[0]
    return supported("The least risk found by descent from several starts.", value=value, params=given)
