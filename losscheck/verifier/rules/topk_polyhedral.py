r"""Calibration for the top k classes of a piecewise linear loss, for every p, from finitely many vertices.

Hypotheses and notation of :mod:`losscheck.verifier.rules.calibrated_polyhedral`. For a set T of k classes the wrong
scores ``W_T = {z_i <= z_j for some i in T, j outside}`` are a union of cells of the arrangement, so that with V_T the
losses at wrong vertices ``H(p) = min_V p.v`` and ``inf over W_T = min_{V_T} p.v``, both attained.

- proved: for every T and every w of V_T multipliers ``lambda, mu >= 0``, mu not 0, with
  ``sum lambda_v (w - v) >= sum_{i in T, j outside} mu_ij (e_i - e_j)`` componentwise. For p whose k largest entries are
  in T, strictly, the product with p is positive, so some v has p.v < p.w: no wrong vertex is optimal.
- refuted: an exact p with min over T of p > max outside and a wrong z with ``C_p(z) <= H(p)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.piecewise_linear import Vector, evaluate
from losscheck.verifier.rules.calibrated_dual_witness import distribution
from losscheck.verifier.rules.calibrated_polyhedral import in_units, pareto, vertex_values
from losscheck.verifier.verify import Checker, Fact

Top = tuple[int, ...]


def is_wrong(z: Sequence[Fraction], top: Top) -> bool:
    """Whether a class outside the top scores at least as high as one inside."""
    return min(z[i] for i in top) <= max(x for j, x in enumerate(z) if j not in top)


def representation(case: Case, k: int) -> tuple[list[Vector], list[tuple[Top, list[Vector]]]]:
    """Pareto-minimal losses at all vertices, and at the wrong vertices of every set of k classes."""
    expect(type(k) is int and 1 <= k < len(case.variables), "k is a number of classes below K")
    found = vertex_values(case)
    tops = list(combinations(range(len(case.variables)), k))
    wrong = [(top, pareto({v for z, v in found if is_wrong(z, top)})) for top in tops]
    return pareto({v for _, v in found}), wrong


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Decide from the finite representation."""
    k, n = proof["k"], len(case.variables)
    every, wrong = representation(case, k)
    fact = Fact("topk_calibrated", holds="p" not in proof, params={"k": k})
    if "p" in proof:
        p, _ = distribution(proof["p"], n, top=False)
        z = [rational(x) for x in proof["z"]]
        top = tuple(sorted(range(n), key=lambda i: -p[i])[:k])
        expect(min(p[i] for i in top) > max(x for j, x in enumerate(p) if j not in top), "the k-th place is tied")
        expect(len(z) == n and is_wrong(z, top), "the point is not wrong for this distribution")
        risk = sum(a * b for a, b in zip(p, evaluate(in_units(case), case.variables, tuple(z)), strict=True))
        expect(risk <= min(sum(a * b for a, b in zip(p, v, strict=True)) for v in every), "the point is not optimal")
        return fact
    cuts = iter(proof["cuts"])
    for top, vectors in wrong:
        for w in vectors:
            cut = next(cuts)
            sides = [Fraction(0)] * n
            for index, text in cut["lambda"]:
                expect(type(index) is int and 0 <= index < len(every), "no such vector")
                weight = rational(text)
                expect(weight >= 0, "a negative multiplier")
                sides = [s + weight * (a - b) for s, a, b in zip(sides, w, every[index], strict=True)]
            needed, total = [Fraction(0)] * n, Fraction(0)
            for i, j, text in cut["mu"]:
                expect(i in top and j in range(n) and j not in top, "mu compares a class of the top with one outside")
                weight = rational(text)
                expect(weight >= 0, "a negative multiplier")
                needed[i], needed[j], total = needed[i] + weight, needed[j] - weight, total + weight
            expect(total > 0 and all(s >= m for s, m in zip(sides, needed, strict=True)), f"{top} stays open")
    return fact
