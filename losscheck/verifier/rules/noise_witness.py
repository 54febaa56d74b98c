r"""Two hypotheses whose risks noise puts in the wrong order: not tolerant to label noise.

Let x take finitely many values with probabilities w_i and sure labels y_i, and let f and g give it the scores f_i and
g_i. With ``R(f) = sum w_i l_{y_i}(f_i)`` and the noisy losses ``m_y = sum_j T[y][j] l_j``, ``R(f) > R(g)`` although
``R_noisy(f) <= R_noisy(g)``: over the hypothesis class {f, g}, f minimises the noisy risk and not the clean one.

Proof node: ``{"rule": "noise_witness", "params": {...}, "rate": "..." or "transition": [[...]], "atoms": [{"weight":
w, "label": y, "f": [...], "g": [...]}, ...]}``; y is an index into the labels (0 negative, 1 positive).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.defined import exactly
from losscheck.verifier.noise import KINDS, label_losses, transition
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.points import rational_point, value_range
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

__all__ = ["KINDS", "check"]
ONE = Fraction(1)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Compare the two risks with and without noise."""
    pool, losses, atoms = case.pool, label_losses(case), proof["atoms"]
    params = dict(proof["params"])
    noise = transition(case, params, proof)
    weights = [rational(a["weight"]) for a in atoms]
    expect(min(weights) > 0 and sum(weights) == 1, "the weights are a distribution")
    clean: list[tuple[Fraction, Node]] = []
    noisy: list[tuple[Fraction, Node]] = []
    for w, atom in zip(weights, atoms, strict=True):
        y = atom["label"]
        expect(type(y) is int and 0 <= y < len(losses), "the label is an index")
        for side, name in ((ONE, "f"), (-ONE, "g")):
            at = rational_point(case, atom[name])
            values = []
            for loss in losses:
                value_range(case, loss, at)
                values.append(exactly(pool, loss, at))
            clean.append((w * side, values[y]))
            noisy += [(w * side * t, n) for t, n in zip(noise[y], values, strict=True)]
    expect(constant_sign(pool, pool.linear(*clean)) == "+", "f is not shown to be worse than g")
    expect(constant_sign(pool, pool.linear(*noisy)) in "-0", "the noisy risk of f is not shown to be at most that of g")
    return Fact("noise_tolerant", holds=False, params=params)
