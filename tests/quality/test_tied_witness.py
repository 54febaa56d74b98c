"""Convex losses whose risk is lowest at a tie: equality, with exact tangents; and what looks alike."""

from __future__ import annotations

from fractions import Fraction

import pytest

from losscheck.certificate import certificate
from losscheck.expr import build as b
from losscheck.lifting.lifted import Lifted
from losscheck.theorems.refuted_by_dual_witness import refuted_by_dual_witness
from losscheck.verdict import Verdict
from losscheck.verifier import CertificateRejected, verify
from tests.quality.families.drawn import ask, scores


def largest_rival(k: int, power: int = 2) -> Lifted:
    """max(0, 1 - (z_y - max_j z_j))^n: Crammer and Singer's hinge to a power."""
    z = [b.var(f"z{i}") for i in range(k)]
    rivals = [b.maximum([z[j] for j in range(k) if j != y]) for y in range(k)]
    gaps = [b.sub(b.ONE, b.sub(z[y], rival)) for y, rival in enumerate(rivals)]
    return scores([b.power(b.maximum([b.ZERO, gap]), Fraction(power)) for gap in gaps])


def test_the_squared_largest_rival_is_not_calibrated_for_three_classes() -> None:
    found = ask(largest_rival(3), "classification_calibrated")
    assert found.verdict is Verdict.REFUTED
    assert found.certificate is not None
    proof = found.certificate["proof"]
    for key, forged in (("p", ["1/2", "1/4", "1/4"]), ("p", ["1/3", "1/3", "1/3"]), ("z", ["1", "0", "0"])):
        with pytest.raises(CertificateRejected):
            verify(certificate(largest_rival(3), "classification_calibrated", "refuted", {**proof, key: forged}))


def test_for_two_classes_it_is() -> None:
    assert refuted_by_dual_witness(largest_rival(2)) is None
