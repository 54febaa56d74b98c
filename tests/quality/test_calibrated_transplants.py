"""A proof about one loss must never be accepted for a loss of which the opposite is true."""

from __future__ import annotations

import copy
import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from losscheck.lifting.lifting import lift
from losscheck.theorems.calibrated_logits import calibrated
from losscheck.verifier import CertificateRejected, verify

_SPEC = importlib.util.spec_from_file_location(
    "calibrated_logits_cases", Path(__file__).with_name("test_calibrated_logits.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
CASES = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(CASES)

TRUE = [
    "cross-entropy", "temperature", "CE + Brier", "clipped cross-entropy", "CE + l2", "squared hinge, one against all",
    "constrained exponential", "Lee-Lin-Wahba centred", "truncated pairwise hinge",
]  # fmt: skip
FALSE = [
    "weighted", "softmax(-z)", "label smoothing 1", "normalised cross-entropy", "one against all sigmoid",
    "Crammer-Singer", "Lee-Lin-Wahba raw", "even", "log(1 - s)",
]  # fmt: skip


@cache
def certificate(name: str) -> dict[str, Any]:
    loss, k, _ = CASES.LOSSES[name]
    found = calibrated(lift(loss, kind="logits", n_classes=k)).certificate
    assert found is not None
    return found


@pytest.mark.parametrize("other", FALSE)
@pytest.mark.parametrize("name", TRUE)
def test_no_proof_moves_to_another_loss(name: str, other: str) -> None:
    for source, target in ((name, other), (other, name)):
        moved = copy.deepcopy(certificate(source))
        moved["graph"] = certificate(target)["graph"]
        moved["constants"] = {}
        with pytest.raises(CertificateRejected):
            verify(moved)


@pytest.mark.parametrize("name", TRUE + FALSE)
def test_the_opposite_claim_is_rejected(name: str) -> None:
    turned = copy.deepcopy(certificate(name))
    turned["claim"]["verdict"] = {"proved": "refuted", "refuted": "proved"}[turned["claim"]["verdict"]]
    with pytest.raises(CertificateRejected):
        verify(turned)


def strings(proof: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths to the rational numbers of a proof, formulas left out."""
    if isinstance(proof, dict):
        return [p for key, x in proof.items() if key != "nodes" for p in strings(x, (*path, key))]
    if isinstance(proof, list):
        return [p for i, x in enumerate(proof) for p in strings(x, (*path, i))]
    return [path] if isinstance(proof, str) and set(proof) <= set("-0123456789/") else []


@pytest.mark.parametrize("name", ["weighted", "Lee-Lin-Wahba raw", "one against all sigmoid", "Crammer-Singer"])
def test_a_changed_distribution_or_point_is_rejected(name: str) -> None:
    original = certificate(name)
    for path in [p for p in strings(original["proof"]) if p[0] in ("p", "value")]:
        changed = copy.deepcopy(original)
        place = changed["proof"]
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = "5/7"
        with pytest.raises(CertificateRejected):
            verify(changed)
