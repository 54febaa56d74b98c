r"""The range of the sum of the losses over the classes, for cross-entropies of scores clipped to a ball.

Let ``S(z) = a lse(u) - (a/K) sum u + c`` with ``u = rho(z) z``, a > 0, and rho one of ``min(1, r/|z|)``,
``1/max(1, |z|/r)``, both with ``|u| = min(|z|, r)``: u fills the ball of radius r, up to the origin where the first is
not defined, and the formula in u is continuous there.

Lemma. On the ball ``a lse(u) - (a/K) sum u`` is least at 0 (Jensen), with value ``a log K``. It is convex, and not
constant off the diagonal, so it is largest on the sphere, at a stationary point ``a softmax(u)_i - a/K = mu u_i``. The
sum over i gives ``mu sum u = 0``. If mu = 0, u is a multiple of (1, ..., 1), where the value is least. So the sum is 0,
and ``exp(u_i)`` is an affine function of u_i, which a strictly convex function equals at two places at most: m entries
``x = r sqrt((K - m)/(m K))``, the others ``y = -r sqrt(m/((K - m) K))``, for some 0 < m < K (the opposite sign is
K - m). The supremum is the largest of these K - 1 values.

Checked: the nodes of the graph that are identically rho; the losses with a variable in their place are defined at every
point; the identity for S in that variable.

Proof node: ``{"rule": "class_sum_clipped", "radius": "1", "form": "min" | "max", "a": "3", "c": "0"}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.balls import Enclosure, exact
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import ranges
from losscheck.verifier.identity import same
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.points import defined_everywhere
from losscheck.verifier.terms import F1, Node, walk
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)
HALF = Fraction(1, 2)


def clipping(case: Case, r: Fraction, form: Any) -> Node:
    """The factor rho."""
    pool = case.pool
    square = pool.add(*(pool.power(pool.var(x), Fraction(2)) for x in case.variables))
    shrunk = pool.scale(r, pool.power(square, -HALF))
    if form == "min":
        return pool.build("min", None, (pool.one, shrunk))
    expect(form == "max", "unknown form")
    norm = pool.power(square, HALF)
    return pool.power(pool.build("max", None, (pool.one, pool.scale(1 / r, norm))), -F1)


def two_levels(k: int, m: int, r: Fraction) -> arb:
    """``lse`` of m entries x and K - m entries y of sum 0 and norm r."""
    x = exact(r) * (exact(Fraction(k - m, m * k))).sqrt()
    y = -exact(r) * (exact(Fraction(m, (k - m) * k))).sqrt()
    return (m * x.exp() + (k - m) * y.exp()).log()


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the identity and evaluate the candidates."""
    pool, k = case.pool, len(case.variables)
    r, a, c = (rational(proof[name]) for name in ("radius", "a", "c"))
    expect(r > 0 and a > 0, "the radius and the factor are positive")
    factor, rho = clipping(case, r, proof["form"]), pool.var("rho")
    equal = [n for n in walk(*case.roots) if n.op == factor.op and same(pool, n, factor)]
    expect(equal, "the scores are not clipped in this form")
    u = [pool.mul(rho, pool.var(x)) for x in case.variables]
    meant = pool.linear((a, pool.build("lse", None, tuple(u))), *((-a / k, n) for n in u), (c, pool.one))
    clipped = [pool.substitute(root, dict.fromkeys(equal, rho)) for root in case.roots]
    box = Enclosure(ranges({**dict.fromkeys(case.variables, (None, None)), "rho": (Fraction(0), F1)}))
    expect(all(defined_everywhere(root, box) for root in clipped), "a loss is not shown to be defined")
    total = pool.add(*clipped)
    expect(same(pool, total, meant), "the sum is not shown to be of this form")
    low = exact(a) * arb(k).log() + exact(c)
    tops = [exact(a) * two_levels(k, m, r) + exact(c) for m in range(1, k)]
    bottom = enclosed(fraction(low.lower()), fraction(low.upper()))
    top = enclosed(max(fraction(t.lower()) for t in tops), max(fraction(t.upper()) for t in tops))
    return Fact("class_sum_bounds", value=[bottom[0], top[0]], bounds=[bottom[1], top[1]])
