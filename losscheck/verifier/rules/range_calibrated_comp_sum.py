r"""Losses that decrease in the softmax probability of the true class are calibrated, for every value of the parameters.

Lemma (rules/calibrated_comp_sum.py with b = 0 and turn = 1). Let ``l_y(z) = phi(s_y)``, s = softmax(alpha z), with phi
real, continuous and non-increasing on (0, 1), with limits in (-inf, inf] at 0 and 1, and C1 with ``phi' < 0`` on
``[1/K, 1/2]``. Then the loss is calibrated at every p of the closed simplex with a unique top class.

Hypotheses checked, for every case (verifier/parameters.py) and every value in the intervals: the losses are defined at
every finite point; the difference of each to phi(s_y) has normal form zero, with the parameters as free variables; phi
has no switches, its logarithms and powers have positive arguments on (0, 1), so it is analytic there; it does not
increase by the composition rules of verifier/monotone.py, so it has limits, that at 0 above -inf; its range on [0, 1]
is bounded below; its derivative is negative on a cover of [1/K, 1/2] times the intervals.

Proof node: ``{"rule": "range_calibrated_comp_sum", "alpha": "1", "own": {graph of phi in s and the parameters}}``.
"""

from __future__ import annotations

from dataclasses import replace as changed
from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure, Undefined
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import acceptor, cover, ranges, sign
from losscheck.verifier.defined import natural
from losscheck.verifier.identity import vanishes
from losscheck.verifier.interval import smooth
from losscheck.verifier.monotone import Direction
from losscheck.verifier.parameters import cases, everywhere
from losscheck.verifier.points import defined_everywhere
from losscheck.verifier.softmax import formula, replace, softmax
from losscheck.verifier.terms import Node, Pool, walk
from losscheck.verifier.verify import Checker, Fact

PARAMETERS = True
KINDS = ("logits",)
F0, F1, HALF = Fraction(0), Fraction(1), Fraction(1, 2)
BOXES = 2000


def positive_inside(pool: Pool, n: Node, value: Enclosure) -> bool:
    """Whether a node is positive for s in (0, 1): on the whole box, or affine in s and not negative at both ends."""
    c0, terms = pool.form(n)
    if terms.keys() <= {pool.var("s")}:
        end = c0 + sum(terms.values())
        return c0 >= 0 and end >= 0 and (c0 > 0 or end > 0)
    return sign(n, value) == "+"


def decreasing(case: Case, phi: Node) -> None:
    """Check the profile."""
    pool, value = case.pool, Enclosure(ranges({"s": (F0, F1), **case.parameters}))
    expect(smooth(phi), "the profile switches")
    for n in walk(phi):
        if n.op == "log" or (n.op == "pow" and not natural(n)):
            expect(positive_inside(pool, n.args[0], value), "the profile is not shown to be defined on (0, 1)")
    expect(Direction("s", value)(phi) in "cd", "the profile is not shown to decrease")
    try:
        expect(sign(phi, value) in "+p0" or value(phi)[0].is_finite(), "the profile is not bounded below")
    except Undefined:
        expect(False, "the profile has no range")
    low = Fraction(1, len(case.variables))
    slope = pool.differentiate(phi, "s")
    cover(acceptor(pool, slope, "<", smooth=True), {"s": (low, HALF), **case.parameters}, BOXES)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the loss and the profile in every case."""
    alpha = rational(proof["alpha"])
    expect(alpha > 0 and "s" not in case.parameters, "alpha is positive, and no parameter is called s")
    own = formula(case, proof["own"], {"s", *case.parameters})
    value, probabilities = everywhere(case), softmax(case, alpha)
    for *roots, phi in cases(changed(case, roots=[*case.roots, own])):
        decreasing(case, phi)
        for root, s in zip(roots, probabilities, strict=True):
            expect(defined_everywhere(root, value), "a loss is not shown to be defined everywhere")
            form = replace(case, phi, {"s": s})
            expect(vanishes(case.pool, case.pool.sub(root, form)), "a loss is not the claimed function of softmax")
    return Fact("classification_calibrated")
