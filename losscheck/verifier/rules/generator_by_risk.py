r"""The convex generator of a proper loss: minus its Bayes risk.

Let l be proper (premise) and ``G(p) = -sum_y p_y l(p, y)``. Properness reads ``G(p) >= G(q) + sum_y (p_y - q_y)
(-l(q, y))`` where the losses at q are finite: G is convex, ``-l(q, .)`` is a subgradient of it at q, and the regret
``sum_y p_y (l(q, y) - l(p, y))`` is the Bregman divergence ``G(p) - G(q) - <-l(q, .), p - q>`` (McCarthy 1956;
Savage 1971). As ``G(p)`` is minus the least risk, its value is minus the Bayes risk (premise ``bayes_risk``).

If l is not proper (premise), some regret is negative, which no Bregman divergence of a convex function is.

Proof node: ``{"rule": "generator_by_risk", "proper": proof, "risk": proof or null}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.verify import Checker, Fact

KINDS = ("probability", "simplex")


def negative(x: Any) -> Any:
    """Minus a number, or the numbers of a list."""
    return [negative(y) for y in x] if isinstance(x, list) else 0.0 - x


def turned(bounds: Any) -> Any:
    """Bounds of minus a number, or of the numbers of a list."""
    if isinstance(bounds[0], list):
        return [turned(b) for b in bounds]
    return [0.0 - bounds[1], 0.0 - bounds[0]]


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premises."""
    known, name = checker.fact(proof["proper"]), "bregman_generator"
    expect(known.property == "proper", "the premise does not decide properness")
    if proof["risk"] is None or not known.holds:
        return Fact(name, holds=known.holds)
    risk = checker.premise(proof["risk"], "bayes_risk")
    return Fact(name, params=risk.params, value=negative(risk.value), bounds=turned(risk.bounds))
