"""Class weights and adjusted logits spoil calibration also of losses that are not convex; what breaks the lemma."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest

from losscheck.certificate import certificate
from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.theorems.refuted_by_tangents import refuted_by_tangents
from losscheck.verdict import Verdict
from losscheck.verifier import CertificateRejected, verify
from tests.quality.families.drawn import ask, scores

Q = Fraction(7, 10)


def loss(profile: Any, weights: list[Fraction], shift: list[Fraction]) -> Lifted:
    """w_y a(softmax(z + b)_y)."""
    seen = [b.add(b.var(f"z{i}"), b.const(c)) for i, c in enumerate(shift)]
    logs = [b.sub(x, b.lse(seen)) for x in seen]
    return scores([b.scale(w, profile(b.exp(log), log)) for w, log in zip(weights, logs, strict=True)])


def gce(s: Expr, log: Expr) -> Expr:
    return b.scale(1 / Q, b.sub(b.ONE, b.power(s, Q)))


def focal(s: Expr, log: Expr) -> Expr:
    return b.neg(b.mul(b.power(b.sub(b.ONE, s), Fraction(2)), log))


def brier_like(s: Expr, log: Expr) -> Expr:
    return b.power(b.sub(b.ONE, s), Fraction(2))


ONES, NONE = [Fraction(1)] * 3, [Fraction(0)] * 3
WEIGHTS = [Fraction(1), Fraction(2), Fraction(3)]
PRIOR = [Fraction(0), Fraction(-1, 2), Fraction(-2)]


@pytest.mark.parametrize(
    ("profile", "weights", "shift"), [(gce, WEIGHTS, NONE), (focal, ONES, PRIOR), (brier_like, WEIGHTS, PRIOR)]
)
def test_weights_and_shifts_are_refuted(profile: Any, weights: list[Fraction], shift: list[Fraction]) -> None:
    assert ask(loss(profile, weights, shift), "classification_calibrated").verdict is Verdict.REFUTED


def linear(s: Expr, log: Expr) -> Expr:  # a boundary case: convex, not strictly
    return b.sub(b.ONE, s)


def concave(s: Expr, log: Expr) -> Expr:
    return b.sub(b.ONE, b.power(s, Fraction(2)))


def rising(s: Expr, log: Expr) -> Expr:
    return b.power(s, Fraction(2))


@pytest.mark.parametrize("profile", [gce, focal, brier_like, linear])
def test_a_calibrated_loss_is_not_refuted(profile: Any) -> None:
    assert refuted_by_tangents(loss(profile, ONES, NONE)) is None


@pytest.mark.parametrize("profile", [concave])
def test_tangents_of_a_profile_that_is_not_convex_prove_nothing(profile: Any) -> None:
    assert refuted_by_tangents(loss(profile, ONES, PRIOR)) is None


def test_the_most_likely_class_may_be_the_worst() -> None:
    assert ask(loss(rising, ONES, NONE), "classification_calibrated").verdict is not Verdict.PROVED


def forged(**changes: Any) -> dict[str, Any]:
    """The certificate of the weighted GCE loss, changed."""
    whole = loss(gce, WEIGHTS, NONE)
    found = refuted_by_tangents(whole)
    assert found is not None
    assert found.certificate is not None
    proof = {**copy.deepcopy(found.certificate["proof"]), **changes}
    return certificate(whole, "classification_calibrated", "refuted", proof)


@pytest.mark.parametrize(
    "changes",
    [
        {"alpha": "2"},
        {"alpha": "-1"},
        {"p": ["1/3", "1/3", "1/3"]},
        {"p": ["1", "0", "0"]},
        {"z": ["0", "0"]},
        {"tangents": ["0", "1/2", "1/2"]},
        {"tangents": ["1/100", "98/100", "1/100"]},
        {"own": []},
    ],
)
def test_forged_witnesses_are_rejected(changes: dict[str, Any]) -> None:
    with pytest.raises(CertificateRejected):
        verify(forged(**changes))


def test_a_right_score_is_no_witness() -> None:
    proof = forged()["proof"]
    p = [Fraction(x) for x in proof["p"]]
    right = [str(10 * int(x == max(p))) for x in p]
    with pytest.raises(CertificateRejected, match="not wrong"):
        verify(forged(z=right))
