"""Smooth equivariant losses: linear odds (cross-entropy, label smoothing) or monotone pairs (one against all)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import certificate, q
from losscheck.engines.flows import Flows
from losscheck.engines.numeric import evaluate
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome
from losscheck.verifier.balls import Undefined
from losscheck.verifier.certificate import read
from losscheck.verifier.interval import SWITCHES
from losscheck.verifier.rules.calibrated_swap import remainder


def bounded_below(lifted: Lifted, choice: dict[str, str]) -> list[list[str] | None] | None:
    """Multipliers that bound the loss of class 0 (without its exponentials) below, or None."""
    case = read(certificate(lifted, "classification_calibrated", "proved", {}, constants=choice))
    try:
        flows = Flows({remainder(case.pool, case.roots[0]): Fraction(1)}, case.variables)
    except Undefined:
        return None
    level = list(flows.slopes.values())
    guess = flows.programme(level)
    exact = None if guess is None else flows.solve(guess, level)
    return None if exact is None else flows.hints(exact)


def odds(lifted: Lifted, choice: dict[str, str]) -> Fraction | None:
    """The constant c of ``l_0 - l_1 = c (z_1 - z_0)`` if that holds at random points, else None."""
    rng = np.random.default_rng(0)
    z = rng.normal(size=(len(lifted.variables), 20))
    a, b = evaluate(chosen(lifted.roots, choice)[:2], dict(zip(lifted.variables, z, strict=True)))
    ratio = (a - b) / (z[1] - z[0])
    if not np.all(np.isfinite(ratio)) or np.ptp(ratio) > 1e-9 * max(1.0, abs(float(ratio[0]))):
        return None
    return Fraction(float(np.median(ratio))).limit_denominator(10**6)


def calibrated_swap(lifted: Lifted) -> Outcome | None:
    """Prove calibration of a smooth equivariant loss, or return None."""
    if any(n.op in SWITCHES - {"max"} for n in topological(lifted.roots)):
        return None
    for choice in choices(lifted.roots):
        flows = bounded_below(lifted, choice)
        if flows is None:
            continue
        proof: dict[str, Any] = {"rule": "calibrated_swap", "flows": flows}
        c = odds(lifted, choice)
        if c is not None:
            message = f"Every pair of classes has the odds l_i - l_j = {c} (z_j - z_i): calibrated at every p."
            attempts = [({**proof, "order": "odds", "c": q(c)}, message)]
        else:
            message = "Moving score from j to i always lowers l_i, strictly near ties: calibrated at every p."
            monotone = {**proof, "order": "monotone", "delta": "1/4"}
            attempts = [({**monotone, "kappa": q(k)}, message) for k in (Fraction(1, 8), Fraction(1, 100))]
        for attempt, text in attempts:
            found = prove(lifted, "classification_calibrated", attempt, message=text)
            if found:
                return found
    return None
