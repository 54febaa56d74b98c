"""Scoring rules of K classes whose Bayes risk is strictly concave by its Hessian, finite on the closed simplex.

If every l_y is a smooth composition whose parts and second derivatives stay finite on boxes that cover the closed
simplex, stationarity (``sum p_i d_j l_i = 0`` identically) gives ``d_j H = l_j - l_{K-1}`` and Savage's representation
``L(p, q) = H(q) + dH(q)(p - q)``, on the boundary by continuity. The leading minors of the negative Hessian of H are
positive on every box, so H is strictly concave on the closed simplex, faces included: strictly proper.

Proof node: ``{"rule": "proper_by_minors", "strict": bool}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import cover
from losscheck.verifier.faces import Simplex
from losscheck.verifier.identity import vanishes
from losscheck.verifier.interval import smooth
from losscheck.verifier.rules.proper_by_stationarity import along
from losscheck.verifier.rules.proper_through_softmax import acceptor, determinant
from losscheck.verifier.terms import walk
from losscheck.verifier.verify import Checker, Fact


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check stationarity, finiteness and the minors."""
    expect(case.kind == "simplex" and len(case.variables) <= 5, "the rule speaks of at most 5 classes")
    pool, names, last = case.pool, case.variables, len(case.variables) - 1
    simplex = Simplex(pool, names)
    losses = [simplex.settle(r) for r in case.roots]
    expect(all(smooth(r) for r in losses), "a loss switches")
    for j in range(last):
        mean = pool.add(*(pool.mul(pool.var(x), along(case, r, j)) for x, r in zip(names, losses, strict=True)))
        expect(vanishes(pool, mean, simplex=names), f"the risk is not stationary at the truth along class {j}")
    bends = [
        [pool.scale(-1, along(case, pool.sub(losses[j], losses[last]), k)) for k in range(last)] for j in range(last)
    ]
    minors = [determinant(pool, [row[:n] for row in bends[:n]]) for n in range(1, last + 1)]
    first = [along(case, r, j) for r in losses for j in range(last)]
    finite = walk(*losses, *first, *(n for row in bends for n in row))
    finite = [n for n in finite if n.op not in ("lt", "le", "eq", "not", "and", "true", "false")]
    cover(acceptor(names, finite, minors), dict.fromkeys(names[:-1], (Fraction(0), Fraction(1))), budget=4000)
    return Fact("strictly_proper" if proof.get("strict") else "proper")
