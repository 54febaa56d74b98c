r"""A law of label vectors and scores, wrong for one label, that no scores right for it beat: not calibrated.

Lemma (Hamming loss). Let p be a law of the label vectors, i a label with ``eta_i = P(y_i = 1) != 1/2``, s = 1 if
``eta_i > 1/2`` and -1 else. Let z be wrong for i (``s z_i <= 0``), and ``C_p(u) >= c + a_i u_i`` for all u with
``s a_i >= 0``: an affine minorant of C_p (:mod:`losscheck.verifier.minorant`). If ``C_p(z) <= c`` then every u with
``s u_i > 0`` has ``C_p(u) >= c >= C_p(z)``: the infimum over the wrong scores is that over all scores.

Hypotheses checked: p is a law, eta_i is not 1/2, z is wrong, the slopes of the minorant, and the value at z.

Proof node: ``{"rule": "label_dual_witness", "p": [...], "i": 0, "z": [...], "flows": [...]}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.minorant import minorant
from losscheck.verifier.points import rational_point
from losscheck.verifier.rules.calibrated_dual_witness import distribution, no_higher
from losscheck.verifier.verify import Checker, Fact

KINDS = ("multilabel",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Compare the risk at a point that is wrong for one label with a lower bound over those that are right for it."""
    p, _ = distribution(proof["p"], len(case.roots), top=False)
    i, z = proof["i"], rational_point(case, proof["z"])
    expect(type(i) is int and 0 <= i < len(case.variables), "i is an index into the labels")
    eta = sum((w for w, y in zip(p, case.labels, strict=True) if y[i]), Fraction(0))
    side = 1 if eta > Fraction(1, 2) else -1
    expect(eta != Fraction(1, 2), "both values of the label are as probable")
    expect(side * z[case.variables[i]] <= 0, "the scores are not wrong for the label")
    merged: dict[Any, Fraction] = {}
    for root, w in zip(case.roots, p, strict=True):
        merged[root] = merged.get(root, Fraction(0)) + w
    low = minorant({n: w for n, w in merged.items() if w}, proof["flows"], case.variables)
    others = [low.slopes[x] for j, x in enumerate(case.variables) if j != i]
    expect(not any(others), "the minorant changes with another score")
    expect(side * low.slopes[case.variables[i]] >= 0, "the minorant falls towards the right scores")
    no_higher(case, p, list(z.values()), low)
    return Fact("classification_calibrated", holds=False)
