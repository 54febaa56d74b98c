r"""Divergences of a soft label from softmax(z): nonnegative by the inequality of Gibbs.

Lemma. For q in the simplex and positive p that add up to 1, ``sum_y q_y log(q_y / p_y) >= 0`` with 0 log 0 = 0 (Gibbs;
by ``log x <= x - 1``). So ``l(z, q) = c sum_y q_y (log q_y - log softmax(alpha z)_y)`` with c >= 0 is nonnegative.

Hypotheses checked: everything below l that depends on z is defined for all z and all q of [0, 1]^K; and for every
support S of q, with ``q_y > 0`` exactly for y in S, l has the normal form of c times the sum over S, every branch on q
decided there. Supports on which l has no value (0 log 0 as code computes it, in a sum or alone) do not count; log 0
alone has one, -infinity.

Proof node: ``{"rule": "nonnegative_by_gibbs", "alpha": "1", "c": "1"}``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import sign
from losscheck.verifier.identity import same
from losscheck.verifier.pieces import resolve
from losscheck.verifier.points import soft_halves, whole_domain
from losscheck.verifier.soft_labels import defined_in_scores
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

KINDS = ("soft",)
MOST = 6


def on_support(case: Case, held: Sequence[bool]) -> Node:
    """The loss where exactly some entries of the label are positive, without branches on them."""
    pool, value = case.pool, whole_domain(case)
    fixed = {}
    for name, positive in zip(soft_halves(case)[1], held, strict=True):
        q = pool.var(name)
        if not positive or sum(held) == 1:
            fixed[q] = pool.const(Fraction(int(positive)))
        else:
            value.signs[q.id], value.signs[pool.scale(-1, q).id] = "+", "-"
    root = pool.substitute(case.roots[0], fixed)
    return resolve(pool, root, "", None, None, lambda n: sign(n, value))


def divergence(case: Case, held: Sequence[bool], alpha: Fraction) -> Node:
    """``sum over the support of q_y (log q_y - log softmax(alpha z)_y)``."""
    pool, (scores, labels) = case.pool, soft_halves(case)
    z = [pool.scale(alpha, pool.var(x)) for x in scores]
    total = pool.build("lse", None, tuple(z))
    parts = []
    for x, name, positive in zip(z, labels, held, strict=True):
        if positive:
            q = pool.one if sum(held) == 1 else pool.var(name)
            parts.append(pool.mul(q, pool.add(pool.build("log", None, (q,)), total, pool.scale(-1, x))))
    return pool.add(*parts)


def no_number(case: Case, n: Node) -> bool:
    """Whether a term of a sum is 0 times something undefined, hence no number, whatever the others are."""
    return any(t.op == "mul" and case.pool.zero in t.args for t in case.pool.form(n)[1])


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the loss on every support."""
    alpha, c, labels = rational(proof["alpha"]), rational(proof["c"]), soft_halves(case)[1]
    expect(alpha != 0 and c >= 0 and len(labels) <= MOST, f"a scale, a factor c >= 0, and at most {MOST} classes")
    expect(defined_in_scores(case), "the loss is not shown to be defined for all scores and labels")
    for held in product((True, False), repeat=len(labels)):
        if not any(held):
            continue
        here = on_support(case, held)
        if here in case.pool.undefined:
            expect(not all(held) and no_number(case, here), "the loss may be -infinity, or has no value at all")
            continue
        meant = case.pool.scale(c, divergence(case, held, alpha))
        left = [name for name, positive in zip(labels, held, strict=True) if positive and sum(held) > 1]
        expect(same(case.pool, here, meant, simplex=left), "the loss is not shown to be that divergence")
    return Fact("nonnegative")
