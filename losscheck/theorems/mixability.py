"""Mixability and exp-concavity of binary losses: enclosed, or shown to be 0 (rules mixability and exp_concavity)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.breakpoints import Hint, breakpoints, grid, merge, middle
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import ONE, ZERO, mul, power, sub, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems.bayes import proper_proof
from losscheck.theorems.proper_by_pieces import binary
from losscheck.theorems.slope_by_pieces import SLACK, at_tangency, places, uppers
from losscheck.verdict import Outcome

P = var("p", "unit")


def attempt(lifted: Lifted, ask: str) -> Outcome | None:
    """Decide ``mixable`` or enclose ``mixability_constant`` of a proper binary loss, or return None."""
    roots, premise = binary(lifted), proper_proof(lifted, strict=False)
    if roots is None or premise is None:
        return None
    read = chosen(roots, choices(roots)[0])
    hints = merge(h for r in roots for h in breakpoints(r, "p", "unit"))
    gauge = mul(sub(ONE, P), derivative(read[0], "p"))
    head = {"rule": "mixability", "ask": ask, "premise": premise}
    for proof in proofs(gauge, hints):
        proof = {**head, **proof}
        if proof["upper"] is None:
            message = "The weight of the loss outgrows that of log loss: no constant is positive."
            if ask == "mixable":
                found = refute(lifted, ask, proof, message=message, witness={"where": proof["where"]})
            else:
                found = prove(lifted, ask, proof, message=message)
        else:
            message = f"The weight of the loss is at most {float(Fraction(proof['upper'])):.9g} times that of log loss."
            found = prove(lifted, ask, proof, message=message)
        if found:
            return found
    return None


def proofs(gauge: Expr, hints: list[Hint]) -> Iterator[dict[str, Any]]:
    """What to claim about the supremum of g: infinite at an end or a cut, a simple rational, or a little above."""
    found = list(places(gauge, "p", "unit", hints))
    endless = [p for v, p in found if "end" in p and (v > 1e3 or v < 0)]
    for where in [*endless, *({"index": i, "cut": True} for i in range(len(hints)))]:
        yield {"breaks": hints, "upper": None, "where": where}
    for upper, cuts, where in bounds(found, [hints]):
        yield {"breaks": cuts[0], "upper": q(upper), "where": where}


def bounds(
    found: list[tuple[float, dict[str, Any]]], hints: list[list[Hint]]
) -> Iterator[tuple[Fraction, list[list[Hint]], dict[str, Any]]]:
    """Upper bounds of a supremum with a place that attains each: exact ones first."""
    largest = max((v for v, _ in found), default=0.0)
    if not 0 < largest < 1e12:
        return
    top = [{"label": 0, **p} for v, p in found if v >= largest * (1 - 1e-7)]
    *exact, loose = uppers(largest)
    if largest < 1:  # the constant is the inverse: what is enclosed absolutely here would not be there
        loose = Fraction(largest).limit_denominator(2**40) + SLACK * Fraction(largest)
    for upper in exact:
        yield from ((upper, *at_tangency(hints, p)) for p in top)
        yield from ((upper, hints, p) for p in top)
    yield from ((loose, hints, p) for p in top)


def exp_concavity(lifted: Lifted) -> Outcome | None:
    """Enclose the exp-concavity constant, or return None."""
    roots = chosen(lifted.roots, choices(lifted.roots)[0])
    hints = [breakpoints(r, "p", "unit") for r in lifted.roots]
    found: list[tuple[float, dict[str, Any]]] = []
    flat: list[dict[str, Any]] = []
    for y, root in enumerate(roots):
        slope = derivative(root, "p")
        bend = derivative(slope, "p")
        x = grid("unit")[300:-300]  # inside (1e-3, 1 - 1e-3)
        steep, values = evaluate([slope, bend], {"p": x})
        values = np.where(np.isfinite(values) & (steep != 0), values, np.inf)
        k = int(np.argmin(values))
        if values[k] <= 0:
            before = sum(middle(h) < x[k] for h in hints[y])
            flat.append({"label": y, "index": before, "point": q(Fraction(float(x[k])))})
        flat += [{"label": y, "index": i, "cut": True} for i in range(len(hints[y]))]
        if bend is ZERO:
            continue
        inverse = mul(power(slope, Fraction(2)), power(bend, Fraction(-1)))
        seen = [(v, {"label": y, **p}) for v, p in places(inverse, "p", "unit", hints[y])]
        flat += [p for v, p in seen if "end" in p and (v > 1e3 or v < 0)]
        found += seen
    for where in flat:
        proof = {"rule": "exp_concavity", "breaks": hints, "lower": "0", "where": where}
        outcome = prove(lifted, "exp_concavity_constant", proof, message="The constant is 0: see the place named.")
        if outcome:
            return outcome
    for upper, cuts, where in bounds(found, hints):
        proof = {"rule": "exp_concavity", "breaks": cuts, "lower": q(1 / upper), "where": where}
        message = f"l'' >= {float(1 / upper):.9g} l'^2 for every report and label, with equality in the limit."
        outcome = prove(lifted, "exp_concavity_constant", proof, message=message)
        if outcome:
            return outcome
    return None
