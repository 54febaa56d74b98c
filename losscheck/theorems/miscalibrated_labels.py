"""Losses of several labels that are no sum over the labels: laws at which they fail.

Rules ``unheard_label`` (a label vector with a constant loss) and ``label_dual_witness`` (a law whose minimiser has the
wrong sign for a label, and a dual bound over the scores with the right one).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.certificate import q
from losscheck.engines.flows import Flows
from losscheck.engines.risk import Risk, rounded
from losscheck.expr.graph import topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.theorems.calibrated_polyhedral import parsed
from losscheck.theorems.refuted_by_dual_witness import tangent
from losscheck.verdict import Outcome
from losscheck.verifier import CertificateRejected
from losscheck.verifier.balls import Undefined
from losscheck.verifier.certificate import Case

LAWS, MOST, MOST_LABELS, GAP, FLAT = 20, 6, 4, 1e-7, 1e-4
STEPS = (Fraction(1, 8), Fraction(1, 50), Fraction(1, 400))


def unheard(lifted: Lifted, prop: str) -> Outcome | None:
    """Refute calibration or recovery where the loss of a label vector is constant."""
    for y, root in enumerate(lifted.roots):
        if not any(n.op == "var" for n in topological([root])):
            label = "".join(map(str, lifted.labels[y]))
            message = (
                f"The loss of the label vector {label} is constant: more of it leaves all minimisers as they were."
            )
            proof = {"rule": "unheard_label", "label": y, "shows": prop}
            return refute(lifted, prop, proof, message=message, witness={"label": label})
    return None


def by_law(lifted: Lifted) -> Outcome | None:
    """Refute calibration by one law of the label vectors."""
    if len(lifted.variables) > MOST_LABELS or lifted.parameters:
        return None
    try:
        case, risk = parsed(lifted), Risk(lifted)
    except (CertificateRejected, OverflowError):  # too large to be read
        return None
    for p, i, z, edge in candidates(lifted, risk)[:MOST]:
        flows = bound(case, p, i, edge) if z is not edge else tangent(case, p, rounded(z))
        if flows is None:
            continue
        at = [q(x) for x in rounded(z)]
        proof = {"rule": "label_dual_witness", "p": [q(x) for x in p], "i": i, "z": at, "flows": flows}
        eta = sum((w for w, y in zip(p, lifted.labels, strict=True) if y[i]), Fraction(0))
        message = (
            f"There is a law of the label vectors with P(y_{i} = 1) = {eta} whose risk is lower at z = "
            f"({', '.join(f'{float(x):.4g}' for x in z)}) than at all scores with the right sign for label {i}."
        )
        witness = {"p": proof["p"], "label": i, "z": at}
        if found := refute(lifted, "classification_calibrated", proof, message=message, witness=witness):
            return found
    return None


def laws(lifted: Lifted, i: int) -> Iterator[tuple[list[Fraction], list[Fraction]]]:
    """Laws of a few label vectors in which label i is as probable as not: what they give to each value of it."""
    rng = np.random.default_rng(i)
    count = len(lifted.roots)
    for _ in range(LAWS):
        few = rng.choice(count, size=min(count, int(rng.integers(2, 5))), replace=False).tolist()
        sides = [[y for y in few if lifted.labels[y][i] == bit] for bit in (1, 0)]
        if not all(sides):
            continue
        halves = []
        for side in sides:
            weights = rng.integers(1, 10, size=len(side)).tolist()
            half = dict(zip(side, weights, strict=True))
            halves.append([Fraction(half.get(y, 0), sum(weights)) for y in range(count)])
        yield halves[0], halves[1]


def mixed(halves: tuple[list[Fraction], list[Fraction]], eta: Fraction) -> list[Fraction]:
    """The law with probability eta of the label."""
    return [eta * a + (1 - eta) * b for a, b in zip(*halves, strict=True)]


def candidates(lifted: Lifted, risk: Risk) -> list[tuple[list[Fraction], int, NDArray[Any], NDArray[Any]]]:
    """``(p, i, minimiser, minimiser with z_i = 0)`` for laws whose minimiser has the wrong sign for label i, or none.

    Where a label is as probable as not and its score is not 0, it is a little more or less probable in a law that
    refutes; where its score stays 0 although it is not, the two minimisers are one.
    """
    found = []
    k, half = len(lifted.variables), Fraction(1, 2)
    for i in range(k):
        others = np.delete(np.eye(k), i, axis=1)
        ones = [y for y, label in enumerate(lifted.labels) if label[i]]
        for halves in laws(lifted, i):
            z = risk.minimise([float(x) for x in mixed(halves, half)])
            if z is None:
                continue
            flat = abs(z[i]) < FLAT
            for step in STEPS:
                p = mixed(halves, half + step if flat or z[i] < 0 else half - step)
                weights = [float(x) for x in p]
                z, edge = risk.minimise(weights), risk.minimise(weights, others, z)
                if z is None or edge is None:
                    break
                gap = float(np.dot(weights, risk.losses(edge) - risk.losses(z)))
                if not flat and gap > GAP and z[i] * float(sum(p[y] for y in ones) - half) < -FLAT * GAP:
                    found.append((gap, p, i, z, edge))
                if flat and abs(gap) < GAP and abs(z[i]) < FLAT:
                    found.append((0.0, p, i, edge, edge))
    found.sort(key=lambda c: -c[0])
    return [(p, i, z, edge) for _, p, i, z, edge in found]


def bound(case: Case, p: list[Fraction], i: int, edge: NDArray[Any]) -> list[list[str] | None] | None:
    """Multipliers of a minorant that changes with z_i alone, near the tangent where z_i = 0."""
    weights: dict[Any, Fraction] = {}
    for root, w in zip(case.roots, p, strict=True):
        weights[root] = weights.get(root, Fraction(0)) + w
    try:
        flows = Flows({n: w for n, w in weights.items() if w}, case.variables)
        level = [flows.slopes[x] for j, x in enumerate(case.variables) if j != i]
        guess = flows.at(dict(zip(case.variables, map(float, edge), strict=True)), level)
    except (Undefined, ZeroDivisionError, OverflowError):
        return None
    exact = flows.solve(guess, level)
    return None if exact is None else flows.hints(exact)
