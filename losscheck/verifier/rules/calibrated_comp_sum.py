"""Losses that are a decreasing function of the probability of the true class are calibrated.

Lemma. Let ``l_y(z) = phi(s_y)`` with ``s = softmax(alpha z)``, alpha > 0, and let phi on (0, 1) be real, continuous and
non-increasing with ``phi(1-) > -inf``, and strictly decreasing and C1 with ``phi' < 0`` on ``[1/K, 1/2]``. Then for
every p of the closed simplex with a unique top class t, ``inf over {z_j = max z, some j != t} C_p > H(p)``.

Proof. Take wrong z^n with C_p(z^n) -> the infimum and softmax(alpha z^n) -> s in the closed simplex, where a fixed
j != t has s_j = max s >= 1/K. phi extends to [0, 1] with values in (-inf, inf] (monotone limits), so C_p extends continuously
(terms with p_y = 0 dropped) and C_p(s) is the infimum; it is finite, so phi(s_t) < inf. Let tau swap t and j.
If s_j > s_t: C_p(tau s) - C_p(s) = -(p_t - p_j) (phi(s_t) - phi(s_j)) < 0, as phi decreases strictly on a part of
(s_t, s_j): either s_j lies in (1/K, 1/2], or s_t < 1/2 < s_j (for K = 2, phi'(1/2) < 0 does it).
If s_j = s_t = v then 1/K <= v <= 1/2, and C_p has derivative (p_t - p_j) phi'(v) < 0 along e_t - e_j, a direction that
stays in the simplex. In both cases C_p takes values below the infimum over the wrong set. (Top-1 alone: MAE is not
top-2 calibrated.)
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import acceptor, cover
from losscheck.verifier.defined import analytic_on
from losscheck.verifier.identity import vanishes
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.pieces import finite_at, pieces
from losscheck.verifier.softmax import formula, replace, softmax
from losscheck.verifier.terms import Node, walk
from losscheck.verifier.verify import Checker, Fact

F0, F1, HALF = Fraction(0), Fraction(1), Fraction(1, 2)


def decreasing(case: Case, phi: Node, breaks: list[Fraction], floor: Fraction) -> None:
    """Check what the lemma asks of phi, or reject."""
    pool, low = case.pool, Fraction(1, len(case.variables))
    expect(not any(n.op == "where" for n in walk(phi)), "phi branches, so its continuity is not shown")
    parts = pieces(pool, phi, "s", F0, F1, breaks)
    for piece in parts:
        expect(analytic_on(pool, piece.node, "s", piece.a, piece.b), f"phi is not shown smooth on {piece.a}..{piece.b}")
        slope = interval_sign(pool, pool.differentiate(piece.node, "s"), "s", piece.a, piece.b)
        expect(slope in "-m0", f"phi is not shown to decrease on ({piece.a}, {piece.b})")
    for left, right in pairwise(parts):
        # max, min and abs are continuous, so phi is where both of its pieces are finite
        expect(left.b is not None and finite_at(left.node, "s", left.b), f"phi may jump at {left.b}")
        expect(right.a is not None and finite_at(right.node, "s", right.a), f"phi may jump at {right.a}")
    middle = next((x for x in parts if x.a < low and x.b > HALF), None)  # type: ignore[operator]
    expect(middle is not None, f"phi switches inside [{low}, 1/2], where ties lie")
    assert middle is not None
    slope_node = pool.differentiate(middle.node, "s")
    cover(acceptor(pool, slope_node, "<", smooth=low < HALF), {"s": (low, HALF)})
    above = pool.sub(parts[-1].node, pool.const(floor))
    cover(acceptor(pool, above, ">", smooth=True), {"s": (max(HALF, parts[-1].a or F0), F1)})


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the loss and the monotonicity of phi."""
    expect(case.kind == "logits", "the rule is about logits")
    alpha = rational(proof["alpha"])
    expect(alpha > 0, "alpha must be positive")
    phi = formula(case, proof["phi"], {"s"})
    for root, s in zip(case.roots, softmax(case, alpha), strict=True):
        expect(vanishes(case.pool, case.pool.sub(root, replace(case, phi, {"s": s}))), "a loss is not phi(softmax)")
    decreasing(case, phi, [rational(x) for x in proof.get("breaks", [])], rational(proof["floor"]))
    return Fact("classification_calibrated", True)
