"""Calibration of binary losses whose minimising score is an increasing link of eta that is 0 at 1/2, convex or not.

Let f1, f0 be the losses of a score z for the two labels (phi(z), phi(-z) for a margin loss), C = eta f1 + (1 - eta) f0.

Lemma (of a composite loss, Reid, Williamson 2010; the threshold is that of the zero-one loss). Let f1, f0 satisfy the
hypotheses of the rule ``recovers_by_link`` with ends L < 0 < U and the labels not turned round, and let
f1'(0) + f0'(0) = 0. There C' = s (eta - eta(z)) on (L, U) with s = f1' - f0' < 0, eta(z) is continuous and
nondecreasing, and left of L both f1' <= 0 and f0' <= 0, right of U both >= 0. As eta(0) = 1/2, for eta > 1/2 the risk
does not rise on (-inf, 0]: the infimum over the wrong scores, the tie 0 among them, is C(0), and
C'(0) = s(0) (eta - 1/2) < 0 makes some z > 0 cheaper. For eta < 1/2 the risk does not fall on [0, inf), and C'(0) > 0.
Sure labels, eta = 0 and 1, are no exception.

Hypotheses checked: the premise by its own rule, its ends and its order of the labels; the sum of slopes at 0 (which is
0 for every margin loss that is differentiable there).

Proof node: ``{"rule": "calibrated_by_link", "premise": {"rule": "recovers_by_link", ...}}``
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import curve
from losscheck.verifier.functions_1d import two_sides
from losscheck.verifier.verify import Checker, Fact


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise, that 0 lies between the ends, and the slopes at 0."""
    premise = proof["premise"]
    expect(isinstance(premise, dict) and premise.get("rule") == "recovers_by_link", "the premise must show a link")
    checker.premise(premise, "recovers_probability")
    expect(premise["turned"] is False, "the link falls")
    low, high = (None if premise[k] is None else rational(premise[k]) for k in ("low", "high"))
    expect((low is None or low < 0) and (high is None or high > 0), "the score 0 is not inside the link")
    if case.kind != "margin":
        sides, pool = two_sides(case), case.pool
        c = curve(pool, pool.add(*sides), case.variables[0], None, None, premise["breaks"], sides)
        here = [i for i, cut in enumerate(c.cuts) if cut.low == cut.high == 0]
        expect(bool(here), "the score 0 must be a breakpoint")
        slope = c.limit(c.derivative(here[0] + 1), here[0], 1)
        expect(c.gap(pool.zero, slope, here[0]) == "0", "the score 0 is not that of 1/2")
    return Fact("classification_calibrated")
