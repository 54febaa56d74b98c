r"""Noise whose effect on every loss is a positive factor and a constant: it keeps the order of all risks.

Let T be the transition matrix and c > 0 with ``sum_j T[y][j] l_j - c l_y = d_y``, a constant, for every label y. For
every distribution and hypothesis ``R_noisy(f) = c R(f) + E d_y``, where the last term does not depend on f: the
minimisers over every hypothesis class are the same. A symmetric loss under uniform noise below 1 - 1/K is one case;
losses with other linear relations between their classes have others, under noise that is not uniform.

Hypotheses checked: c > 0; each difference is shown constant as in rules/symmetric_by_identity.py, and finite at a
rational point; all losses are defined at every finite score (by pieces: every one is a curve).

Proof node: ``{"rule": "noise_by_relations", "params": {...}, "transition": [[...]] or "rate": ..., "factor": "3/4",
"at": [...], "breaks": null | [...]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import curve
from losscheck.verifier.defined import exactly
from losscheck.verifier.functions_1d import ends
from losscheck.verifier.noise import KINDS, label_losses, transition
from losscheck.verifier.points import rational_point
from losscheck.verifier.rules.symmetric_by_identity import constant_by_pieces, constant_everywhere
from losscheck.verifier.verify import Checker, Fact

__all__ = ["KINDS", "check"]


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the relation of every label."""
    pool, losses, params = case.pool, label_losses(case), dict(proof["params"])
    noise, factor, breaks = transition(case, params, proof), rational(proof["factor"]), proof["breaks"]
    expect(params["model"] == "class_conditional" or params["rate"] is not None, "one matrix does not show every rate")
    expect(factor > 0, "the factor is not positive")
    at = rational_point(case, proof["at"])
    if breaks is not None:
        for loss in losses:
            curve(pool, loss, case.variables[0], *ends(case), breaks)
    for y, row in enumerate(noise):
        parts = zip(row, losses, strict=True)
        total = pool.linear(*((t - factor if y == j else t, n) for j, (t, n) in enumerate(parts)))
        for loss in losses:
            exactly(pool, loss, at)
        constant = exactly(pool, total, at)
        low, high = Enclosure({})(constant)
        expect(low.is_finite() and high.is_finite(), "a loss is not finite at the point")
        shown = (
            constant_everywhere(case, total, constant)
            if breaks is None
            else constant_by_pieces(case, total, constant, breaks)
        )
        expect(shown, f"the relation of label {y} is not shown")
    return Fact("noise_tolerant", params=params)
