r"""One-versus-rest losses ``l_y(z) = a(z_y) + sum_{j != y} b(z_j)`` that order every pair of classes, convex or not.

Hypotheses checked: the identities, the losses defined everywhere; a and b analytic on pieces of R, C1 at the cuts, with
limits in (-inf, inf] at both ends; ``a' - b' < 0`` on R; and

- at +inf: ``b -> inf``, or ``b' > 0`` from some score on and a'/b' has a limit in [0, inf];
- at -inf: ``a -> inf``, or ``a' < 0`` up to some score and b'/a' has a limit in [0, inf].

Lemma. Then for every p and all classes with p_i > p_j, inf C_p over {z_i <= z_j} exceeds H(p): so the loss is
calibrated, for the top k too (any k).

Proof. ``C_p = sum of p_y a(z_y) + (1 - p_y) b(z_y)`` extends continuously to [-inf, inf]^K with values in (-inf, inf]
(terms of weight 0 dropped). Take a limit point z of a sequence with z_i <= z_j that reaches the infimum; let C_p(z) be
finite. p_i > 0 and p_j < 1, so a(z_i) and b(z_j) are finite.

- z_i < z_j: a - b decreases strictly, so a(z_j) and b(z_i) are finite too, and swapping changes C_p by
  ``(p_i - p_j) ((a - b)(z_j) - (a - b)(z_i)) < 0``.
- z_i = z_j = v real: C_p has the derivative ``(p_i - p_j) (a' - b')(v) < 0`` along e_i - e_j.
- v = +inf: b(inf) is finite, so ``p_j a' + (1 - p_j) b' > 0`` from some score on, and a smaller z_j has less risk.
- v = -inf: a(-inf) is finite, so ``p_i a' + (1 - p_i) b' < 0`` up to some score, and a larger z_i has less risk.

In all cases C_p takes values on R^K below its infimum over {z_i <= z_j}. (Sigmoids: b' > 0 and a'/b' -> -1 at +inf.)

With a box [low, high] of two breakpoints ``a' - b' < 0`` is asked on it alone, and nothing at infinity: instead a and b
are nonincreasing before low and nondecreasing beyond high, and C1 at the cuts of the box. Then scores may be clipped to
the box: no risk grows, and z_i <= z_j stays. So the infimum over {z_i <= z_j} is attained there, and the first two
cases of the proof apply.

Proof node: ``{"rule": "calibrated_separable", "k": 1, "a": graph, "b": graph, "breaks": [...], "box": null or
["low", "high"]}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import is_zero_ball
from losscheck.verifier.curve import Curve, curve
from losscheck.verifier.ends import end_limit, end_sign
from losscheck.verifier.pieces import Piece
from losscheck.verifier.separable import halves
from losscheck.verifier.terms import F1
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)


def leaves(case: Case, mine: Curve, other: Curve, last: bool) -> bool:
    """Whether infinity (``last``: +inf) is no best score for a class whose own term ``mine`` should push it away."""
    pool, side, i = case.pool, -1 if last else 1, -1 if last else 0
    f, g = mine.pieces[i].node, other.pieces[i].node
    limits = [end_limit(pool, n, "v", None, side) for n in (f, g)]
    if None in limits or ("inf", -1) in limits:
        return False
    if limits[0] == ("inf", 1):
        return True
    df, dg = (pool.differentiate(n, "v") for n in (f, g))
    sign = end_sign(pool, df, "v", None, side, None)
    if sign is None or sign[0] != ("+" if last else "-"):
        return False
    ratio = end_limit(pool, pool.mul(dg, pool.power(df, -F1)), "v", None, side)
    if ratio is None or ratio[0] == "inf":
        return ratio == ("inf", 1)
    return isinstance(ratio[1], arb) and (bool(ratio[1] > 0) or is_zero_ball(ratio[1]))


def before(s: Piece, low: Fraction | None) -> bool:
    """Whether a piece lies before the box."""
    return low is not None and s.b is not None and s.b <= low


def beyond(s: Piece, high: Fraction | None) -> bool:
    """Whether a piece lies beyond the box."""
    return high is not None and s.a is not None and s.a >= high


def clips(functions: tuple[Curve, Curve], low: Fraction, high: Fraction) -> bool:
    """Whether both ends are cuts, and no function falls beyond the box or rises before it."""
    for c in functions:
        if not {low, high} <= {cut.low for cut in c.cuts if cut.low == cut.high}:
            return False
        for i, s in enumerate(c.pieces):
            if beyond(s, high) and c.on(c.derivative(i), i) not in "+p0":
                return False
            if before(s, low) and c.on(c.derivative(i), i) not in "-m0":
                return False
    return True


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the loss and its two functions."""
    pool, names, k = case.pool, case.variables, proof["k"]
    expect(type(k) is int and 1 <= k < len(names), "k is a number of classes below K")
    a, b = halves(case, proof)
    up, down, gap = (curve(pool, n, "v", None, None, proof["breaks"], (a, b)) for n in (b, a, pool.sub(a, b)))
    box = proof.get("box")
    low, high = (None, None) if box is None else (rational(x) for x in box)
    inside = [i for i, s in enumerate(gap.pieces) if not (before(s, low) or beyond(s, high))]
    cuts = [i for i, c in enumerate(gap.cuts) if (low is None or c.high >= low) and (high is None or c.low <= high)]
    for c in (up, down):
        expect(all(c.step(i) == ("0", "0") for i in range(len(c.cuts))), "a function is not continuous")
        expect(all(c.bend(i) == "0" for i in cuts), "a function is not C1")
    expect(all(gap.on(gap.derivative(i), i) == "-" for i in inside), "a - b is not shown to fall")
    expect(all(gap.sign(gap.derivative(i), i) == "-" for i in cuts), "a - b is not shown to fall at a cut")
    if low is not None and high is not None:
        expect(low < high and clips((up, down), low, high), "scores outside the box are not shown to be worse")
    else:
        expect(leaves(case, up, down, True), "a score of +inf may be best")
        expect(leaves(case, down, up, False), "a score of -inf may be best")
    return Fact("classification_calibrated") if k == 1 else Fact("topk_calibrated", params={"k": k})
