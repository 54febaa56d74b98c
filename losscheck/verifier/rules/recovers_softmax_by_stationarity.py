"""Coercive losses with the stationary point softmax(z) = p: every minimising sequence finds p.

Lemma. Let the l_y be differentiable (here: analytic) on R^K with ``l_y(z + c 1) = l_y(z)``,
(1) ``sum_y s_y grad l_y(z) = 0`` identically, s = softmax(z);
(2) ``dl_y/dz_i > 0`` everywhere for i != y;
(3) ``l_y(z) >= a (z_j - z_y) - b`` for all j != y, with some a > 0, and l_y >= -b.
Then for every interior p every minimising sequence of C_p has softmax(z_n) -> p.

Proof. By (3) and p_y > 0, C_p(z_n) bounded bounds all differences of scores, so up to shifts the z_n have limit points,
which minimise C_p. At a minimiser ``J'p = 0`` with the rows of J the gradients. By shift invariance the rows of J add
up to 0, and by (2) -J is an irreducible M-matrix (the Laplacian of a complete graph), of rank K - 1. By (1) the kernel
of J' is spanned by softmax(z); so p, of sum 1, is softmax(z).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import INF, NINF, Enclosure
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import sign
from losscheck.verifier.defined import natural
from losscheck.verifier.identity import vanishes
from losscheck.verifier.interval import smooth
from losscheck.verifier.minorant import minorant
from losscheck.verifier.softmax import shift_invariant, softmax
from losscheck.verifier.terms import walk
from losscheck.verifier.verify import Checker, Fact


def analytic(case: Case) -> bool:
    """Whether every loss is real-analytic on R^K: no switches, logarithms and powers of positive bases only."""
    everywhere = Enclosure(dict.fromkeys(case.variables, (NINF, INF)))
    bases = [n.args[0] for n in walk(*case.roots) if n.op == "log" or (n.op == "pow" and not natural(n))]
    return all(smooth(root) for root in case.roots) and all(sign(base, everywhere) == "+" for base in bases)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every hypothesis of the lemma."""
    pool, names = case.pool, case.variables
    expect(case.kind == "logits", "the rule is about logits")
    expect(analytic(case), "a loss is not shown smooth")
    expect(shift_invariant(case), "a loss is not shown invariant under shifts of all scores")
    everywhere = Enclosure(dict.fromkeys(names, (NINF, INF)))
    slopes = [[pool.differentiate(root, x) for x in names] for root in case.roots]
    s = softmax(case, Fraction(1))
    flows = iter(proof["flows"])
    for i, x in enumerate(names):
        total = pool.add(*(pool.mul(s[y], slopes[y][i]) for y in range(len(names))))
        expect(vanishes(pool, total), f"softmax is not shown stationary along {x}")
    for y, root in enumerate(case.roots):
        low = minorant({root: Fraction(1)}, next(flows), names)
        expect(not any(low.slopes.values()), f"the loss of class {y} is not shown bounded below")
        for j, x in enumerate(names):
            if j != y:
                expect(sign(slopes[y][j], everywhere) == "+", f"the loss of class {y} is not shown to grow in {x}")
                low = minorant({root: Fraction(1)}, next(flows), names)
                a = low.slopes[x]
                wanted = {name: a if name == x else -a if i == y else 0 for i, name in enumerate(names)}
                expect(a > 0 and low.slopes == wanted, f"the loss of class {y} is not shown to diverge with {x}")
    return Fact("recovers_probability", True, {"link": "softmax"})
