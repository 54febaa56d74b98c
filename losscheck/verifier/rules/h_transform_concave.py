r"""T of comp-sum losses with a concave profile over all scores, for any number of classes.

Let ``l_y(z) = phi(s_y)``, s = softmax(alpha z), phi concave, non-increasing and continuous on [0, 1], K classes,
``g = phi(0) - phi``: convex, non-decreasing, g(0) = 0.

A conditional risk is concave in s, so its infimum over a polytope of the simplex is its least value at a vertex (s
fills the open simplex; phi is continuous). Over the simplex: the unit vector of the top class, as phi does not
increase. Over the part where s_1 is largest: a uniform distribution on a set of classes that holds 1; of each size j
the set with the most probability is best. With 0 the top class, 1 the predicted one and ``p_0 - p_1 = t``, the regret
is therefore the least over j of ``g(1) p_0 - g(1/j) P_j``, ``P_1 = p_1`` and for j >= 2 P_j = p_0 + p_1 + the j - 2
largest others.

Given p_0, others of at most p_0 that sum to ``1 - 2 p_0 + t`` can make P_j as large as ``min(1, j p_0 - t)``, and no
larger; so T(t) is the least over j >= 2 and p_0 of ``g(1) p_0 - g(1/j) min(1, j p_0 - t)``, or ``g(1) t`` (j = 1). As
``j g(1/j) <= g(1)`` (g is convex, g(0) = 0), this does not decrease in p_0: the least p_0, which is
``a = max(t, (1 + t)/K)``, decides:

    T(t) = min( g(1) t, min over j = 2..K of  g(1) a - g(1/j) min(1, j a - t) )
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure, Range, point, times
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.comp_sum import comp_sum
from losscheck.verifier.defined import analytic_on
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.infimum import difference, positive_part
from losscheck.verifier.interval import interval_sign, smooth
from losscheck.verifier.pieces import finite_at
from losscheck.verifier.terms import Node
from losscheck.verifier.transform_claim import asked, transform_fact
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)
ZERO, ONE = Fraction(0), Fraction(1)


def concave_decreasing(case: Case, phi: Node) -> None:
    """Check that phi is concave and non-increasing on (0, 1), and continuous at 0 and 1."""
    pool = case.pool
    expect(smooth(phi) and analytic_on(pool, phi, "s", ZERO, ONE), "the profile is not shown smooth on (0, 1)")
    expect(finite_at(phi, "s", ZERO) and finite_at(phi, "s", ONE), "the profile is not shown continuous at 0 and 1")
    slope = pool.differentiate(phi, "s")
    expect(interval_sign(pool, slope, "s", ZERO, ONE) in "-m0", "the profile is not shown non-increasing")
    bend = interval_sign(pool, pool.differentiate(slope, "s"), "s", ZERO, ONE)
    expect(bend in "-m0", "the profile is not shown concave")


def smallest(ranges: list[Range]) -> Range:
    """The range of the least of several numbers."""
    low, high = ranges[0]
    for a, b in ranges[1:]:
        low, high = a if a < low else low, b if b < high else high
    return low, high


def transform(gains: dict[int, Range], k: int, t: Fraction) -> Range:
    """The formula."""
    a = max(t, (1 + t) / k)
    full = times(gains[1], point(a))
    parts = [difference(full, times(gains[j], point(min(ONE, j * a - t)))) for j in range(2, k + 1)]
    return smallest([times(gains[1], point(t)), *parts])


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the loss and evaluate the formula."""
    over, ts, k = hypotheses(proof["hypotheses"]), asked(proof["t"]), len(case.variables)
    expect(over.everything, "the rule is about all scores")
    phi = comp_sum(case, proof)
    concave_decreasing(case, phi)
    value = {s: Enclosure({"s": point(s)})(phi) for s in (ZERO, *(Fraction(1, j) for j in range(1, k + 1)))}
    gains = {j: difference(value[ZERO], value[Fraction(1, j)]) for j in range(1, k + 1)}
    return transform_fact("h_transform", proof, [positive_part(transform(gains, k, t)) for t in ts])
