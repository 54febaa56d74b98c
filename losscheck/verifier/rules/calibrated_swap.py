"""Smooth equivariant losses that order every pair of classes are calibrated.

Lemma. Let l_y : R^K -> R be C1 with locally Lipschitz gradient, and
(E) ``l_{s(y)}(s z) = l_y(z)`` for all permutations s of the classes;
(B) every l_y is bounded below;
(S) ``|d^2/dr^2 l_y(u + r (e_i - e_j))| <= a + b l_y`` almost everywhere, for constants a, b >= 0;
and one of
(odds) ``l_0(z) - l_1(z) = c (z_1 - z_0)`` with c > 0,
(monotone) ``D = dl_0/dz_0 - dl_0/dz_1 <= 0``, and ``D <= -kappa < 0`` where ``z_1 >= max z - delta``.
Then for every p with a unique top class t, inf C_p over ``{z_j = max z for some j != t}`` exceeds H(p).

Proof. By (E), C_p(tau z) - C_p(z) = -(p_t - p_j) (l_t(z) - l_j(z)) for the swap tau of t and j. Let z_j = max z and
C_p(z) <= H + 1. Both (odds) and (monotone) give l_t(z) - l_j(z) >= gamma(rho) > 0 where z_j - z_t >= rho: integrate D
along z + r (e_t - e_j), which reaches tau z; while r <= min(rho, delta), z_j - r stays within delta of the maximum.
So tau z is better by a uniform amount. Nearer to the tie, with the midpoint u, z = u - r d, d = e_t - e_j, h(x) =
C_p(u + x d) and e(x) = (h(x) + h(-x))/2, in the same way h(x) <= e(x) - (p_t - p_j) kappa' x for x <= delta/2 and
h(-r) >= e(r), while (S) bounds e'' by a constant M(p) on some [0, x0] (e'(0) = 0). So h(x) - h(-r) <= M x^2/2 - (p_t
- p_j) kappa' x for r <= x <= x0, a fixed negative number for a suitable x. Nothing is assumed about attainment,
coercivity or convexity.

Checks: (E) by exact identity; (S) with ``l_0 = sum of c exp(affine) + rest``, c > 0, where the exponentials bound their
own curvature and the second derivatives of the rest have finite ranges over all of R^K; (B) by an affine minorant of
the rest of slope 0. By (E) the class 0 and the pair (0, 1) stand for all. The only switches allowed are
``max(0, g)^n`` with n >= 2 and g smooth: C1, with second derivatives in the hull of both branches.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import INF, NINF, Enclosure
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import acceptor, cover
from losscheck.verifier.identity import vanishes
from losscheck.verifier.interval import smooth
from losscheck.verifier.minorant import minorant
from losscheck.verifier.softmax import equivariant, replace
from losscheck.verifier.terms import Node, Pool, walk
from losscheck.verifier.verify import Checker, Fact


def remainder(pool: Pool, loss: Node) -> Node:
    """Take the terms ``c exp(affine)``, c > 0, off a loss."""
    c0, terms = pool.form(loss)

    def positive(t: Node, c: Fraction) -> bool:
        return c > 0 and t.op == "exp" and all(a.op == "var" for a in pool.form(t.args[0])[1])

    rest = [(c, t) for t, c in terms.items() if not positive(t, c)]
    return pool.linear((c0, pool.one), *rest)


def differentiable(pool: Pool, loss: Node) -> bool:
    """Whether the loss has no switch but squares (or higher powers) of ``max(0, smooth)``."""
    hinges = {}
    for n in walk(loss):
        if n.op == "pow" and n.value.denominator == 1 and n.value >= 2 and n.args[0].op == "max":
            sides = [a for a in n.args[0].args if a is not pool.zero]
            if len(sides) == 1 and len(n.args[0].args) == 2 and smooth(sides[0]):
                hinges[n] = pool.power(sides[0], n.value)
    return smooth(pool.substitute(loss, hinges))


def curvature(case: Case, rest: Node) -> None:
    """Check that the second derivatives along all ``e_i - e_j`` are bounded."""
    pool, names = case.pool, case.variables
    everywhere = Enclosure(dict.fromkeys(names, (NINF, INF)))
    for i, a in enumerate(names):
        for b in names[:i]:
            slope = pool.sub(pool.differentiate(rest, a), pool.differentiate(rest, b))
            low, high = everywhere(pool.sub(pool.differentiate(slope, a), pool.differentiate(slope, b)))
            expect(low.is_finite() and high.is_finite(), f"the curvature along {a} - {b} is not shown bounded")


def smooth_and_equivariant(case: Case, flows: Any) -> None:
    """Check that the losses are C1 and satisfy (E), (B) and (S)."""
    pool, names = case.pool, case.variables
    expect(case.kind == "logits", "the rule is about logits")
    expect(all(differentiable(pool, root) for root in case.roots), "a loss has a kink or a branch")
    loss = case.roots[0]
    rest = remainder(pool, loss)
    for root in case.roots:  # (E) is an identity where all are defined: those of the other labels must be so too
        curvature(case, remainder(pool, root))
    low = minorant({rest: Fraction(1)}, flows, names)
    expect(not any(low.slopes.values()), "the loss is not shown bounded below")
    expect(equivariant(case), "the loss is not shown equivariant")


def linear_odds(case: Case, c: Fraction) -> None:
    """Check ``l_0(z) - l_1(z) = c (z_1 - z_0)``."""
    pool = case.pool
    first, second = (pool.var(x) for x in case.variables[:2])
    odds = pool.linear((Fraction(1), case.roots[0]), (Fraction(-1), case.roots[1]), (-c, second), (c, first))
    expect(c > 0 and vanishes(pool, odds), "the odds are not linear")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every hypothesis of the lemma."""
    smooth_and_equivariant(case, proof["flows"])
    pool, names, loss = case.pool, case.variables, case.roots[0]
    second = pool.var(names[1])
    if proof["order"] == "odds":
        linear_odds(case, rational(proof["c"]))
    else:
        kappa, delta = rational(proof["kappa"]), rational(proof["delta"])
        expect(kappa > 0 and delta > 0, "kappa and delta must be positive")
        slope = pool.sub(pool.differentiate(loss, names[0]), pool.differentiate(loss, names[1]))
        cover(acceptor(pool, slope, "<="), dict.fromkeys(names, (None, None)), budget=400)
        below = {x: pool.linear((Fraction(1), second), (delta, pool.one), (Fraction(-1), pool.var(x))) for x in names}
        del below[names[1]]  # the other variables now say how far z_x lies below z_1 + delta
        top = replace(case, pool.add(slope, pool.const(kappa)), below)
        cover(acceptor(pool, top, "<"), {x: (None if x == names[1] else Fraction(0), None) for x in names}, budget=2000)
    return Fact("classification_calibrated", True)
