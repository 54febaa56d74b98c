r"""How T of a comp-sum loss ``phi(softmax_y)`` grows at 0, over all scores, for any number of classes.

``growth_rate`` as in ``growth_rate_two_sided``. phi is non-increasing on (0, 1].

- phi convex, ``phi'(1/2) < 0 < phi''(1/2)``: rate 2. Below, with the swap gain of :mod:`losscheck.verifier.tied_swap`,
  ``G(1, tau, m) = - t tau phi'(tau) m + O(m^2)``, uniformly for tau in [1/K, 1/2], and ``phi'(tau) <= phi'(1/2) < 0``:
  m = e t with a small e gains at least c t^2, for all t in [0, 1]. Above, T is at most the two-class value, the largest
  ``G(1, 1/2, m)``, which is concave in m with ``- t phi'(1/2) m/2 - phi''(1/2) m^2/8 + o(m^2)`` at 0: O(t^2).
- phi concave, ``phi(0) > phi(1)``: rate 1. By ``h_transform_concave``, with g = phi(0) - phi and ``j g(1/j) <= g(1)``,
  T(t) is at least the least of ``g(1) t`` and ``g(1) (a - min(1, j a - t)/j) >= g(1) t/j``, and at most ``g(1) t``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure, point
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.comp_sum import comp_sum, convex_decreasing
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.rules.h_transform_concave import concave_decreasing
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the shape of phi and its slope."""
    expect(hypotheses(proof["hypotheses"]).everything, "the rule is about all scores")
    phi, pool = comp_sum(case, proof), case.pool
    params = {"hypotheses": proof["hypotheses"]}
    if proof["shape"] == "concave":
        concave_decreasing(case, phi)
        ends = [Enclosure({"s": point(Fraction(s))})(phi) for s in (0, 1)]
        expect(ends[0][0] > ends[1][1], "the profile is not shown to fall")
        return Fact("growth_rate", True, params, value=1)
    convex_decreasing(case, phi)
    slope = pool.differentiate(phi, "s")
    half = Enclosure({"s": point(Fraction(1, 2))})
    expect(half(slope)[1] < 0 < half(pool.differentiate(slope, "s"))[0], "the derivatives at 1/2 are not decided")
    return Fact("growth_rate", True, params, value=2)
