r"""The minimizability gap ``M = R* - E_x C*(p(.|x))`` of a law of finite support, between certified bounds.

R* is the infimum of the risk over the hypothesis set. For ``Linear(inf, inf)`` (``h_y(x) = w_y.x + b_y``, all w and b)
the value at any parameters bounds it above; below, an affine minorant of the risk in all parameters without slopes
(:mod:`losscheck.verifier.minorant`), or boxes of scores at some base points, of which the scores at all others are
affine combinations with the coefficients of the x, or ``E C*``, as ``R* >= E C*``. Sets that take all scores at each
point, each on its own, have ``R* = E C*``. C* of a conditional distribution is bounded above by the risk at any scores,
below by a minorant without slopes, or for ``phi(softmax_y)`` by tangents (:mod:`losscheck.verifier.comp_sum_risk`).

The numbers of a question mean what their shortest decimals name; weights and rows are divided by their sums. Rows of p
are in the order of the labels, of a margin loss: negative, positive. Rows about one and the same point are one point
with their mixture as conditional distribution: hypotheses cannot tell them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.balls import ZERO, Enclosure, exact, point
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.comp_sum_risk import CompSumRisk
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.law import decimal
from losscheck.verifier.minorant import minorant
from losscheck.verifier.scores_by_boxes import by_boxes
from losscheck.verifier.terms import Node, Pool
from losscheck.verifier.transform_claim import NARROW, end
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed", "logits")
Law = list[tuple[list[Fraction], Fraction, list[Fraction]]]


def shares(numbers: Sequence[Any]) -> list[Fraction]:
    """Weights >= 0, divided by their sum."""
    found = [decimal(x) for x in numbers]
    expect(found and min(found) >= 0 and sum(found) > 0, "weights are not negative, and not all 0")
    return [x / sum(found) for x in found]


def law(params: dict[str, Any], labels: int) -> Law:
    """``(x, weight, p)`` per point."""
    points, px, p = params["x"], params["px"], params["p"]
    expect(0 < len(points) == len(px) == len(p) <= 60, "one x, one weight and one row of p per point, at most 60")
    expect(all(len(x) == len(points[0]) <= 20 for x in points), "all x have the same number of features, at most 20")
    expect(all(len(row) == labels for row in p), "a row of p has one probability per label")
    joint: dict[tuple[Fraction, ...], list[Fraction]] = {}
    for x, w, row in zip(points, shares(px), p, strict=True):
        before = joint.setdefault(tuple(map(decimal, x)), [Fraction(0)] * labels)
        before[:] = [a + w * c for a, c in zip(before, shares(row), strict=True)]
    return [(list(x), w, [c / w for c in row]) for x, row in joint.items() if (w := sum(row, Fraction(0)))]


def by_label(case: Case) -> list[Node]:
    """The loss of every label as a function of the scores."""
    if case.kind != "margin":
        return case.roots
    v = case.pool.var("v")
    return [case.pool.substitute(case.roots[0], {v: case.pool.scale(-1, v)}), case.roots[0]]


def parameters(case: Case, features: int) -> list[list[str]]:
    """Names of the weights and the bias of every score."""
    return [[f"w{i}_{j}" for j in range(features + 1)] for i in range(len(case.variables))]


def scores(pool: Pool, names: list[list[str]], x: list[Fraction]) -> list[Node]:
    """The scores at x as functions of the parameters."""
    return [pool.linear(*zip([*x, Fraction(1)], map(pool.var, row), strict=True)) for row in names]


def at(nodes: Sequence[Node], p: Sequence[Fraction], values: dict[str, Fraction]) -> arb:
    """A ball around the risk at a point."""
    here = Enclosure({name: point(value) for name, value in values.items()})
    total = ZERO
    for n, w in zip(nodes, p, strict=True):
        if w:
            low, high = here(n)
            expect(low.is_finite() and high.is_finite(), "a loss is not finite")
            total += exact(w) * low.union(high)
    return total


def floor(weights: dict[Node, Fraction], flows: Any, names: Sequence[str]) -> arb:
    """A lower bound from a minorant without slopes."""
    low = minorant({n: w for n, w in weights.items() if w}, flows, names)
    expect(not any(low.slopes.values()), "the minorant falls without bound")
    return low.total.lower()


def best(case: Case, losses: list[Node], rows: Law, proof: dict[str, Any]) -> tuple[arb, arb]:
    """Bounds of ``E C*``."""
    tangents = CompSumRisk(case, proof["comp-sum"]) if "comp-sum" in proof else None
    low = high = ZERO
    for (_, w, p), part in zip(rows, proof["parts"], strict=True):
        values = {name: rational(c) for name, c in zip(case.variables, part["scores"], strict=True)}
        high += exact(w) * at(losses, p, values).upper()
        if tangents is not None:
            low += exact(w) * tangents.below(p, part["floor"], predicted=False)
        else:
            weights: dict[Node, Fraction] = {}
            for n, c in zip(losses, p, strict=True):
                weights[n] = weights.get(n, Fraction(0)) + c
            low += exact(w) * floor(weights, part["floor"], case.variables)
    return low.lower(), high.upper()


def linear(case: Case, losses: list[Node], rows: Law, proof: dict[str, Any]) -> tuple[arb | None, arb]:
    """Bounds of the least risk of linear scores."""
    pool, names = case.pool, parameters(case, len(rows[0][0]))
    flat = [name for row in names for name in row]
    values = {name: rational(c) for name, c in zip(flat, proof["parameters"], strict=True)}
    high, weights = ZERO, dict[Node, Fraction]()
    for x, w, p in rows:
        change = {pool.var(z): h for z, h in zip(case.variables, scores(pool, names, x), strict=True)}
        nodes = [pool.substitute(n, change) for n in losses]
        high += exact(w) * at(nodes, p, values)
        for n, c in zip(nodes, p, strict=True):
            weights[n] = weights.get(n, Fraction(0)) + w * c
    if proof.get("boxes") is not None:
        return by_boxes(case, losses, rows, proof["boxes"]), high.upper()
    return (None if proof["floor"] is None else floor(weights, proof["floor"], flat)), high.upper()


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Bound both terms of the gap."""
    over, losses = hypotheses(proof["params"]["hypotheses"]), by_label(case)
    expect(not over.sum_to_zero or case.kind == "logits", "only scores of several classes add up to 0")
    rows = law(proof["params"], len(losses))
    params = {name: proof["params"][name] for name in ("x", "px", "p", "hypotheses")}
    low, high = best(case, losses, rows, proof["best"])
    if params["hypotheses"] != "Linear(inf, inf)":
        apart = str(params["hypotheses"]).startswith(("All", "Bounded("))
        expect(apart, "the scores of several points hang together through the parameters: not covered")
        return Fact("minimizability_gap", True, params, value=0.0, bounds=[0.0, 0.0])
    least, most = linear(case, losses, rows, proof["linear"])
    below = ZERO if least is None else (least - high).lower()
    bounds = end(below if below > 0 else ZERO, (most - low).upper())
    narrow = bounds[1] - bounds[0] <= NARROW * max(1.0, bounds[1])
    return Fact("minimizability_gap", True, params, value=sum(bounds) / 2 if narrow else None, bounds=bounds)
