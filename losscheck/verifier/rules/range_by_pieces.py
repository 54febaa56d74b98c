r"""Losses of one score that branch at places which depend on a parameter, for every value of the parameters.

Let ``b_1(g) < ... < b_m(g)`` for all parameters g in their closed intervals, and on each open piece between them let
the loss equal a formula f_i without switches that is analytic on a closed box around the piece. Lemma, for every g:

- ``convex``: ``f_i'' >= 0``, and at every cut value and one-sided limits agree and the slope does not fall;
- ``nonincreasing`` (margin losses): ``f_i' <= 0``, and at every cut the left limit is at least the value, and that at
  least the right limit;
- ``nonnegative``: ``f_i >= 0``, and so are the values at the cuts;
- ``differentiable``: at every cut value and one-sided limits agree, and so do the slopes;
- ``classification_calibrated`` (margin losses): it is convex, and differentiable at 0 with a negative slope there
  (Bartlett, Jordan, McAuliffe 2006, Theorem 2): slopes agree at every cut that is not shown to keep off 0, and
  ``f_i'(0) < 0`` for every piece that may hold 0.

Hypotheses checked, for every case (verifier/parameters.py) and label: the order of the cuts, shown on the whole
intervals; every switch by the place of a cut, where what it compares is ``k (v - b_j(g))`` with a rational k != 0, else
by its sign on the box; the signs, by structure, ranges and bisection of the box ``[least b_i, largest b_{i+1}]`` times
the intervals, in v or in the distance from a cut; at the cuts, identities and signs of functions of g.

Proof node: ``{"rule": "range_by_pieces", "ask": "convex", "cuts": [graph in the parameters, ...]}``.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import Box
from losscheck.verifier.identity import vanishes
from losscheck.verifier.parameter_pieces import Pieces, has, regular
from losscheck.verifier.parameters import cases
from losscheck.verifier.softmax import formula
from losscheck.verifier.verify import Checker, Fact

PARAMETERS = True
KINDS = ("margin", "binary", "signed")
ASKED = ("convex", "nonincreasing", "nonnegative", "differentiable", "classification_calibrated")
OF_MARGINS = ("nonincreasing", "classification_calibrated")
MOST = 8


def falls_at_zero(f: Pieces) -> bool:
    """Whether the slope at 0 exists and is negative."""
    pool, sides = f.pool, []
    for j, b in enumerate(f.cuts):
        sides.append(next((s for s, want in (("+", ">"), ("-", "<")) if has(pool, b, want, f.parameters)), "?"))
        if sides[-1] == "?" and not vanishes(pool, f.bend(j)):
            return False
    near = [
        i for i in range(len(f.nodes))
        if not (i and sides[i - 1] == "+") and not (i < len(f.cuts) and sides[i] == "-")
    ]  # fmt: skip
    slopes = [pool.substitute(f.derivative(i, 1), {pool.var(f.x): pool.zero}) for i in near]
    return all(has(pool, slope, "<", f.parameters) for slope in slopes)


def shown(f: Pieces, ask: str) -> bool:
    """Whether the property is shown of one label."""
    if ask == "convex":
        return f.steps("0") and f.bends(">=") and f.each(2, ">=")
    if ask == "classification_calibrated":
        return shown(f, "convex") and falls_at_zero(f)
    if ask == "nonincreasing":
        return f.steps("<=") and f.each(1, "<=")
    if ask == "nonnegative":
        return f.each(0, ">=") and all(has(f.pool, n, ">=", f.parameters) for n in f.values)
    return f.steps("0") and f.bends("0")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the order of the cuts, then every case and label."""
    ask, pool = proof["ask"], case.pool
    parameters: Box = dict(case.parameters)
    expect(ask in ASKED and (ask not in OF_MARGINS or case.kind == "margin"), "nothing else follows from the pieces")
    expect(bool(parameters) and 1 <= len(proof["cuts"]) <= MOST, f"from 1 to {MOST} cuts, and a parameter")
    cuts = [formula(case, text, {*parameters}) for text in proof["cuts"]]
    for b in cuts:
        expect(regular(b, parameters), "a cut is not shown to be defined")
    for a, b in pairwise(cuts):
        expect(has(pool, pool.sub(b, a), ">", parameters), "the cuts are not shown to keep their order")
    for roots in cases(case):
        for y, root in enumerate(roots):
            expect(shown(Pieces(case, root, cuts), ask), f"label {y} is not shown to be {ask} on its pieces")
    return Fact(str(ask))
