"""The psi-transform where T is not convex: chords from above, lines from below, and forged chords."""

from __future__ import annotations

import copy
import math

import pytest

from losscheck.expr import build as b
from losscheck.theorems.psi_transform_two_sided import psi_transform_two_sided
from losscheck.verdict import Outcome
from losscheck.verifier import CertificateRejected, verify
from tests.quality.families.drawn import V, margin

HINGE = b.maximum([b.ZERO, b.sub(b.ONE, V)])
CONCAVE = margin(b.log(b.add(b.ONE, HINGE)))
"""log(1 + hinge): T rises with slope log 3, then more slowly to T(1) = log 2; its hull is the line theta log 2."""


def bounded(theta: float) -> Outcome:
    found = psi_transform_two_sided(CONCAVE, theta)
    assert found is not None
    return found


@pytest.mark.parametrize("theta", [0.1, 0.3, 0.9])
def test_the_hull_of_a_concave_t_is_a_line(theta: float) -> None:
    assert math.isclose(bounded(theta).value, theta * math.log(2), rel_tol=1e-7)


@pytest.mark.parametrize("chord", [["1/2", "1"], ["0", "1/5"], ["3/10", "3/10"], ["-1", "1"], ["0", "2"]])
def test_a_chord_must_span_its_theta(chord: list[str]) -> None:
    certificate = copy.deepcopy(bounded(0.3).certificate)
    assert certificate is not None
    certificate["proof"]["chords"] = [chord]
    with pytest.raises(CertificateRejected):
        verify(certificate)


def test_a_shorter_chord_gives_a_weaker_bound() -> None:
    certificate = copy.deepcopy(bounded(0.3).certificate)
    assert certificate is not None
    certificate["proof"]["chords"] = [["1/4", "1"]]  # its ends have T above the hull
    with pytest.raises(CertificateRejected):
        verify(certificate)
