r"""Divergences ``Phi(sum of q_i^k h(p_i / q_i))`` with h >= 0 that vanishes at 1 only.

Read as in verifier/csiszar.py, with ``g(p, q) = q^k g(p / q, 1)``; a constant of the sum is spread over the indices
for k = 0, as ``c0 p_i`` for k = 1, and must be 0 otherwise. Checked: ``h(t) = g(t, 1) - slope (t - 1)``, with a slope
other than 0 for k = 1 only (p and q have the same sum), is 0 at t = 1 and positive on (0, 1) and (1, inf). So the sum
is 0 for p = q and positive for all others. By ``ask``, for Phi on [0, inf):

- nonnegative: Phi >= 0;
- identity_of_indiscernibles: Phi vanishes at 0 only;
- jointly_convex (h is not asked to be positive): Phi(c) = a + b c with b > 0, and h is of class C1 with, on its pieces,
  ``h'' >= 0``, ``k (k-1) h h'' >= (k-1)^2 h'^2`` and ``k (k-1) h - 2 (k-1) t h' + t^2 h'' >= 0``: up to positive
  factors the diagonal and the determinant of the Hessian of ``q^k h(p/q)``, which is C1 and convex on either side of
  each line p = c q, so convex on every line that crosses them at finitely many points, and by continuity on all.

Proof node: ``{"rule": "by_homogeneous", "ask": ..., "core": 0, "turn": 1, "degree": "0", "slope": "0",
"f_breaks": [...], "outer_breaks": [...]}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.csiszar import read_homogeneous, signs
from losscheck.verifier.curve import Curve, curve
from losscheck.verifier.defined import exactly
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.terms import F0, F1, Pool
from losscheck.verifier.verify import Checker, Fact

KINDS = ("divergence",)


def bowl(pool: Pool, h: Curve, k: Fraction) -> None:
    """Check that ``q^k h(p / q)`` is jointly convex in p, q > 0."""
    t = pool.var("v")
    for i, piece in enumerate(h.pieces):
        one, two = h.derivative(i), h.derivative(i, 2)
        corner = pool.linear(
            (k * (k - 1), piece.node), (-2 * (k - 1), pool.mul(t, one)), (F1, pool.mul(pool.power(t, Fraction(2)), two))
        )
        minor = pool.linear((k * (k - 1), pool.mul(piece.node, two)), (-((k - 1) ** 2), pool.power(one, Fraction(2))))
        expect(all(h.on(n, i) in "+p0" for n in (two, corner, minor)), f"a minor is not shown to be >= 0 on piece {i}")
    for i in range(len(h.cuts)):
        expect(h.step(i) == ("0", "0") and h.bend(i) == "0", f"the function of the ratio has a kink at cut {i}")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check h, then Phi."""
    pool, slope, degree, ask = case.pool, rational(proof["slope"]), rational(proof["degree"]), proof["ask"]
    expect(abs(degree) <= 8, "the degree is a small number")
    expect(slope == 0 or degree == 1, "a slope changes a sum of another degree")
    f, phi = read_homogeneous(case, proof, degree)
    h = pool.linear((F1, f), (-slope, pool.var("v")), (slope, pool.one))
    if ask == "jointly_convex":
        bowl(pool, curve(pool, h, "v", F0, None, proof["f_breaks"]), degree)
        a, terms = pool.form(phi)
        expect(terms.keys() == {pool.var("c")} and terms[pool.var("c")] * proof["turn"] > 0, "Phi does not rise evenly")
        return Fact(ask)
    expect(constant_sign(pool, exactly(pool, h, {"v": F1})) == "0", "h is not 0 at 1")
    for a, b in ((F0, F1), (F1, None)):
        found = signs(curve(pool, h, "v", a, b, proof["f_breaks"]))
        expect(found == {"+"}, "h is not shown to be positive off 1")
    outer = pool.substitute(phi, {pool.var("c"): pool.scale(proof["turn"], pool.var("x"))})
    start = constant_sign(pool, exactly(pool, outer, {"x": F0}))
    rest = signs(curve(pool, outer, "x", F0, None, proof["outer_breaks"]))
    if ask == "nonnegative":
        expect(start in "+0" and rest <= set("+p0"), "Phi is not shown to be nonnegative")
        return Fact(ask)
    expect(ask == "identity_of_indiscernibles", "nothing else follows")
    expect(start == "0" and rest in ({"+"}, {"-"}), "Phi is not shown to vanish at 0 only")
    return Fact(ask)
