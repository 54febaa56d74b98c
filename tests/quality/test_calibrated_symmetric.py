"""The rule for symmetric losses, and losses that break each of its hypotheses one at a time."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest

from losscheck.certificate import certificate
from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.theorems import calibrated_symmetric
from losscheck.verdict import Verdict
from losscheck.verifier import CertificateRejected, verify
from tests.quality.families.drawn import V, ask, margin


def clip(slope: Expr, low: int = -1) -> Expr:
    """max(low, min(1, slope))."""
    return b.maximum([b.const(low), b.minimum([b.ONE, slope])])


CLIPS = b.sub(
    b.const(Fraction(3, 2)),
    b.add(clip(b.scale(Fraction(3, 4), V)), b.scale(Fraction(4), clip(b.scale(Fraction(5, 2), V)))),
)
STEP = b.where(b.less(V, b.ZERO), b.ONE, b.where(b.less(b.ZERO, V), b.ZERO, b.const(Fraction(1, 2))))
LINE = b.sub(b.ONE, V)


@pytest.mark.parametrize("phi", [CLIPS, STEP, LINE])
def test_symmetric_losses_with_a_cheaper_right_score(phi: Expr) -> None:
    found = calibrated_symmetric.attempt(margin(phi))
    assert found is not None
    assert found.verdict is Verdict.PROVED


TURNED = b.add(b.ONE, b.atan(V))
DIPPING = b.add(
    b.neg(clip(V)), b.scale(Fraction(4), b.mul(V, b.exp(b.neg(b.power(V, Fraction(2))))))
)  # odd, low at -1/2
ASYMMETRIC = b.where(b.less(b.ZERO, V), b.ZERO, b.maximum([b.ONE, b.scale(Fraction(-2), V)]))
FLAT = b.const(1)


@pytest.mark.parametrize(
    ("phi", "calibrated"),
    [
        (TURNED, False),  # the right scores are the dearer ones
        (DIPPING, False),  # a wrong score, near -1/2, is the cheapest of all
        (FLAT, False),  # no gap
        (ASYMMETRIC, None),  # gaps on both sides, but the losses do not add up to a constant
    ],
)
def test_a_broken_hypothesis_proves_nothing(phi: Expr, calibrated: bool | None) -> None:
    assert calibrated_symmetric.attempt(margin(phi)) is None
    if calibrated is False:
        assert ask(margin(phi), "classification_calibrated").verdict is not Verdict.PROVED


def forged(**changes: Any) -> dict[str, Any]:
    """The certificate of CLIPS with its right side changed."""
    found = calibrated_symmetric.attempt(margin(CLIPS))
    assert found is not None
    assert found.certificate is not None
    proof = copy.deepcopy(found.certificate["proof"])
    proof["right"].update(changes)
    return certificate(margin(CLIPS), "classification_calibrated", "proved", proof)


@pytest.mark.parametrize(
    "changes",
    [{"gap": "0"}, {"gap": "-1"}, {"gap": "100"}, {"at": "0"}, {"at": "-8"}, {"at": "1/100"}, {"breaks": []}],
)
def test_forged_sides_are_rejected(changes: dict[str, Any]) -> None:
    with pytest.raises(CertificateRejected):
        verify(forged(**changes))
