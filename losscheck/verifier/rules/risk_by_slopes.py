r"""The Bayes risk and act of any binary loss, from the sign of the slope of its conditional risk.

For a truth eta let ``C(q) = eta l1(q) + (1 - eta) l0(q)`` and ``[a, b]`` a rational bracket in [0, 1]. If, with (0, 1)
cut at rational points (a and b among them), C is analytic on every open piece and

1. left of a: ``C' <= 0``, and across every cut ``left >= value >= right``; right of b: mirrored;
2. at a, b and the cuts between them C is continuous; the values of the code at 0 and 1 are the limits there, or larger
   if that end is not in the bracket;

then ``inf C = inf over [a, b]``, which lies between the range of C on [a, b] from below and ``C((a + b) / 2)``. If the
slopes outside are strict and a = b, or ``C'' > 0`` on the one piece (a, b), the minimiser is unique: it lies in [a, b].

Proof node: ``{"rule": "risk_by_slopes", "ask": "bayes_risk" or "bayes_act", "params": {"eta": ...},
"truths": [[1 - eta, eta], ...], "brackets": [[a, b], ...], "breaks": [...]}``.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import ranges
from losscheck.verifier.defined import analytic_on, exactly
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.pieces import Piece, constant_sign, pieces
from losscheck.verifier.rules.proper_by_pieces import binary, fair_end
from losscheck.verifier.rules.risk_at_truth import shaped, truths
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact
from losscheck.verifier.weighted import weighted

ZERO, ONE = Fraction(0), Fraction(1)


def slopes(case: Case, cut: list[Piece], a: Fraction, b: Fraction, strict: bool) -> None:
    """Premise 1 on the open pieces, and uniqueness inside the bracket."""
    for piece in cut:
        lo, hi = piece.a or ZERO, ONE if piece.b is None else piece.b
        expect(analytic_on(case.pool, piece.node, "p", lo, hi), "the risk is not shown to be analytic on a piece")
        slope = case.pool.differentiate(piece.node, "p")
        if hi <= a or lo >= b:
            wanted = ("-" if strict else "-m0") if hi <= a else ("+" if strict else "+p0")
            found = interval_sign(case.pool, slope, "p", lo, hi)
            expect(found in wanted, f"the slope of the risk is not shown between {lo} and {hi}")
        elif strict:
            bend = interval_sign(case.pool, case.pool.differentiate(slope, "p"), "p", lo, hi)
            expect((lo, hi) == (a, b) and bend == "+", "the minimiser is not shown to be unique")


def steps(case: Case, risk: Node, cut: list[Piece], a: Fraction, b: Fraction) -> None:
    """Premises 1 and 2 at the cuts."""
    pool = case.pool
    for left, right in pairwise(cut):
        c = left.b if left.b is not None else ONE
        at = {"p": c}
        before, value, after = exactly(pool, left.node, at), exactly(pool, risk, at), exactly(pool, right.node, at)
        allowed = "-0" if c < a else "+0" if c > b else "0"
        for x, y in ((before, value), (value, after)):
            expect(constant_sign(pool, pool.sub(y, x)) in allowed, f"the risk jumps the wrong way at {c}")


def minimum(case: Case, truth: list[Fraction], a: Fraction, b: Fraction, cuts: set[Fraction], strict: bool) -> Any:
    """Rational bounds of the least conditional risk for one truth."""
    expect(0 <= a <= b <= 1, "a bracket is an interval in [0, 1]")
    pool = case.pool
    parts = [(w, r) for w, r in zip(truth, binary(case), strict=True) if w]
    risk = weighted(case, parts, lambda n: interval_sign(pool, n, "p", ZERO, ONE))
    cut = pieces(pool, risk, "p", ZERO, ONE, sorted({c for c in (*cuts, a, b) if 0 < c < 1}))
    slopes(case, cut, a, b, strict)
    steps(case, risk, cut, a, b)
    expect(fair_end(pool, risk, cut[0], ZERO, a == 0), "the value at 0 is not the limit")
    expect(fair_end(pool, risk, cut[-1], ONE, b == 1), "the value at 1 is not the limit")
    upper = Enclosure({})(exactly(pool, risk, {"p": (a + b) / 2}))
    expect(upper[0].is_finite() and upper[1].is_finite(), "the risk is not finite in the bracket")
    lower = upper if a == b else Enclosure(ranges({"p": (a, b)}))(risk)
    expect(lower[0].is_finite(), "the risk is not bounded below in the bracket")
    return fraction(lower[0]), fraction(upper[1])


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every truth of the question."""
    ask, params = proof["ask"], dict(proof["params"])
    expect(ask in ("bayes_risk", "bayes_act") and "eta" in params, "eta is asked for risk or act")
    cuts = {rational(x) for x in proof["breaks"]}
    found = truths(case, proof)
    expect(len(proof["brackets"]) == len(found), "one bracket per truth")
    values, bounds = [], []
    for truth, ends in zip(found, proof["brackets"], strict=True):
        a, b = (rational(x) for x in ends)
        low, high = minimum(case, truth, a, b, cuts, ask == "bayes_act")
        value, rounded = enclosed(low, high) if ask == "bayes_risk" else enclosed(a, b)
        values.append(value)
        bounds.append(rounded)
    return Fact(ask, params=params, value=shaped(proof, values), bounds=shaped(proof, bounds))
