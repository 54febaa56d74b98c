"""Losses whose risk is lower somewhere else than where softmax(z) = p: refuted by one distribution."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.certificate import q
from losscheck.engines.flows import Flows, Linear, combine
from losscheck.engines.risk import Risk, distributions, rounded
from losscheck.expr.graph import topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.theorems.calibrated_polyhedral import parsed
from losscheck.verdict import Outcome
from losscheck.verifier.balls import Undefined
from losscheck.verifier.certificate import Case
from losscheck.verifier.piecewise_linear import is_piecewise_linear

MOST = 4


def _minorant(case: Case, p: list[Fraction], z: NDArray[Any]) -> list[list[str] | None] | None:
    """Multipliers of a minorant that only sees differences of scores, large at log p."""
    weights: dict[Any, Fraction] = {}
    for root, w in zip(case.roots, p, strict=True):
        weights[root] = weights.get(root, Fraction(0)) + w
    try:
        flows = Flows(weights, case.variables)
        level: Linear = {}
        goal = flows.constant
        for x, w in zip(case.variables, p, strict=True):
            level = combine(level, Fraction(1), flows.slopes[x])
            goal = combine(goal, Fraction(float(np.log(float(w)))), flows.slopes[x])
        if is_piecewise_linear(case.roots):
            guess = flows.programme([level], goal)
        else:
            guess = flows.at(dict(zip(case.variables, map(float, z), strict=True)))
    except (Undefined, ZeroDivisionError, OverflowError):
        return None
    exact = None if guess is None else flows.solve(guess, [level])
    return None if exact is None else flows.hints(exact)


def candidates(risk: Risk, k: int) -> list[tuple[float, list[Fraction], NDArray[Any], NDArray[Any]]]:
    """``(-gap, p, better point, best scores with softmax p)``, the largest gaps first."""
    found, lost = [], 0
    for p in distributions(k)[:: 2 if k < 4 else 1]:
        if lost > 2:  # no minimisers: the risk falls without bound
            break
        weights = np.array([float(x) for x in p])
        logs = np.log(weights)
        z = risk.minimise(weights.tolist(), start=logs)
        if z is None:
            lost += 1
            continue
        own = _shifted(risk, weights, logs)
        gap = float(weights @ (risk.losses(own) - risk.losses(z)))
        if gap > 1e-9:
            found.append((-gap, p, np.clip(z, -60, 60), own))
    return sorted(found, key=lambda c: (c[0], c[1]))


def _shifted(risk: Risk, weights: NDArray[Any], z: NDArray[Any]) -> NDArray[Any]:
    """Shift the scores by the best common amount: the best of a grid, then a bounded search around it."""
    from scipy.optimize import minimize_scalar

    shifts = np.linspace(-20, 20, 81)
    with np.errstate(all="ignore"):
        values = weights @ risk.losses(z[:, None] + shifts)
        near = shifts[int(np.argmin(np.where(np.isfinite(values), values, np.inf)))]
        best = minimize_scalar(
            lambda c: float(weights @ risk.losses(z + c)), bounds=(near - 0.6, near + 0.6), method="bounded"
        )
    shifted: NDArray[Any] = z + (float(best.x) if np.isfinite(best.fun) else near)
    return shifted


def close_calls(risk: Risk, k: int) -> list[tuple[list[Fraction], list[Fraction]]]:
    """Pairs (p, z) for losses moved by an epsilon: a Newton step from log p, and classes rarer than a constant."""
    out = []
    for p in distributions(k)[-2:]:
        weights, h = [float(x) for x in p], 1e-4
        logs = np.log(weights)
        slope = risk.gradient(weights, logs)
        sides = [[risk.gradient(weights, logs + s * h * e) for s in (1, -1)] for e in np.eye(k)]
        bend = np.array([(up - down) / (2 * h) for up, down in sides])
        if np.all(np.isfinite(bend)) and np.all(np.isfinite(slope)):
            step = -np.linalg.pinv(bend, rcond=1e-6) @ slope
            if 0 < np.max(np.abs(step)) < 0.1:
                out.append((p, [Fraction(float(x)) + Fraction(float(d)) for x, d in zip(logs, step, strict=True)]))
    for rare in (Fraction(1, 20), Fraction(1, 100), Fraction(1, 2000)):  # classes that are given up altogether
        p = [1 - (k - 1) * rare, *[rare] * (k - 1)]
        shares = np.array([float(x) for x in p])
        without = np.where(shares < 0.5, -100.0, 0.0)
        if float(shares @ (risk.losses(np.log(shares)) - risk.losses(without))) > 1e-6:
            out.append((p, [Fraction(int(x)) for x in without]))
    small = [Fraction(n.value) for n in topological(risk.lifted.roots) if n.op == "float" and 0 < n.value < 0.01]
    small += [n.value for n in topological(risk.lifted.roots) if n.op == "const" and 0 < n.value < Fraction(1, 100)]
    for c in sorted(set(small))[:3]:
        rare = Fraction(1, int(10 / c) + 1)
        out.append(([1 - (k - 1) * rare, *[rare] * (k - 1)], [Fraction(0), *[Fraction(-100)] * (k - 1)]))
    return out


def _by_shift(lifted: Lifted, p: list[Fraction], z: list[Fraction]) -> Outcome | None:
    """Compare the risk at z with the least near log p, for losses that do not see common shifts."""
    where, scores = ", ".join(map(str, p)), ", ".join(f"{float(x):.12g}" for x in z)
    message = f"At p = ({where}) the scores z = ({scores}) have a lower risk than all scores with softmax(z) = p."
    witness = {"p": [q(x) for x in p], "z": [q(x) for x in z]}
    proof = {"rule": "does_not_recover_softmax", **witness, "radius": q(Fraction(1, 10**32))}
    return refute(lifted, "recovers_probability", proof, message=message, witness=witness)


def does_not_recover_softmax(lifted: Lifted) -> Outcome | None:
    """Refute that softmax recovers p, or return None."""
    risk, k = Risk(lifted), len(lifted.variables)
    case = parsed(lifted)
    for less, p, z, own in candidates(risk, k)[:MOST]:
        where, scores = ", ".join(map(str, p)), ", ".join(f"{x:.4g}" for x in z)
        message = f"At p = ({where}) the scores z = ({scores}) have a lower risk than all scores with softmax(z) = p."
        head = {"rule": "does_not_recover_softmax", "p": [q(x) for x in p], "z": [q(x) for x in rounded(z)]}
        attempts: list[dict[str, Any]] = [{**head, "radius": "1/1000000"}]
        flows = _minorant(case, p, own)
        if flows is not None:
            attempts.append({**head, "flows": flows})
        if -less > 1e-3:  # else too many boxes
            level = Fraction(float(np.dot([float(w) for w in p], risk.losses(own))) + less / 4).limit_denominator(10**6)
            attempts.append({**head, "radius": "1/1000000", "line": q(level)})
        for proof in attempts:
            witness = {"p": head["p"], "z": head["z"]}
            found = refute(lifted, "recovers_probability", proof, message=message, witness=witness)
            if found:
                return found
    return next((found for p, at in close_calls(risk, k) if (found := _by_shift(lifted, p, at))), None)
