r"""A distribution at which tied or wrong scores are best, for losses ``l_y(z) = a_y(s_y)`` with convex a_y that bend.

So: comp-sum losses with or without class weights, ``s = softmax(alpha z)``, that are linear on pieces or have kinks;
the best s may lie on the edge of the simplex, where scores are infinite.

Lemma. Let the a_y be convex on (0, 1), alpha > 0, p a distribution with the unique top class t, c a point of the
closed simplex with ``c_j = max c`` for some j != t, and c_y = 0 wherever p_y = 0. Let level >= 0 and, for each y with
p_y > 0, let ``g_y = -level / p_y`` be a subgradient of a_y at c_y where c_y > 0 (at c_y = 1: at least the left slope),
and at most the right slope at 0 where c_y = 0; a_y finite there. Then a_y(s) >= a_y(c_y) + g_y (s - c_y), so
``C_p(z) - C_p(c) >= sum_y p_y g_y (s_y - c_y) = -level (sum of s_y over p_y > 0, - 1) >= 0`` (where c_y = 0 the same
bound with the smaller g_y). C_p(c) is the limit of C_p along scores with softmax(alpha z) -> c and z_j = max z (z_j =
z_t where c_j = c_t), which are wrong. So the infimum over wrong scores is H(p): the loss is not calibrated.

Hypotheses checked: the identities; each a_y continuous, with slopes that do not fall, on pieces and across cuts; the
slopes at the c_y, exactly or in balls.

Proof node: ``{"rule": "calibrated_edge_witness", "alpha": "1", "own": [graph, ...], "breaks": [[...], ...],
"p": [...], "c": [...], "level": "3/10"}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.balls import exact
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import Curve, Cut, Limit, sign_at
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.profile import F0, F1, convex_profile, of_softmax
from losscheck.verifier.rules.calibrated_dual_witness import distribution
from losscheck.verifier.softmax import formula
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact


def finite(x: Limit | None) -> bool:
    """Whether a limit is known, and a number."""
    return isinstance(x, Node) or (isinstance(x, arb) and bool(x.is_finite()))


def at_end(c: Curve, g: Fraction, last: bool) -> bool:
    """Whether the profile is finite at an end of (0, 1), and g at most (at least) its slope there."""
    slope = c.end(c.derivative(-1 if last else 0), last)
    if not (finite(c.end(c.pieces[-1 if last else 0].node, last)) and isinstance(slope, arb)):
        return False
    return bool(slope <= exact(g)) if last else bool(exact(g) <= slope)


def inside(c: Curve, g: Fraction, at: Fraction) -> bool:
    """Whether g is a subgradient at a point of (0, 1): a cut, or a point where the slope is exactly g."""
    for i, cut in enumerate(c.cuts):
        if cut.low == cut.high == at:
            left, right = (c.limit(c.derivative(j), i, side) for j, side in ((i, -1), (i + 1, 1)))
            level = c.pool.const(g)
            return c.gap(left, level, i) in "+p0" and c.gap(level, right, i) in "+p0"
    places = [0 if cut.high < at else 1 if at < cut.low else None for cut in c.cuts]
    gap = c.pool.sub(c.derivative(places.count(0)), c.pool.const(g))
    return None not in places and sign_at(c.pool, gap, "s", Cut(at, at, c.pool.const(at))) == "0"


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form, the profiles and the subgradients."""
    k = len(case.variables)
    expect(case.kind == "logits" and broken_nowhere(case) and k <= 8, "the rule is about logits of at most 8 classes")
    alpha, level, at = rational(proof["alpha"]), rational(proof["level"]), [rational(x) for x in proof["c"]]
    p, t = distribution(proof["p"], k)
    expect(alpha > 0 and level >= 0, "alpha is positive, the level is not negative")
    expect(len(at) == k and min(at) >= 0 and sum(at) == 1, "c is a point of the simplex")
    expect(any(at[j] == max(at) for j in range(k) if j != t), "the scores are right for this distribution")
    own = [formula(case, a, {"s"}) for a in proof["own"]]
    expect(len(own) == len(proof["breaks"]) == k, "one profile and one list of breaks for each class")
    of_softmax(case, alpha, own)
    for y in range(k):
        expect(p[y] > 0 or at[y] == 0, "a class without probability has none in c")
        if p[y]:
            c, g = convex_profile(case, own[y], proof["breaks"][y]), -level / p[y]
            ok = inside(c, g, at[y]) if F0 < at[y] < F1 else at_end(c, g, last=at[y] == F1)
            expect(ok, f"the level is not shown to be a subgradient of class {y}")
    return Fact("classification_calibrated", holds=False)
