"""Comp-sum losses with a strictly decreasing phi that punishes a probability of 0 are top-k calibrated, for every k.

Lemma. Let ``l_y(z) = phi(s_y)``, s = softmax(alpha z), alpha > 0, with phi analytic on (0, 1), phi' < 0 there, a
finite limit at 1, and (a) phi(0+) = +inf, or (b) a finite phi(0+), phi'(0+) = -inf and phi' bounded on [1/K, 1), or
(c) k <= 2, a finite phi(0+), phi'(0+) < 0 and phi'(1-) = 0. Then for every p without a tie at the k-th place, i among
its k largest classes and j outside, inf C_p over {z_i <= z_j} exceeds H(p).

Proof. Take z^n with z_i <= z_j and C_p(z^n) -> the infimum, s^n -> s in the closed simplex, so s_i <= s_j. C_p extends
continuously to the closed simplex with values in (-inf, inf] (terms with p_y = 0 dropped); let C_p(s) be finite (else
there is nothing to show). p_i > 0. Suppose s_i = 0: excluded in (a); in (b) move mass x from a largest s_m >= 1/K to
i: the change of C_p is p_i (phi(x) - phi(0)) + p_m (phi(s_m - x) - phi(s_m)), whose slope at 0 is -inf. So s_i > 0 at
an optimum. If s_j > s_i, swapping both changes C_p by -(p_i - p_j) (phi(s_i) - phi(s_j)) < 0. If s_i = s_j <= 1/2, the
derivative along e_i - e_j is (p_i - p_j) phi'(s_i) < 0. In all cases C_p takes smaller values, in the interior too.
(c) Let s_i = s_j = 0 (s_j > s_i = 0 is excluded by the swap). A class m with s_m > 0 and p_m < p_i could be swapped
with i, for less; so all of s lies on classes of the top k other than i: on one class m, s_m = 1. Moving x from m to i
changes C_p by a function with slope p_i phi'(0+) - p_m phi'(1-) = p_i phi'(0+) < 0 at 0: again there is less.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import is_zero_ball, ranges
from losscheck.verifier.defined import analytic_on
from losscheck.verifier.ends import Limit, end_limit
from losscheck.verifier.identity import vanishes
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.softmax import formula, replace, softmax
from losscheck.verifier.verify import Checker, Fact

F0, F1 = Fraction(0), Fraction(1)


def falls(slope: Limit | None) -> bool:
    """Whether the limit of a slope is negative, or -inf."""
    return slope is not None and bool(slope[1] < 0)


def level(slope: Limit | None) -> bool:
    """Whether the limit of a slope is exactly 0."""
    return slope is not None and isinstance(slope[1], arb) and is_zero_ball(slope[1])


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the loss and its profile."""
    pool, n, k = case.pool, len(case.variables), proof["k"]
    expect(case.kind == "logits" and type(k) is int and 1 <= k < n, "k is a number of classes below K")
    alpha, phi = rational(proof["alpha"]), formula(case, proof["own"], {"s"})
    expect(alpha > 0, "alpha must be positive")
    expect(broken_nowhere(case), "a loss is not shown to be defined")
    for root, s in zip(case.roots, softmax(case, alpha), strict=True):
        expect(vanishes(pool, pool.sub(root, replace(case, phi, {"s": s}))), "a loss is not phi of softmax")
    expect(analytic_on(pool, phi, "s", F0, F1), "phi is not shown analytic on (0, 1)")
    slope = pool.differentiate(phi, "s")
    expect(interval_sign(pool, slope, "s", F0, F1) == "-", "phi is not shown to decrease strictly")
    top, bottom = end_limit(pool, phi, "s", F1, -1), end_limit(pool, phi, "s", F0, 1)
    expect(top is not None and top[0] == "finite", "phi is not shown finite at 1")
    if bottom != ("inf", 1):
        expect(bottom is not None and bottom[0] == "finite", "the limit of phi at 0 is not known")
        steep, flat = end_limit(pool, slope, "s", F0, 1), end_limit(pool, slope, "s", F1, -1)
        if not (k <= 2 and level(flat) and falls(steep)):
            expect(steep == ("inf", -1), "phi is not shown infinitely steep at 0")
            low, high = Enclosure(ranges({"s": (Fraction(1, n), F1)}))(slope)
            expect(low.is_finite() and high.is_finite(), "phi' is not shown bounded next to 1")
    return Fact("topk_calibrated", params={"k": k})
