r"""A truth ``p`` and a report ``q != p`` with a risk no larger: not (strictly) proper.

With ``L(p, q) = sum of p_y l_y(q) over the y with p_y > 0``: ``L(p, q) < L(p, p)`` refutes properness, and
``L(p, q) <= L(p, p)`` refutes strict properness. Hypotheses, all checked: p and q are rational points of the closed
simplex (or of [0, 1]), different, and every loss that enters is defined and finite at both; the float constants of the
code are balls of 2 ulp, so the verdict holds for every choice.

Proof node: ``{"rule": "proper_witness", "strict": bool, "p": ["3/10", ...], "q": [...]}``, one number per variable.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.defined import exactly
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact


def point(case: Case, values: Any) -> dict[str, Fraction]:
    """A rational point of the closed domain of a probability or simplex loss."""
    expect(isinstance(values, list) and len(values) == len(case.variables), "a point has one number per variable")
    xs = [rational(x) for x in values]
    expect(all(0 <= x <= 1 for x in xs), "a probability lies in [0, 1]")
    expect(case.kind == "probability" or sum(xs) == 1, "the probabilities of a simplex point sum to 1")
    return dict(zip(case.variables, xs, strict=True))


def weights(case: Case, at: dict[str, Fraction]) -> list[Fraction]:
    """The probability of every label."""
    return [1 - at["p"], at["p"]] if case.kind == "probability" else [at[x] for x in case.variables]


def risk(case: Case, truth: list[Fraction], report: dict[str, Fraction]) -> Node:
    """``sum of p_y l_y(q)`` over the labels of positive probability, an exact constant node."""
    parts = [(w, exactly(case.pool, r, report)) for w, r in zip(truth, case.roots, strict=True) if w]
    for _, n in parts:
        lo, hi = Enclosure({})(n)
        expect(lo.is_finite() and hi.is_finite(), "a loss is not finite at the point")
    return case.pool.linear(*parts)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the witness."""
    expect(case.kind in ("probability", "simplex"), "properness is asked of probability and simplex losses")
    p, q = point(case, proof["p"]), point(case, proof["q"])
    expect(p != q, "the report is the truth itself")
    truth = weights(case, p)
    gain = constant_sign(case.pool, case.pool.sub(risk(case, truth, p), risk(case, truth, q)))
    if proof.get("strict"):
        expect(gain in "+0", "the report has the larger risk")
        return Fact("strictly_proper", holds=False)
    expect(gain == "+", "the report has no smaller risk")
    return Fact("proper", holds=False)
