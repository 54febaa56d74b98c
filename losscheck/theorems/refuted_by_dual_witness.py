"""Convex losses whose risk is lowest at a wrong class: an exact point, and a dual bound over the right ones."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.certificate import q
from losscheck.engines.flows import Flows, combine
from losscheck.engines.risk import Risk, distributions, rounded
from losscheck.engines.tight import tight
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.theorems.calibrated_polyhedral import parsed
from losscheck.verdict import Outcome
from losscheck.verifier.balls import Undefined
from losscheck.verifier.certificate import Case

MOST = 6


def candidates(
    risk: Risk, k: int, prior: list[Fraction] | None = None
) -> list[tuple[float, list[Fraction], NDArray[Any], NDArray[Any]]]:
    """``(-gap, p, wrong z, best z on the tie)`` for distributions whose minimiser has another class on top.

    The class that should be on top maximises p, or p / prior.
    """
    found = []
    for p in distributions(k):
        lead = [x / a for x, a in zip(p, prior or [Fraction(1)] * k, strict=True)]
        t = lead.index(max(lead))
        if lead.count(max(lead)) > 1:
            continue
        weights = [float(x) for x in p]
        z = risk.minimise(weights)
        if z is None or int(np.argmax(z)) == t:
            continue
        j = int(np.argmax(z))
        basis = np.delete(np.eye(k), j, axis=1)
        basis[j, t if t < j else t - 1] = 1.0  # z_j = z_t
        tie = risk.minimise(weights, basis, z)
        if tie is None or np.max(tie) > tie[t] + 1e-9:
            continue
        gap = float(np.dot(weights, risk.losses(tie) - risk.losses(z)))
        if gap > 1e-9:
            found.append((-gap, p, z, tie))
    return sorted(found, key=lambda c: (c[0], c[1]))


def ties(risk: Risk, k: int) -> list[tuple[list[Fraction], NDArray[Any]]]:
    """``(p, z)`` for distributions whose lowest risk seems to lie where the top class shares the first place."""
    found = []
    for p in distributions(k):
        t = p.index(max(p))
        weights = [float(x) for x in p]
        z = risk.minimise(weights) if p.count(max(p)) == 1 else None
        if z is None:
            continue
        first = z > np.max(z) - 1e-3
        even = np.where(first, np.mean(z[first]), z)
        if first[t] and sum(first) > 1 and np.dot(weights, risk.losses(even) - risk.losses(z)) < 1e-6:
            found.append((p, even))
    return found


def bound(case: Case, p: list[Fraction], tie: NDArray[Any], t: int, j: int) -> list[list[str] | None] | None:
    """Multipliers of a minorant with slope ``a (z_t - z_j)``, near the tangent at the tie; j = t: with slope 0."""
    weights: dict[Any, Fraction] = {}
    for root, w in zip(case.roots, p, strict=True):
        weights[root] = weights.get(root, Fraction(0)) + w
    try:
        flows = Flows(weights, case.variables)
        guess = flows.at(dict(zip(case.variables, map(float, tie), strict=True)))
    except (Undefined, ZeroDivisionError, OverflowError):
        return None
    names = case.variables
    level = [flows.slopes[x] for i, x in enumerate(names) if i not in (t, j)]
    level.append(combine(flows.slopes[names[t]], Fraction(j != t), flows.slopes[names[j]]))
    if j == t:  # equality needs the tangents of squares themselves
        squares = (e for n, found in flows.splits if n.op == "pow" for e in found)
        level += [{e: Fraction(1), -1: -Fraction(guess[e]).limit_denominator(10**6)} for e in squares]
    exact = flows.solve(guess, level)
    return None if exact is None else flows.hints(exact)


def tangent(case: Case, p: list[Fraction], z: list[Fraction]) -> list[list[str] | None] | None:
    """Multipliers of a minorant of slope 0 that touches the risk at z, where maxima tie, by a linear programme."""
    weights: dict[Any, Fraction] = {}
    for root, w in zip(case.roots, p, strict=True):
        weights[root] = weights.get(root, Fraction(0)) + w
    try:
        flows = Flows(weights, case.variables)
        touching = tight(flows, dict(zip(case.variables, z, strict=True)))
    except (Undefined, ZeroDivisionError, OverflowError):
        return None
    if touching is None:
        return None
    level = [*touching, *flows.slopes.values()]
    guess = flows.programme(level)
    exact = None if guess is None else flows.solve(guess, level)
    return None if exact is None else flows.hints(exact)


def refuted_by_dual_witness(lifted: Lifted) -> Outcome | None:
    """Refute calibration of a convex loss by one distribution, or return None."""
    risk, k = Risk(lifted), len(lifted.variables)
    case = parsed(lifted)
    tries = [(p, z, tie) for _, p, z, tie in candidates(risk, k)[:MOST]]
    for p, z, tie in tries + [(p, z, z) for p, z in ties(risk, k)[: MOST - len(tries)]]:
        t = p.index(max(p))
        j = int(np.argmax(np.where(np.arange(k) == t, -np.inf, z)))
        at = rounded(z)
        tied = z is tie
        for flows in (bound(case, p, tie, t, t if tied else j), tangent(case, p, at) if tied else None):
            found = None if flows is None else _witness(lifted, p, at, t, j, flows)
            if found:
                return found
    return None


def _witness(
    lifted: Lifted, p: list[Fraction], at: list[Fraction], t: int, j: int, flows: list[list[str] | None]
) -> Outcome | None:
    proof = {"rule": "calibrated_dual_witness", "p": [q(x) for x in p], "z": [q(x) for x in at], "flows": flows}
    where, scores = ", ".join(map(str, p)), ", ".join(f"{float(x):.4g}" for x in at)
    message = (
        f"At p = ({where}) the scores z = ({scores}), which rank class {j} first, have a risk no higher than all "
        f"scores that rank the most likely class {t} first."
    )
    witness = {"p": proof["p"], "z": proof["z"]}
    return refute(lifted, "classification_calibrated", proof, message=message, witness=witness)
