r"""The pull of a loss on the label's score is at least that of a reference loss.

The pull is ``-dl(z, y)/dz_y``; that of cross-entropy is ``1 - s_y``, that of ``1 - s_y`` (mean absolute error) is
``s_y (1 - s_y)``, with s = softmax(z).

A loss ``a(s_y)`` pulls with ``-a'(s) s (1 - s)``: at least as much as cross-entropy iff ``-a'(s) s >= 1`` on (0, 1), as
``1 - s_y`` iff ``-a'(s) >= 1`` there; every s in (0, 1) is some s_y, and scores are finite.

Hypotheses checked: every loss is analytic on R^K; for every label the pull less the reference's equals a formula
``F(s)``, an identity in z; F has no branches and is >= 0 on the cube [0, 1]^K, which holds every s, by its structure
or by boxes.

Proof node: ``{"rule": "gradient_pull", "reference": "cross_entropy" | "mae", "formulas": [{...}, ...]}``, one graph per
label in the variables s0, s1, ...
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.comp_sum import comp_sum
from losscheck.verifier.cover import acceptor, cover, implies, ranges, sign
from losscheck.verifier.defined import analytic_on
from losscheck.verifier.identity import same
from losscheck.verifier.interval import interval_sign, smooth
from losscheck.verifier.points import defined_everywhere
from losscheck.verifier.rules.recovers_softmax_by_stationarity import analytic
from losscheck.verifier.softmax import formula, replace, softmax
from losscheck.verifier.terms import F1, Node
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)


def excess(case: Case, y: int, reference: Any) -> Node:
    """The pull of label y, less that of the reference."""
    pool, s = case.pool, softmax(case, F1)[y]
    expect(reference in ("cross_entropy", "mae"), "the reference is cross_entropy or mae")
    rest = pool.sub(pool.one, s)
    other = rest if reference == "cross_entropy" else pool.mul(s, rest)
    return pool.linear((-F1, pool.differentiate(case.roots[y], case.variables[y])), (-F1, other))


def by_profile(case: Case, proof: dict[str, Any]) -> None:
    """Check the form of the loss and the sign of what its slope has too much."""
    pool, own = case.pool, comp_sum(case, {**proof, "alpha": "1"})
    expect(smooth(own) and analytic_on(pool, own, "s", Fraction(0), F1), "the profile is not shown smooth on (0, 1)")
    expect(proof["reference"] in ("cross_entropy", "mae"), "the reference is cross_entropy or mae")
    pull = pool.scale(-1, pool.differentiate(own, "s"))
    pull = pool.mul(pull, pool.var("s")) if proof["reference"] == "cross_entropy" else pull
    shown = interval_sign(pool, pool.sub(pull, pool.one), "s", Fraction(0), F1) in "+p0"
    expect(shown, "the profile is not shown steep enough")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the identity and the sign of every label."""
    if "own" in proof:
        by_profile(case, proof)
        return Fact("gradient_lower_bound", params={"reference": proof["reference"]})
    names = [f"s{i}" for i in range(len(case.variables))]
    unit = dict.fromkeys(names, (Fraction(0), Fraction(1)))
    inside = dict(zip(names, softmax(case, F1), strict=True))
    value = Enclosure(ranges(unit))
    expect(analytic(case), "a loss is not shown smooth")
    expect(len(proof["formulas"]) == len(case.roots), "one formula per label")
    for y, said in enumerate(proof["formulas"]):
        f = formula(case, said, set(names))
        expect(smooth(f) and defined_everywhere(f, value), "a formula branches, or may not be defined")
        shown = same(case.pool, excess(case, y, proof["reference"]), replace(case, f, inside))
        expect(shown, f"the pull of label {y} is not shown to be the formula")
        if not implies(sign(f, value), ">="):
            cover(acceptor(case.pool, f, ">="), {x: (Fraction(0), F1) for x in names}, 2000)
    return Fact("gradient_lower_bound", params={"reference": proof["reference"]})
