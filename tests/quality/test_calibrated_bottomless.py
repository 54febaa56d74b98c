"""Lines that fall, up to something bounded; and losses that break each hypothesis."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest

from losscheck.certificate import certificate
from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.theorems import calibrated_bottomless
from losscheck.verdict import Verdict
from losscheck.verifier import CertificateRejected, verify
from tests.quality.families.drawn import V, ask, margin

HALF = Fraction(1, 2)
BENT = b.add(b.neg(V), b.neg(b.maximum([b.ZERO, b.minimum([b.ONE, V])])))  # steeper on [0, 1]: not convex, kink at 0
JUMPING = b.add(b.neg(V), b.where(b.less(b.ZERO, V), b.const(3), b.ZERO))
WAVING = b.add(b.scale(Fraction(-2), V), b.scale(Fraction(3), b.sin(V)))


@pytest.mark.parametrize("phi", [BENT, JUMPING])
def test_a_line_and_something_bounded(phi: Expr) -> None:
    found = calibrated_bottomless.attempt(margin(phi))
    assert found is not None
    assert found.verdict is Verdict.PROVED


RISING = b.add(V, b.exp(b.neg(b.power(V, Fraction(2)))))
STEEPER_LEFT = b.add(b.neg(V), b.maximum([b.ZERO, b.neg(V)]))  # convex, with a kink at 0
STEEPER_RIGHT = b.sub(b.neg(V), b.maximum([b.ZERO, V]))  # near eta = 1/2 both sides have risks without bound
DRIFTING = b.sub(b.neg(V), b.sqrt(b.absolute(V)))  # the rest is not bounded


@pytest.mark.parametrize(
    ("phi", "calibrated"), [(RISING, False), (STEEPER_LEFT, False), (STEEPER_RIGHT, False), (DRIFTING, None)]
)
def test_a_broken_hypothesis_proves_nothing(phi: Expr, calibrated: bool | None) -> None:
    assert calibrated_bottomless.attempt(margin(phi)) is None
    if calibrated is False:
        assert ask(margin(phi), "classification_calibrated").verdict is not Verdict.PROVED


@pytest.mark.parametrize("changes", [{"slope": "2"}, {"slope": "0"}, {"slope": "-1"}, {"breaks": []}])
def test_forged_proofs_are_rejected(changes: dict[str, Any]) -> None:
    found = calibrated_bottomless.attempt(margin(BENT))
    assert found is not None
    assert found.certificate is not None
    proof = {**copy.deepcopy(found.certificate["proof"]), **changes}
    with pytest.raises(CertificateRejected):
        verify(certificate(margin(BENT), "classification_calibrated", "proved", proof))


def test_other_kinds_are_rejected() -> None:
    proof = {"rule": "calibrated_bottomless", "slope": "1", "breaks": []}
    with pytest.raises(CertificateRejected):
        verify({**certificate(margin(b.neg(V)), "classification_calibrated", "proved", proof), "kind": "regression"})
