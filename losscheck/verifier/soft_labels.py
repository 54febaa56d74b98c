"""Losses l(z, q) of scores and a soft label: their domain, and their losses of hard labels."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from losscheck.verifier.certificate import Case
from losscheck.verifier.defined import condition
from losscheck.verifier.points import defined_everywhere, soft_halves, whole_domain
from losscheck.verifier.terms import Node, Pool, walk


def defined_in_scores(case: Case) -> bool:
    """Whether everything that depends on the scores is shown to be defined, for all scores and labels.

    What depends on the label alone (0 log 0) may have no value: statements are about the labels at which it has one.
    """
    value, scores = whole_domain(case), {case.pool.var(name) for name in soft_halves(case)[0]}
    partial = [n for n in walk(*case.roots) if n.op in ("log", "pow") and not scores.isdisjoint(walk(n))]
    return all(defined_everywhere(n, value) for n in partial)


def hard(case: Case) -> Case:
    """The losses at the vertices of the simplex, as a case of kind logits."""
    pool, (scores, labels) = case.pool, soft_halves(case)
    roots = []
    for y in range(len(labels)):
        vertex = {pool.var(name): pool.const(Fraction(int(i == y))) for i, name in enumerate(labels)}
        roots.append(_decided(pool, pool.substitute(case.roots[0], vertex)))
    return replace(case, kind="logits", domain="real", variables=scores, labels=list(range(len(labels))), roots=roots)


def _decided(pool: Pool, root: Node) -> Node:
    """``root`` with the branches taken of conditions without variables."""
    done: dict[Node, Node] = {}
    for n in walk(root):
        if n.op == "where" and not any(m.op == "var" for m in walk(n.args[0])):
            done[n] = done[n.args[1 if condition(pool, n.args[0], lambda m: m) else 2]]
        elif n.args:
            done[n] = pool.build(n.op, n.value, tuple(done[a] for a in n.args))
        else:
            done[n] = n
    return done[root]
