r"""Calibration, for the first or the top k classes, of piecewise linear losses of interchangeable classes, for all p.

Hypotheses: every l_y is continuous and piecewise linear; ``l_s(y)(s z) = l_y(z)`` for all permutations s, where
``(s z)_s(i) = z_i``; with l_y bounded below on every cell of sorted scores (:mod:`losscheck.verifier.chamber`).

Lemma. ``C_sp(s z) = C_p(z)``, and z is wrong for the top T of p exactly if s z is for s T: so let
``p_0 >= ... >= p_(K-1)``, with ``p_(k-1) > p_k`` and T = {0, ..., k-1}; z is arbitrary, which is ``z = s u`` with u
sorted downwards. Then ``C_p(z) = sum_i p_s(i) l_i(u)``. With ``S = s^-1(T)`` z is wrong exactly if ``u_i <= u_j`` for
some i in S, j outside: always if S is not T, and for S = T where ``u_(k-1) = u_k``, a side of the chamber. For each s
the sum attains its minimum over a cell, or over its face in that side, at a vertex. By the rearrangement inequality
the least sum over all s with the same S is ``p.w(S, u)`` with w the losses at u of the classes of S, ascending, and
then those of the others, ascending; over all s it is ``p.v(u)`` with v all losses, ascending. So
``H(p) = min p.v(u)`` and ``inf over W_T = min p.w(S, u)`` over finitely many u and S. With the running sums c(v) and
``q_j = p_j - p_(j+1) >= 0`` (``q_(K-1) = p_(K-1)``): ``p.v = q.c(v)``, and the lead of the top is ``q_(k-1) > 0``.

- proved: for every w multipliers ``lambda >= 0`` with ``sum lambda_v (c(w) - c(v)) >= e_(k-1)`` componentwise. The
  product with q is positive, so some v has ``p.v < p.w``. (Componentwise larger c(w) need no check.)
- refuted: an exact p, with its k largest entries strictly ahead, and a wrong z with ``C_p(z) <= H(p)``.

Sorted p and all z: the two are not sorted at once. Losses with branches (a sort) come with ``losses``, one graph of
sums, max, min and abs per label, each shown equal to the loss cell by cell, ties included (verifier/cells.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate, combinations, pairwise
from typing import Any

from losscheck.verifier.cells import equal_on_cells
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.chamber import sorted_vertices
from losscheck.verifier.piecewise_linear import ALLOWED, Vector, evaluate, is_piecewise_linear
from losscheck.verifier.rules.calibrated_dual_witness import distribution
from losscheck.verifier.rules.calibrated_polyhedral import in_units, pareto
from losscheck.verifier.rules.topk_polyhedral import is_wrong
from losscheck.verifier.softmax import equivariant, formula
from losscheck.verifier.terms import BOOLEAN, Node, walk
from losscheck.verifier.verify import Checker, Fact


def merged(*parts: Sequence[Fraction]) -> Vector:
    """Running sums of the parts, one after the other, each in ascending order."""
    return tuple(accumulate(x for part in parts for x in sorted(part)))


def stated(case: Case, texts: Any) -> list[Node]:
    """The losses as the certificate writes them, which are those of the graph at all scores."""
    expect(all(n.op in ALLOWED | BOOLEAN | {"where"} for n in walk(*case.roots)), "the loss is not defined by branches")
    made = [formula(case, text, set(case.variables)) for text in texts]
    for a, b in zip(case.roots, made, strict=True):
        expect(equal_on_cells(case.pool, a, b, case.variables), "a loss is not shown to be the one stated")
    return made


def representation(case: Case, losses: Sequence[Node], k: int) -> tuple[list[Vector], list[Vector]]:
    """Pareto-minimal running sums at all scores, and at those with a wrong top k; the hypotheses are checked."""
    n = len(case.variables)
    expect(case.kind == "logits", "the rule is about logits")
    expect(type(k) is int and 1 <= k < n, "k is a number of classes below K")
    expect(is_piecewise_linear(losses), "the loss is not piecewise linear")
    expect(equivariant(replace(case, roots=list(losses))), "the classes are not shown to be interchangeable")
    every, wrong = set[Vector](), set[Vector]()
    for u, value in sorted_vertices(losses, case.variables):
        every.add(merged(value))
        for top in combinations(range(n), k):
            if is_wrong(u, top):
                rest = [x for i, x in enumerate(value) if i not in top]
                wrong.add(merged([value[i] for i in top], rest))
    return pareto(every), pareto(wrong)


def least(every: Sequence[Vector], p: Sequence[Fraction]) -> Fraction:
    """H(p)."""
    down = [*sorted(p, reverse=True), Fraction(0)]
    steps = [a - b for a, b in pairwise(down)]
    return min(sum((a * b for a, b in zip(steps, v, strict=True)), Fraction(0)) for v in every)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Decide from the finite representation; without a k, calibration for the first class."""
    n, k = len(case.variables), proof.get("k", 1)
    losses = stated(case, proof["losses"]) if "losses" in proof else in_units(case)
    every, wrong = representation(case, losses, k)
    named = ("topk_calibrated", "p" not in proof, {"k": k}) if "k" in proof else None
    fact = Fact(*named) if named else Fact("classification_calibrated", "p" not in proof)
    if "p" in proof:
        p, _ = distribution(proof["p"], n, top=False)
        z = [rational(x) for x in proof["z"]]
        top = tuple(sorted(range(n), key=lambda i: -p[i])[:k])
        expect(min(p[i] for i in top) > max(x for j, x in enumerate(p) if j not in top), "the k-th place is tied")
        expect(len(z) == n and is_wrong(z, top), "the point is not wrong for this distribution")
        risk = sum(a * b for a, b in zip(p, evaluate(losses, case.variables, tuple(z)), strict=True))
        expect(risk <= least(every, p), f"the point has risk {risk}, which is not the least")
        return fact
    for w, cut in zip(wrong, proof["cuts"], strict=True):
        total = [Fraction(0)] * n
        for index, text in cut:
            expect(type(index) is int and 0 <= index < len(every), "no such vector")
            weight = rational(text)
            expect(weight >= 0, "a negative multiplier")
            total = [s + weight * (a - b) for s, a, b in zip(total, w, every[index], strict=True)]
        expect(all(s >= (j == k - 1) for j, s in enumerate(total)), "a wrong vertex stays open")
    return fact
