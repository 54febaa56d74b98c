"""Comp-sum losses with caps and kinks: what breaks hypotheses of ``calibrated_capped``, ``calibrated_edge_witness``.

Truths by hand, for s = softmax(z) and the profile a: the rule named must stay silent, and where the truth is known
the answer must be it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from losscheck.lifting.lifting import lift
from losscheck.theorems.calibrated_capped import calibrated_capped
from losscheck.theorems.calibrated_logits import calibrated
from losscheck.theorems.refuted_on_edge import refuted_on_edge
from losscheck.verdict import Verdict
from losscheck.verifier import CertificateRejected, verify

Profile = Callable[[Any], Any]
WEIGHTS = np.array([1.0, 2.0, 3.0])


def of(profile: Profile) -> Callable[[Any, Any], Any]:
    """The loss ``a(softmax(z)_y)``."""

    def loss(z: Any, y: Any) -> Any:
        e = np.exp(z - np.max(z, axis=-1, keepdims=True))
        return profile(np.take_along_axis(e / np.sum(e, axis=-1, keepdims=True), y[..., None], axis=-1)[..., 0])

    return loss


def down(s: Any, start: float) -> Any:
    """Falls from 0 like a parabola, flat before."""
    return -((np.maximum(s, start) - start) ** 2)


CALIBRATED: dict[str, tuple[Profile, int]] = {
    "capped cross-entropy": (lambda s: np.minimum(-np.log(s), 2.0), 3),
    "capped above 1/2": (lambda s: np.minimum(-np.log(s), 0.5), 3),
    "truncated GCE": (lambda s: (1 - np.maximum(s, 0.5) ** 0.75) / 0.75, 4),
    "a concave kink": (lambda s: np.minimum(1 - s / 2, 1.5 - 1.5 * s), 3),
    "two pieces of cross-entropy": (lambda s: np.where(-np.log(s) < 1, 0.5 * np.log(s) ** 2, -np.log(s) - 0.5), 3),
    "flat, then slowly down": (lambda s: down(s, 0.375), 3),
    "a steep floor at the end": (lambda s: np.maximum(1 - s, 0.25), 3),
}


@pytest.mark.parametrize(("profile", "k"), CALIBRATED.values(), ids=CALIBRATED)
def test_caps_and_kinks_are_proved(profile: Profile, k: int) -> None:
    found = calibrated(lift(of(profile), kind="logits", n_classes=k))
    assert found.verdict == Verdict.PROVED
    verify(found.certificate)


def level(q: float, k: float) -> Profile:
    """Truncated GCE the way it is coded: the cap is a number worked out beforehand."""
    cap = (1 - k**q) / q
    return lambda s: np.where(s > k, (1 - s**q) / q, cap)


@pytest.mark.parametrize(
    ("profile", "says"),
    [
        (level(0.7, 0.5), "10/7-10/7*pow(1/2,7/10)"),
        (lambda s: np.where(s <= 0.5, (1 + np.log(2.0)) - 2 * s, -np.log(s)), "1-log(1/2)"),
    ],
    ids=["truncated GCE", "partially Huberised cross-entropy"],
)
def test_levels_are_read_in_terms_of_the_other_constants(profile: Profile, says: str) -> None:
    """The doubles themselves make a jump of 1e-17 at the cap; the constants they stand for make none."""
    found = calibrated(lift(of(profile), kind="logits", n_classes=3))
    assert found.verdict == Verdict.PROVED
    assert says in found.constants.values()
    name = next(x for x, r in found.constants.items() if r == says)
    for other in (
        "10/7-10/7*pow(1/2,3/5)",
        "1--log(1/2)",
        "1-2*3*log(1/2)",
        "1-x*log(1/2)",
        "1-/*log(1/2)",
        "+log(2)+",
    ):
        forged = copy.deepcopy(found.certificate)
        forged["constants"][name] = other
        with pytest.raises(CertificateRejected):
            verify(forged)


NOT_CAPPED: dict[str, tuple[Profile, int, Verdict | None]] = {
    "a convex kink at 1/2: p = (.4, .35, .25) ties": (lambda s: np.maximum(1 - s, 0.75 - 0.5 * s), 3, Verdict.REFUTED),
    "the same for two classes: .6 (-.5) + .4 > 0": (lambda s: np.maximum(1 - s, 0.75 - 0.5 * s), 2, Verdict.REFUTED),
    "flat from 1/2 on: one half each is as good": (lambda s: np.maximum(1 - s, 0.5), 3, Verdict.REFUTED),
    "flat between 3/8 and 7/16": (lambda s: np.minimum(np.maximum(1 - s, 0.625), 1.0625 - s), 3, None),
    "it rises up to 1/4": (lambda s: np.minimum(s, 0.5 - s), 3, None),
    "no slope right of the kink at 3/8": (lambda s: np.maximum(1 - s, 0.625) + down(s, 0.375), 3, None),
    "-inf at 1: tied or not, every vertex is best": (lambda s: np.minimum(np.log(1 - s), -0.125), 3, None),
    "constant": (lambda s: np.maximum(1 - s, 1.0), 3, Verdict.REFUTED),
    "a level that is off by 1e-4": (lambda s: np.where(s > 0.5, (1 - s**0.7) / 0.7, 0.5492), 3, None),
    "a jump up at 3/8": (lambda s: np.where(s < 0.375, 1 - s, 1.5 - s), 3, None),
}


@pytest.mark.parametrize(("profile", "k", "truth"), NOT_CAPPED.values(), ids=NOT_CAPPED)
def test_a_broken_hypothesis_is_not_proved(profile: Profile, k: int, truth: Verdict | None) -> None:
    lifted = lift(of(profile), kind="logits", n_classes=k)
    assert calibrated_capped(lifted) is None
    assert truth is None or calibrated(lifted).verdict == truth


SILENT_ON_EDGES: dict[str, Profile] = {
    "not convex: a concave kink": lambda s: np.minimum(1 - s / 2, 1.5 - 1.5 * s),
    "convex, the kink too late for a tie": lambda s: np.maximum(1 - s, 0.25),
    "convex, infinite at 0": lambda s: -np.log(s) + np.maximum(0.25 - s, 0.0),
    "calibrated, strictly convex with a kink at 1/8": lambda s: (1 - s) ** 2 + np.maximum(0.125 - s, 0.0),
}


@pytest.mark.parametrize("profile", SILENT_ON_EDGES.values(), ids=SILENT_ON_EDGES)
def test_calibrated_losses_are_not_refuted_on_edges(profile: Profile) -> None:
    assert refuted_on_edge(lift(of(profile), kind="logits", n_classes=3)) is None


def test_class_weights_have_a_profile_each() -> None:
    """w max(1 - s, 1/2) with w = (1, 2, 3): at p = (.4, .3, .3) the heavier classes share the first place."""

    def loss(z: Any, y: Any) -> Any:
        return WEIGHTS[y] * of(lambda s: np.maximum(1 - s, 0.5))(z, y)

    found = refuted_on_edge(lift(loss, kind="logits", n_classes=3))
    assert found is not None
    assert found.verdict == Verdict.REFUTED


FORGED = {
    "a distribution without a unique top": {"p": ["2/5", "2/5", "1/5"]},
    "a right point": {"c": ["3/4", "1/4", "0"]},
    "a point off the simplex": {"c": ["1/2", "1/2", "1/2"]},
    "too high a level": {"level": "1/2"},
    "too low a level": {"level": "1/5"},
    "a negative level": {"level": "-1/4"},
    "mass where p has none": {"p": ["1/2", "1/4", "1/4"], "c": ["1/3", "1/3", "1/3"], "level": "1/4"},
}


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED)
def test_forged_edges_are_rejected(change: dict[str, Any]) -> None:
    """A true certificate with one hypothesis broken."""
    found = refuted_on_edge(lift(of(lambda s: np.maximum(1 - s, 0.5)), kind="logits", n_classes=3))
    assert found is not None
    assert found.certificate is not None
    honest = {"p": ["2/5", "7/20", "1/4"], "c": ["1/2", "1/2", "0"], "level": "3/10"}
    made = copy.deepcopy(found.certificate)
    made["proof"].update(honest)
    verify(made)
    made["proof"].update(change)
    with pytest.raises(CertificateRejected):
        verify(made)
