"""Calibration of continuous piecewise linear losses, decided for all p at once.

Lemma (one linear programme per wrong vertex; the argument of finite representation: Finocchiaro, Frongillo, Waggoner
2019). Let every l_y : R^K -> R be continuous and piecewise linear, with recession slopes >= 0 along all rays of the
arrangement A of all switching hyperplanes and ties ``z_i = z_j``, and slope 0 along the diagonal when all of A contains
it. On a closed cell of A every l_y is affine and bounded below, so every C_p attains its minimum over the cell at a
vertex of A; the wrong set ``W_t = {z : z_j = max z for some j != t}`` is a union of cells. With V the value vectors
l(vertex) and V_t those of wrong vertices: ``H(p) = min_V p.v`` and ``inf over W_t = min_{V_t} p.v``.

- proved: for every t and every w of V_t multipliers ``lambda, mu >= 0``, mu not 0, with
  ``sum lambda_v (w - v) >= sum_{i != t} mu_i (e_t - e_i)`` componentwise. For p with the unique top class t the product
  with p is positive, so some v has ``p.v < p.w``: no wrong vertex is optimal. (Componentwise larger w need no check.)
- refuted: an exact p with a unique top class t and a wrong z with ``C_p(z) <= H(p)``.

Neither equivariance nor convexity nor attainment is assumed. A loss whose only constant is one c > 0 of the code (known
up to 2 ulp) is ``c l(z / c)`` with c = 1 in l: the scores are then counted in units of c, which changes no order.
"""

from __future__ import annotations

from fractions import Fraction

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.piecewise_linear import (
    ALLOWED,
    Vector,
    evaluate,
    hyperplanes,
    is_piecewise_linear,
    rays,
    vertices,
)
from losscheck.verifier.rules.calibrated_dual_witness import distribution, is_wrong
from losscheck.verifier.terms import F1, Node, walk
from losscheck.verifier.verify import Checker, Fact


def pareto(vectors: set[Vector]) -> list[Vector]:
    """Keep the componentwise minimal vectors, sorted."""
    kept: list[Vector] = []
    for v in sorted(vectors, key=lambda v: (sum(v), v)):  # a smaller vector has a smaller sum
        if not any(all(a <= b for a, b in zip(u, v, strict=True)) for u in kept):
            kept.append(v)
    return sorted(kept)


def in_units(case: Case) -> list[Node]:
    """The losses with their only constant, up to sign known as a ball, as the unit of the scores."""
    order = walk(*case.roots)
    balls = [n for n in order if n.op == "ball"]
    free = all(n.op in ALLOWED | {"ball"} and not (n.op == "add" and n.value[0]) for n in order)
    others = any(n.op == "const" and n.value for n in order)
    if len(balls) != 1 or not free or others or balls[0].value[0] * balls[0].value[1] <= 0:
        return case.roots
    unit = case.pool.const(1 if balls[0].value[0] > 0 else -1)
    return [case.pool.substitute(n, {balls[0]: unit}) for n in case.roots]


def vertex_values(case: Case) -> list[tuple[Vector, Vector]]:
    """The vertices of the arrangement with the losses there; the hypotheses of the lemma are checked."""
    k, names, losses = len(case.variables), case.variables, in_units(case)
    expect(case.kind == "logits", "the rule is about logits")
    expect(is_piecewise_linear(losses), "the loss is not piecewise linear")
    planes = hyperplanes(losses, names)
    ones: Vector = tuple(F1 for _ in names)
    if all(sum(row[1:]) == 0 for row in planes):
        flat = evaluate(losses, names, ones, homogeneous=True)
        expect(not any(flat), "a loss changes along the diagonal, which no hyperplane cuts")
    for r in rays(planes, k):
        slopes = evaluate(losses, names, r, homogeneous=True)
        expect(all(s >= 0 for s in slopes), f"a loss falls without bound along {[str(x) for x in r]}")
    return [(z, evaluate(losses, names, z)) for z in vertices(planes, k)]


def representation(case: Case) -> tuple[list[Vector], list[list[Vector]]]:
    """Pareto-minimal values at all vertices, and at the wrong vertices of every class."""
    k = len(case.variables)
    every: set[Vector] = set()
    wrong: list[set[Vector]] = [set() for _ in range(k)]
    for z, value in vertex_values(case):
        every.add(value)
        for t in range(k):
            if is_wrong(z, t):
                wrong[t].add(value)
    return pareto(every), [pareto(w) for w in wrong]


def check(checker: Checker, case: Case, proof: dict[str, object]) -> Fact:
    """Decide calibration from the finite representation."""
    every, wrong = representation(case)
    k = len(case.variables)
    if "p" in proof:
        p, t = distribution(proof["p"], k)
        z = [rational(x) for x in proof["z"]]  # type: ignore[attr-defined]
        expect(is_wrong(z, t), "the point is not wrong for this distribution")
        risk = sum(a * b for a, b in zip(p, evaluate(in_units(case), case.variables, tuple(z)), strict=True))
        best = min(sum(a * b for a, b in zip(p, v, strict=True)) for v in every)
        expect(risk <= best, f"the point has risk {risk}, the least is {best}")
        return Fact("classification_calibrated", False)
    cuts = iter(proof["cuts"])  # type: ignore[call-overload]
    for t in range(k):
        for w in wrong[t]:
            cut = next(cuts)
            sides = [Fraction(0)] * k
            for index, text in cut["lambda"]:
                expect(type(index) is int and 0 <= index < len(every), "no such vector")
                weight = rational(text)
                expect(weight >= 0, "a negative multiplier")
                sides = [s + weight * (a - b) for s, a, b in zip(sides, w, every[index], strict=True)]
            mu = [rational(x) for x in cut["mu"]]
            expect(len(mu) == k and min(mu) >= 0 and mu[t] == 0 and any(mu), "mu must be non-negative and not zero")
            needed = [sum(mu) if i == t else -mu[i] for i in range(k)]
            expect(all(s >= n for s, n in zip(sides, needed, strict=True)), f"a wrong vertex of class {t} stays open")
    return Fact("classification_calibrated", True)
