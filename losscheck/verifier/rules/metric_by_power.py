r"""Powers of symmetric f-divergences that are metrics (Kafka, Oesterreicher, Vincze 1991).

Theorem. Let f be convex on (0, inf) with f(1) = 0, not affine on any interval around 1, ``f(t) = t f(1/t)``, and let
``(1 - t^a)^(1/a) / f(t)`` be nonincreasing on (0, 1) for some 0 < a <= 1. Then ``I^a`` is a metric, where
``I = sum of q_i f(p_i / q_i)``. Its power with an exponent in (0, 1] is one too, as ``x^s`` is concave with 0 at 0.

Checked (verifier/csiszar.py reads ``d = Phi(m + x)``, x = I): with the rational ``slope`` s, the function
``f - f(1) - s (t - 1)`` is meant, which changes nothing as p and q have the same sum. It is convex and not affine
around 1; the symmetry is an identity in log t; on every piece of (0, 1), ``f t^(a-1) + (1 - t^a) f' >= 0``: the
quotient falls, as f > 0 off 1 by convexity and symmetry, and f is continuous; ``Phi(m + x) = k x^b`` with k > 0 for
0 < x < end, ``0 < b <= a``, and 0 at x = 0.

Proof node: ``{"rule": "metric_by_power", "core": 0, "turn": 1, "f_breaks": [...], "end": null, "outer_breaks": [...],
"slope": "0", "power": "1/2", "degree": "1/2"}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.csiszar import Csiszar, read_csiszar
from losscheck.verifier.curve import Cut, curve, sign_at
from losscheck.verifier.defined import exactly
from losscheck.verifier.identity import same
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.pieces import Piece, constant_sign
from losscheck.verifier.terms import F0, F1, Node
from losscheck.verifier.verify import Checker, Fact

KINDS = ("divergence",)


def centred(d: Csiszar, slope: Fraction) -> Node:
    """``f(v) - f(1) - slope (v - 1)``."""
    pool = d.pool
    return pool.linear((F1, d.f.root), (-F1, d.least), (-slope, pool.var("v")), (slope, pool.one))


def symmetric(d: Csiszar, f: Node) -> bool:
    """Whether ``f(e^u) = e^u f(e^-u)``."""
    pool, v, u = d.pool, d.pool.var("v"), d.pool.var("u")
    up, down = (pool.exp(pool.scale(s, u)) for s in (1, -1))
    return same(pool, pool.substitute(f, {v: up}), pool.mul(up, pool.substitute(f, {v: down})))


def falls_to_zero(d: Csiszar, n: Node, piece: Piece) -> bool:
    """Whether a function on a piece that ends at 1 is shown to be 0 there and to fall, hence to be nonnegative."""
    pool, one = d.pool, Cut(F1, F1, d.pool.one)
    if piece.b != 1 or sign_at(pool, n, "v", one) != "0":
        return False
    return interval_sign(pool, pool.differentiate(n, "v"), "v", piece.a, piece.b) in "-m0"


def quotient_falls(d: Csiszar, f: Node, a: Fraction, hints: Any) -> bool:
    """Whether ``(1 - v^a)^(1/a) / f`` is shown to be nonincreasing on (0, 1)."""
    pool, v = d.pool, d.pool.var("v")
    c = curve(pool, f, "v", F0, F1, hints)
    for i, piece in enumerate(c.pieces):
        rest = pool.sub(pool.one, pool.power(v, a))
        grow = pool.add(pool.mul(piece.node, pool.power(v, a - 1)), pool.mul(rest, c.derivative(i)))
        if not falls_to_zero(d, grow, piece) and c.on(grow, i) not in "+p0":
            return False
    return True


def is_power(d: Csiszar, proof: dict[str, Any], b: Fraction) -> bool:
    """Whether ``Phi(m + x) = k x^b`` with k > 0 on its interval, and 0 at x = 0."""
    pool, u = d.pool, d.pool.var("u")
    outer = d.outer(proof)
    here = min(F1, outer.pieces[0].b or F1) / 2
    unit = pool.power(pool.const(here), -b)
    k = pool.mul(exactly(pool, d.outer_node, {"x": here}), unit)
    if outer.cuts or constant_sign(pool, k) != "+" or constant_sign(pool, d.at_least()) != "0":
        return False
    moved = pool.substitute(outer.pieces[0].node, {pool.var("x"): pool.exp(u)})
    return same(pool, moved, pool.mul(k, pool.exp(pool.scale(b, u))))


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every hypothesis of the theorem."""
    a, b = rational(proof["power"]), rational(proof["degree"])
    expect(0 < b <= a <= 1, "the exponents satisfy 0 < degree <= power <= 1")
    d = read_csiszar(case, proof)
    expect(d.convex() and d.strict_at_one(), "f is not shown to be convex, and not affine around 1")
    f = centred(d, rational(proof["slope"]))
    expect(symmetric(d, f), "f is not shown to be symmetric")
    expect(is_power(d, proof, b), "the divergence is not shown to be a power")
    expect(quotient_falls(d, f, a, proof["f_breaks"]), "the quotient is not shown to fall on (0, 1)")
    return Fact("triangle_inequality")
