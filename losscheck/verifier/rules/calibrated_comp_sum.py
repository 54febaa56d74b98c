"""Losses that decrease in the probability of the true class, separably in all probabilities, are calibrated.

Lemma. Let ``l_y(z) = a(s_y) + sum_{j != y} b(s_j)`` with ``s = softmax(alpha z)``, alpha > 0 (comp-sum losses: b = 0).
Let a and b be real and continuous on (0, 1), C1 on ``[1/K, 1/2]``, with limits in (-inf, inf] at 0 and 1. Let
``phi = a - b`` be non-increasing on (0, turn), ``phi' < 0`` on ``[1/K, 1/2]``, and either turn = 1 or 1/2 < turn and
``phi < m`` on [turn, 1) for some ``m < phi(1 - turn)``. Then for every p of the closed simplex
with a unique top class t, ``inf over {z_j = max z, some j != t} C_p > H(p)``.

Proof. Take wrong z^n with C_p(z^n) -> the infimum and softmax(alpha z^n) -> s in the closed simplex, where a fixed
j != t has s_j = max s >= 1/K. a and b extend to [0, 1] with values in (-inf, inf], so C_p extends continuously (terms
with p_y = 0 dropped) and C_p(s) is the infimum; let it be finite. Let tau swap t and j. L_y for y other than t, j does
not change under tau. If s_j > s_t: C_p(tau s) - C_p(s) = -(p_t - p_j) (phi(s_t) - phi(s_j)) < 0, as phi decreases
strictly on a part of (s_t, s_j): either s_j lies in (1/K, 1/2], or s_t < 1/2 < s_j (for K = 2, phi'(1/2) < 0 does it);
and if s_j > turn, then s_t < 1 - turn and phi(s_t) >= phi(1 - turn) > m > phi(s_j).
If s_j = s_t = v then 1/K <= v <= 1/2, and C_p has derivative (p_t - p_j) phi'(v) < 0 along e_t - e_j, a direction that
stays in the simplex. In both cases C_p takes values below the infimum over the wrong set. (Top-1 alone: MAE is not
top-2 calibrated.)

K enters through 1/K alone. ``"classes": "all"`` in the proof asks for ``phi' < 0`` on (0, 1/2] instead: then every loss
of this form is calibrated, whatever the number of classes. The claim is about the K of the certificate all the same.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import acceptor, cover
from losscheck.verifier.identity import vanishes
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.pieces import Piece
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.profile import profile_with_limits
from losscheck.verifier.softmax import formula, replace, softmax
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

F0, HALF = Fraction(0), Fraction(1, 2)


def strictly(case: Case, slope: Node, low: Fraction) -> bool:
    """Whether a slope is negative on [low, 1/2]; for low = 0 on (0, 1/2]."""
    least = low or HALF
    cover(acceptor(case.pool, slope, "<", smooth=least < HALF), {"s": (least, HALF)})
    return low > 0 or interval_sign(case.pool, slope, "s", F0, HALF) == "-"


def decreasing(case: Case, first: list[Piece], second: list[Piece], turn: Fraction, m: Fraction, low: Fraction) -> None:
    """Check that the difference of two profiles decreases up to turn, strictly where ties lie, and is low after it."""
    pool, strict = case.pool, False
    expect(HALF < turn <= 1 and any(f.b == turn for f in first), "the turn must be a break above 1/2")
    for f, g in zip(first, second, strict=True):
        phi = pool.sub(f.node, g.node)
        if f.a is not None and f.a >= turn:
            cover(acceptor(pool, pool.sub(phi, pool.const(m)), "<", smooth=True), {"s": (f.a, f.b)}, budget=500)
            continue
        if turn < 1 and f.a is not None and f.b is not None and f.a <= 1 - turn <= f.b:
            cover(acceptor(pool, pool.sub(phi, pool.const(m)), ">"), {"s": (1 - turn, 1 - turn)})
        slope = pool.differentiate(phi, "s")
        found = interval_sign(pool, slope, "s", f.a, f.b)
        expect(found in "-m0", f"phi is not shown to decrease on ({f.a}, {f.b})")
        if f.a is not None and f.b is not None and (f.a < low or f.a == 0) and HALF < f.b:
            strict = strictly(case, slope, low)
    expect(strict, f"phi is not shown to decrease strictly on [{low}, 1/2], where ties lie")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the loss and the two profiles."""
    pool = case.pool
    expect(case.kind == "logits", "the rule is about logits")
    alpha = rational(proof["alpha"])
    expect(alpha > 0, "alpha must be positive")
    expect(broken_nowhere(case), "a loss is not shown to be defined")
    own = formula(case, proof["own"], {"s"})
    other = formula(case, proof["other"], {"s"}) if "other" in proof else pool.zero
    s = softmax(case, alpha)
    for y, root in enumerate(case.roots):
        form = pool.add(*(replace(case, own if j == y else other, {"s": x}) for j, x in enumerate(s)))
        expect(vanishes(pool, pool.sub(root, form)), "a loss is not the claimed function of softmax")
    breaks = [rational(x) for x in proof.get("breaks", [])]
    turn, level = rational(proof.get("turn", "1")), rational(proof.get("level", "0"))
    low = F0 if proof.get("classes") == "all" else Fraction(1, len(case.variables))
    decreasing(case, profile_with_limits(case, own, breaks), profile_with_limits(case, other, breaks), turn, level, low)
    return Fact("classification_calibrated", True)
