"""T of losses of interchangeable classes by cells of distributions: concavity below, a distribution above.

Let C(p) be the least risk over all scores and R(p) that over the scores that predict class 1, both concave in p. On a
simplex of distributions with vertices v, ``R(p) >= sum of barycentric weights * R(v)``, and ``C(p) <= sum p_i l_i(s)``
for any one choice of scores s, which is linear in p. So ``R - C`` is on the simplex at least the smallest of
``R(v) - sum v_i l_i(s)``. Above, T(t) is at most ``R(p) - C(p)`` at any p of the question, with R(p) at most the risk
at some scores that predict class 1. As the classes are interchangeable, one pair of top and predicted class, and sorted
probabilities of the others, stand for all.

For comp-sum losses, cells on which ``p_0 + p_1 >= P`` may be left to :mod:`losscheck.verifier.tied_swap`.

Where scores fill [-A, A] with A between a least and a most value, R over the most and C over the least bound both
from below for every A; T is at most that of the least, and equal to it for logarithms of softmax
(:mod:`losscheck.verifier.capped_logarithm`).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.balls import ZERO, Range, exact
from losscheck.verifier.capped_logarithm import least_cap_is_worst
from losscheck.verifier.certificate import Case, CertificateRejected, expect, rational
from losscheck.verifier.comp_sum_risk import CompSumRisk
from losscheck.verifier.convex_risk import ConvexRisk
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.infimum import positive_part
from losscheck.verifier.piecewise_risk import PiecewiseRisk
from losscheck.verifier.regret_cells import Rest, distribution, leaves
from losscheck.verifier.tied_swap import swaps
from losscheck.verifier.transform_claim import asked, transform_fact
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)
Risk = CompSumRisk | ConvexRisk | PiecewiseRisk


def pairing(p: list[Fraction], values: list[arb]) -> arb:
    """``sum p_i values_i``, where p_i = 0 counts for nothing."""
    return sum((exact(w) * x for w, x in zip(p, values, strict=True) if w), ZERO)


def lower(risk: Risk, wide: Risk, k: int, t: Fraction, part: dict[str, Any]) -> arb:
    """The smallest bound of all cells; ``wide`` reads the risk of the most scores."""
    tangents = {tuple(rational(x) for x in key.split()): data for key, data in part["vertices"].items()}
    known: dict[Rest, arb] = {}
    points = [risk.values(s) for s in part["points"]]
    best: arb | None = None
    covered = None
    if part.get("swaps") is not None:
        if not isinstance(risk, CompSumRisk) or risk.spread is not None:
            raise CertificateRejected("swaps are about functions of softmax over all scores")
        covered, low = rational(part["swaps"]["from"]), rational(part["swaps"]["low"])
        swaps(risk.case, risk.phi, t, low, part["swaps"]["bands"], covered)
        best = exact(low).lower()
    for cell, leaf in leaves(k, t, part["tree"], covered):
        expect(leaf < len(points), "a leaf names no point")
        for r in cell:
            p = distribution(t, r)
            if r not in known:
                known[r] = wide.below(p, tangents[r], predicted=True)
            gap = (known[r] - pairing(p, points[leaf])).lower()
            best = gap if best is None or gap < best else best
    expect(best is not None, "there are no cells")
    assert best is not None
    return best


def upper(risk: Risk, k: int, t: Fraction, part: dict[str, Any]) -> arb:
    """The regret at one distribution."""
    r = tuple(rational(x) for x in part["rest"])
    p = distribution(t, r)
    expect(len(p) == k and min(p) >= 0 and p[0] == max(p), "the distribution does not have the regret")
    wrong = pairing(p, risk.values(part["wrong"], predicted=True))
    return (wrong - risk.below(p, part["tangent"], predicted=False)).upper()


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Bound T at every t from both sides."""
    over, ts, k = hypotheses(proof["hypotheses"]), asked(proof["t"]), len(case.variables)
    expect(k >= 3 and min(ts) > 0, "the rule is about three classes or more, t > 0")
    risk: Risk
    wide: Risk
    if proof["risk"] == "comp-sum":
        risk = wide = CompSumRisk(case, proof, over.least)
        if over.most != over.least:
            wide = CompSumRisk(case, proof, over.most)
    else:
        kind = PiecewiseRisk if proof["risk"] == "vertices" else ConvexRisk
        risk = wide = kind(case, over, over.least)
        if over.most != over.least and proof.get("worst") is not None:
            least_cap_is_worst(case, proof["worst"])
        elif over.most != over.least:
            wide = kind(case, over, over.most)
    found: list[Range] = []
    for t, part in zip(ts, proof["parts"], strict=True):
        found.append(positive_part((lower(risk, wide, k, t, part), upper(risk, k, t, part))))
    return transform_fact("h_transform", proof, found)
