r"""Losses of soft labels from their losses of hard ones.

Write ``m_y(z) = l(z, e_y)`` for the loss at a vertex of the simplex. Lemma.

1. At one label: if m_y is negative somewhere, not convex, not differentiable, not bounded below or above, or not
   invariant under shifts of z, then l is not (these are asked for every q), and its Lipschitz constant is infinite if
   that of some m_y is.
2. Let ``l(z, q) = c(q) + sum_y q_y m_y(z)`` on R^K x simplex. Then, at every q, z -> l(z, q) is a convex combination of
   the m_y up to a constant: l is convex, differentiable or shift invariant iff every m_y is, and its least Lipschitz
   constant over all q is the largest of the m_y. A law of q of finite support with mean p has the conditional risk
   ``E c(q) + sum_y p_y m_y(z)``, that of the (m_y) at p up to a number, so l is ``classification_calibrated``
   (``recovers_probability``) iff the (m_y) are, with p in place of P(y).
3. If moreover c = 0, then l is nonnegative, bounded below or bounded above iff every m_y is, and it follows renamed
   classes, ``l(s z, s q) = l(z, q)``, iff the (m_y) do.

Hypotheses checked: the certificate brings the m_y along, which have the normal forms of the l(z, e_y) and are defined
everywhere; so is everything below l that depends on z, for all z and all q of [0, 1]^K; (2) the difference
``l(z, q) - sum_y q_y l(z, e_y)`` has the normal form of its value at z = 0, on the simplex; (3) it is 0. Terms of q
alone may have no value at some q (0 log 0): the statement is about the q where they have one.

Proof node: ``{"rule": "by_hard_labels", "own": [graph, ...], "proof": ...}``, the proof about the m_y of kind logits.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.identity import same, vanishes
from losscheck.verifier.points import broken_nowhere, soft_halves
from losscheck.verifier.soft_labels import defined_in_scores, hard
from losscheck.verifier.softmax import formula
from losscheck.verifier.verify import Checker, Fact

KINDS = ("soft",)
AT_A_VERTEX = ("nonnegative", "convex", "differentiable", "bounded_below", "bounded_above", "shift_invariant")
UP_TO_CONSTANTS = (
    "convex", "differentiable", "shift_invariant", "lipschitz", "classification_calibrated", "recovers_probability",
)  # fmt: skip
BARE = ("nonnegative", "bounded_below", "bounded_above", "permutation_equivariant")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the fact of the hard labels, and what makes it one of the soft ones."""
    pool, vertices = case.pool, hard(case)
    expect(len(proof["own"]) == len(vertices.roots), "one formula for each class")
    own = replace(vertices, roots=[formula(case, each, {*vertices.variables}) for each in proof["own"]])
    expect(all(same(pool, a, b) for a, b in zip(own.roots, vertices.roots, strict=True)), "a hard label's loss differs")
    expect(broken_nowhere(own), "the losses of hard labels are not shown to be defined everywhere")
    fact = Checker(own).fact(proof["proof"])
    expect(defined_in_scores(case), "the loss is not shown to be defined for all scores and labels")
    infinite = fact.property == "lipschitz" and fact.bounds[0] == "inf"
    if infinite or (fact.property in AT_A_VERTEX and not fact.holds):
        return replace(fact, slack=None)
    expect(fact.property in UP_TO_CONSTANTS + BARE, f"{fact.property} of hard labels is not that of soft ones")
    scores, labels = soft_halves(case)
    mean = pool.add(*(pool.mul(pool.var(x), root) for x, root in zip(labels, own.roots, strict=True)))
    rest = pool.sub(case.roots[0], mean)
    if fact.property in BARE:
        expect(vanishes(pool, rest, simplex=labels), "the loss is not shown to be linear in the label")
    else:
        start = pool.substitute(rest, {pool.var(x): pool.zero for x in scores})
        expect(same(pool, rest, start, simplex=labels), "the loss is not shown to be linear in the label")
    return replace(fact, slack=None)
