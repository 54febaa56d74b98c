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
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import acceptor, cover
from losscheck.verifier.defined import analytic_on
from losscheck.verifier.ends import end_limit
from losscheck.verifier.identity import vanishes
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.pieces import Piece, finite_at, pieces
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.softmax import formula, replace, softmax
from losscheck.verifier.terms import Node, walk
from losscheck.verifier.verify import Checker, Fact

F0, F1, HALF = Fraction(0), Fraction(1), Fraction(1, 2)


def profile(case: Case, f: Node, breaks: list[Fraction]) -> list[Piece]:
    """Check that f is continuous on (0, 1), with limits above -inf at both ends; return its pieces."""
    pool = case.pool
    expect(not any(n.op == "where" for n in walk(f)), "a profile branches, so its continuity is not shown")
    parts = pieces(pool, f, "s", F0, F1, breaks)
    for piece in parts:
        smooth = analytic_on(pool, piece.node, "s", piece.a, piece.b)
        expect(smooth, f"a profile is not shown smooth on ({piece.a}, {piece.b})")
    for left, right in pairwise(parts):
        # max, min and abs are continuous, so f is where both of its pieces are finite
        expect(left.b is not None and finite_at(left.node, "s", left.b), f"a profile may jump at {left.b}")
        expect(right.a is not None and finite_at(right.node, "s", right.a), f"a profile may jump at {right.a}")
    for piece, end, rising in ((parts[0], F0, "-m0"), (parts[-1], F1, "+p0")):
        limit = end_limit(pool, piece.node, "s", end, 1 if end == F0 else -1)
        if limit is None:  # a limit exists where it is monotone, a finite one or +inf if it rises towards the end
            slope = interval_sign(pool, pool.differentiate(piece.node, "s"), "s", piece.a, piece.b)
            expect(slope in rising, f"a profile has no known limit at {end}")
        expect(limit != ("inf", -1), f"a profile falls without bound next to {end}")
    return parts


def decreasing(case: Case, first: list[Piece], second: list[Piece], turn: Fraction, m: Fraction) -> None:
    """Check that the difference of two profiles decreases up to turn, strictly where ties lie, and is low after it."""
    pool, low = case.pool, Fraction(1, len(case.variables))
    strict = False
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
        if f.a is not None and f.b is not None and f.a < low and HALF < f.b:
            cover(acceptor(pool, slope, "<", smooth=low < HALF), {"s": (low, HALF)})
            strict = True
    expect(strict, f"phi switches inside [{low}, 1/2], where ties lie")


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
    decreasing(case, profile(case, own, breaks), profile(case, other, breaks), turn, level)
    return Fact("classification_calibrated", True)
