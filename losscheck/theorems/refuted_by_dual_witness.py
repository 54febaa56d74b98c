"""Convex losses whose risk is lowest at a wrong class: an exact point, and a dual bound over the right ones."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.certificate import q
from losscheck.engines.flows import Flows, combine
from losscheck.engines.risk import Risk, distributions, rounded
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


def bound(case: Case, p: list[Fraction], tie: NDArray[Any], t: int, j: int) -> list[list[str] | None] | None:
    """Multipliers of a minorant with slope ``a (z_t - z_j)``, near the tangent at the tie."""
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
    level.append(combine(flows.slopes[names[t]], Fraction(1), flows.slopes[names[j]]))
    exact = flows.solve(guess, level)
    return None if exact is None else flows.hints(exact)


def refuted_by_dual_witness(lifted: Lifted) -> Outcome | None:
    """Refute calibration of a convex loss by one distribution, or return None."""
    risk, k = Risk(lifted), len(lifted.variables)
    case = parsed(lifted)
    for _, p, z, tie in candidates(risk, k)[:MOST]:
        t, j = p.index(max(p)), int(np.argmax(z))
        flows = bound(case, p, tie, t, j)
        if flows is None:
            continue
        at = rounded(z)
        proof = {"rule": "calibrated_dual_witness", "p": [q(x) for x in p], "z": [q(x) for x in at], "flows": flows}
        where, scores = ", ".join(map(str, p)), ", ".join(f"{float(x):.4g}" for x in at)
        message = (
            f"At p = ({where}) the scores z = ({scores}), which rank class {j} first, have a lower risk than all "
            f"scores that rank the most likely class {t} first."
        )
        witness = {"p": proof["p"], "z": proof["z"]}
        found = refute(lifted, "classification_calibrated", proof, message=message, witness=witness)
        if found:
            return found
    return None
