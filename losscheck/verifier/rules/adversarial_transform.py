r"""T of the worst case of a margin loss over a ball of inputs, against the zero-one loss of the worst case.

With h_lo <= h_hi the ends of h over the ball around x, the surrogate risk is ``eta phi(h_lo) + (1 - eta) phi(-h_hi)``,
phi non-increasing; the target is wrong where h_lo <= 0 for the label +, h_hi >= 0 for the label -. T(t) is the least
surrogate regret over x, eta and h of target regret at least t. The set H is closed under negation and holds the
constants in [-A, A], and at some x (x = 0) every h is in [-A, A]: true of every set here, with the least A. By negation
let eta >= 1/2. ``r(c) = eta phi(c) + (1 - eta) phi(-c)``, P its infimum over [0, A], N over [-A, 0].

At x = 0: as phi does not increase, the risk is at least r(h_lo) and at least r(h_hi), with equality for constants: the
least risk is P (r(c) <= r(-c) for c >= 0). With h_hi < 0 the target regret is 2 eta - 1 and the least risk N (0 counts
as well); where h_lo <= 0 <= h_hi it is eta, and the risk at least phi(0), as for the constant 0. In eta, N does not
decrease and P does not increase: the least eta of each case decides,

    T(t) = min( N - P at eta = (1 + t)/2,  phi(0) - P at eta = max(t, 1/2) ) for t > 0,  T(0) = 0

No other x is worse: the least risk is at most P there, the risk at least phi(0) in the last case, and at least r(h_hi)
>= N where -A <= h_hi < 0. Where ``u = -h_hi > A``, the regret is at least the risk of h less that of -h, ``(2 eta - 1)
(phi(h_lo) - phi(u)) >= (2 eta - 1) (phi(-u) - phi(u))``, at least ``(2 eta - 1) (phi(-c) - phi(c)) = r(-c) - r(c)`` for
every c in [0, A], so at least N - P. The size of the ball does not enter.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import ZERO, Enclosure, Range
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.defined import exactly
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.infimum import difference, positive_part
from losscheck.verifier.rules.h_transform_max import non_increasing
from losscheck.verifier.rules.h_transform_two_sided import infima
from losscheck.verifier.transform_claim import asked, transform_fact
from losscheck.verifier.two_sided import two_sided
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed")
HALF = Fraction(1, 2)


def smaller(a: Range, b: Range) -> Range:
    """The range of the smaller of two numbers."""
    return (a[0] if a[0] < b[0] else b[0]), (a[1] if a[1] < b[1] else b[1])


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Enclose N and P at the two levels of eta of every t."""
    over, ts = hypotheses(proof["hypotheses"]), asked(proof["t"])
    f, g, scale = two_sided(case, over)
    non_increasing(case, f, proof["slope_breaks"])
    reach = None if over.least is None else scale * over.least
    expect(reach is None or reach > 0, "all scores are 0")
    n = len(ts)
    levels = [(1 + t) / 2 for t in ts] + [max(t, HALF) for t in ts] + [(1 - t) / 2 for t in ts]
    found = infima(case, f, g, reach, levels, proof["infima"], proof["breaks"])
    tie = Enclosure({})(exactly(case.pool, f, {"x": Fraction(0)}))
    bounds = []
    for i, t in enumerate(ts):
        wrong, straddling = difference(found[2 * n + i], found[i]), difference(tie, found[n + i])
        bounds.append(positive_part(smaller(wrong, straddling)) if t else (ZERO, ZERO))
    return transform_fact("adversarial_transform", proof, bounds)
