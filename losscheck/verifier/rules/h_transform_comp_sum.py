"""T of comp-sum losses over all scores: the two-class value above, a swap of two coordinates below.

Let ``l_y(z) = phi(s_y)``, s = softmax(alpha z), phi convex and non-increasing on (0, 1], K classes, T(t) the least
regret over p and predicted classes j with ``max p - p_j = t``.

Above. For p = (eta, 1 - eta, 0, ...), ``eta = (1 + t)/2``: scores with s_1 and s_2 towards 1/2 are wrong with risk
phi(1/2) in the limit, and no scores have a risk below ``inf over s of eta phi(s) + (1 - eta) phi(1 - s)``, as phi does
not increase; s in [1/2, 1] is enough, as eta >= 1/2. So ``T(t) <= phi(1/2) - that infimum``.

Below. Let p_1 be the largest, 2 predicted: s_2 = max s, ``p_1 - p_2 = t``, ``P = p_1 + p_2``. Exchanging s_1 with the
largest of s_3, ..., s_K does not raise the risk (p_1 is largest, phi does not increase), so let s_1 >= s_3, ..., s_K.
Moving s_1 <= s_2 both to their mean tau does not raise it either: ``p_1 phi(s_1) + p_2 phi(s_2) >= P/2 (phi(s_1) +
phi(s_2)) >= P phi(tau)``, and tau stays the maximum: ``1/K <= tau <= 1/2``. With s_1, s_2 = tau (1 +- m) instead the
risk is lower by ``P phi(tau) - p_1 phi(tau (1 + m)) - p_2 phi(tau (1 - m))``, which by convexity does not increase in
P: T(t) is at least the infimum over tau of the value at P = 1, for any choice of m in [0, 1] on every cell of taus.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure, Range, exact, point
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.comp_sum import comp_sum, convex_decreasing
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.infimum import at_least, difference, mixture
from losscheck.verifier.terms import Node
from losscheck.verifier.transform_claim import asked, transform_fact
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)
HALF = Fraction(1, 2)
BUDGET = 3000


def above(case: Case, phi: Node, ts: list[Fraction], proof: dict[str, Any]) -> list[Range]:
    """Enclose the two-class value at every t."""
    pool, tolerance = case.pool, exact(rational(proof["tolerance"]))
    other = pool.substitute(phi, {pool.var("s"): pool.sub(pool.one, pool.var("s"))})
    tie = Enclosure({"s": point(HALF)})(phi)
    expect(tolerance > 0, "a tolerance is positive")
    levels, found = [], []
    for t, text in zip(ts, proof["points"], strict=True):
        s = rational(text)
        expect(HALF <= s <= 1, "a point lies in [1/2, 1]")
        risk = mixture(pool, ((1 + t) / 2, (1 - t) / 2), (phi, other))
        top = Enclosure({"s": point(s)})(risk)[1]
        expect(top.is_finite(), "a risk is not finite")
        level = (top - tolerance).lower()
        levels.append((risk, level))
        found.append(difference(tie, (level, top)))
    at_least(pool, "s", HALF, Fraction(1), levels, BUDGET)
    return found


def swap(case: Case, phi: Node, t: Fraction, low: Fraction, cells: Any) -> None:
    """Check that the gain of a swap is at least ``low`` for every tau."""
    pool = case.pool
    expect(isinstance(cells, list) and 0 < len(cells) <= 2000, "the taus are covered by a list of cells")
    a = Fraction(1, len(case.variables))
    for end, text in cells:
        b, m = rational(end), rational(text)
        expect(a <= b <= HALF and 0 <= m <= 1 and b * (1 + m) <= 1, "a cell or its swap is out of range")
        sides = [pool.substitute(phi, {pool.var("s"): pool.scale(1 + d, pool.var("s"))}) for d in (m, -m)]
        gain = mixture(pool, (Fraction(1), -(1 + t) / 2, -(1 - t) / 2), (phi, *sides))
        at_least(pool, "s", a, b, [(gain, exact(low).upper())], BUDGET)
        a = b
    expect(a == HALF, "the cells do not reach 1/2")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the loss and both bounds."""
    over, ts = hypotheses(proof["hypotheses"]), asked(proof["t"])
    expect(over.everything, "the rule is about all scores")
    phi = comp_sum(case, proof)
    convex_decreasing(case, phi)
    found = []
    for t, (_, high), part in zip(ts, above(case, phi, ts, proof), proof["swaps"], strict=True):
        low = rational(part["low"])
        expect(low >= 0, "T is not negative")
        if low:
            swap(case, phi, t, low, part["cells"])
        found.append((exact(low).lower(), high))
    return transform_fact("h_transform", proof, found)
