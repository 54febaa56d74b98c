"""Coercive losses stationary at softmax(z) = p (cross-entropy, pairwise logistic): softmax recovers p."""

from __future__ import annotations

from fractions import Fraction

from losscheck.certificate import certificate
from losscheck.engines.flows import Flows, combine
from losscheck.expr.constants import choices
from losscheck.expr.graph import topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome
from losscheck.verifier.balls import Undefined
from losscheck.verifier.certificate import read
from losscheck.verifier.interval import SWITCHES
from losscheck.verifier.terms import Node

Hints = list[list[str] | None]


def _bound(root: Node, names: list[str], up: int | None, y: int) -> Hints | None:
    """Multipliers of a minorant of slope ``a (z_up - z_y)`` (up None: of slope 0), with a as large as possible."""
    try:
        flows = Flows({root: Fraction(1)}, names)
    except Undefined:
        return None
    level = [flows.slopes[x] for i, x in enumerate(names) if up is None or i not in (up, y)]
    goal = None
    if up is not None:
        level.append(combine(flows.slopes[names[up]], Fraction(1), flows.slopes[names[y]]))
        goal = flows.slopes[names[up]]
    guess = flows.programme(level, goal)
    exact = None if guess is None else flows.solve(guess, level)
    return None if exact is None else flows.hints(exact)


def recovers_softmax_by_stationarity(lifted: Lifted) -> Outcome | None:
    """Prove that softmax recovers p, or return None."""
    if any(n.op in SWITCHES for n in topological(lifted.roots)):
        return None
    for choice in choices(lifted.roots):
        case = read(certificate(lifted, "recovers_probability", "proved", {}, constants=choice))
        k = len(case.variables)
        bounds = [
            _bound(root, case.variables, j if j != y else None, y)
            for y, root in enumerate(case.roots)
            for j in [y, *(i for i in range(k) if i != y)]
        ]
        if any(b is None for b in bounds):
            continue
        message = "The risk grows with every difference of scores and is stationary only where softmax(z) = p."
        proof = {"rule": "recovers_softmax_by_stationarity", "flows": bounds}
        found = prove(lifted, "recovers_probability", proof, message=message)
        if found:
            return found
    return None
