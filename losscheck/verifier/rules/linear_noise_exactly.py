r"""The linear minimisers of quadratic losses on the points of Long and Servedio, solved exactly, ties included.

With ``l_1(z) = a z^2 - b z + c_1``, ``l_0(z) = a z^2 + b z + c_0`` (identities), a >= 0 and a ridge s >= 0, the
minimiser of the noisy risk solves ``(2 a A + s) w = (1 - 2 rate) b m``, ``A = E x x'``, ``m = E +-x``; the matrix is
positive definite (its determinant is positive), so it is the only one, and a positive multiple of the clean one: both
err on the same points, a score of 0 being wrong. Without a rate this is said of every rate, and there is no value.

Proof node: ``{"rule": "linear_noise_exactly", "params": {...}, "rate": "1/5", "gamma": "1/12", "ridge": "0", "a": "1",
"b": "2"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.linear_risk import is_quadratic, quadratic_minimiser
from losscheck.verifier.numbers import enclosed
from losscheck.verifier.rules.linear_noise_by_lines import PROPERTY, long_servedio, question
from losscheck.verifier.terms import F0
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the identities and solve."""
    params, a, b = dict(proof["params"]), rational(proof["a"]), rational(proof["b"])
    rate, gamma, ridge = question(params, proof)
    expect(gamma is not None and a >= 0, "the rule is about the points of one gamma and convex losses")
    expect(is_quadratic(case, a, b), "a loss is not the quadratic function that the proof says")
    atoms = long_servedio(gamma or F0)
    w = quadratic_minimiser(atoms, a, b, rate, ridge)
    if params["rate"] is None:
        return Fact(PROPERTY, params=params)
    wrong = sum((t.weight for t in atoms if t.score(w) <= 0), F0)
    numbers = [enclosed(x, x) for x in (*w, wrong)]
    return Fact(PROPERTY, True, params, [n[0] for n in numbers], [n[1] for n in numbers])
