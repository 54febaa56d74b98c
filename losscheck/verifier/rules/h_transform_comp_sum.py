"""T of comp-sum losses over all scores: the two-class value above, swaps of two coordinates below.

Let ``l_y(z) = phi(s_y)``, s = softmax(alpha z), phi convex and non-increasing on (0, 1], K classes, T(t) the least
regret over p and predicted classes j with ``max p - p_j = t``.

Above. For p = (eta, 1 - eta, 0, ...), ``eta = (1 + t)/2``: scores with s_1 and s_2 towards 1/2 are wrong with risk
phi(1/2) in the limit, and no scores have a risk below ``inf over s of eta phi(s) + (1 - eta) phi(1 - s)``, as phi does
not increase; s in [1/2, 1] is enough, as eta >= 1/2. So ``T(t) <= phi(1/2) - that infimum``. The risk is convex in s:
its value at a point of the certificate bounds the infimum above, its tangent there below.

Below. Swaps of two coordinates of s, band by band of ``p_0 + p_1`` (:mod:`losscheck.verifier.tied_swap`); or T is the
two-class value, as the tie at 1/2 is the worst one (:mod:`losscheck.verifier.swap_at_half`).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import ZERO, Enclosure, Range, ball, exact, point
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.comp_sum import comp_sum, convex_decreasing
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.infimum import positive_part
from losscheck.verifier.swap_at_half import tie_at_half_is_worst
from losscheck.verifier.terms import Node
from losscheck.verifier.tied_swap import swaps
from losscheck.verifier.transform_claim import asked, transform_fact
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)
HALF = Fraction(1, 2)


def above(case: Case, phi: Node, ts: list[Fraction], proof: dict[str, Any]) -> list[Range]:
    """Enclose the two-class value at every t: the risk is convex in s, so its tangent at a point bounds it below."""
    slope = case.pool.differentiate(phi, "s")
    tie = ball(Enclosure({"s": point(HALF)})(phi))
    found = []
    for t, text in zip(ts, proof["points"], strict=True):
        s = rational(text)
        expect(HALF <= s <= 1, "a point lies in [1/2, 1]")
        risk = rise = ZERO
        for weight, at, side in (((1 + t) / 2, s, 1), ((1 - t) / 2, 1 - s, -1)):
            if weight:
                value = Enclosure({"s": point(at)})
                risk += exact(weight) * ball(value(phi))
                rise += side * exact(weight) * ball(value(slope))
        expect(risk.is_finite() and rise.is_finite(), "a risk or its slope is not finite")
        ends = [(risk + rise * exact(end - s)).lower() for end in (HALF, Fraction(1))]
        low = ends[0] if ends[0] < ends[1] else ends[1]
        found.append(((tie - risk).lower(), (tie - low).upper()))
    return found


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the loss and both bounds."""
    over, ts = hypotheses(proof["hypotheses"]), asked(proof["t"])
    expect(over.everything, "the rule is about all scores")
    phi = comp_sum(case, proof)
    convex_decreasing(case, phi)
    if "convex_from" in proof:
        tie_at_half_is_worst(case, phi, proof)
        return transform_fact("h_transform", proof, [positive_part(x) for x in above(case, phi, ts, proof)])
    found = []
    for t, (_, high), part in zip(ts, above(case, phi, ts, proof), proof["swaps"], strict=True):
        low = rational(part["low"])
        expect(low >= 0, "T is not negative")
        if low:
            swaps(case, phi, t, low, part["bands"])
        found.append((exact(low).lower(), high))
    return transform_fact("h_transform", proof, found)
