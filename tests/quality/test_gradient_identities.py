"""Gradients in the scores: Fenchel-Young forms, sums, pulls; losses that break them by a little."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from losscheck.certificate import graph_json
from losscheck.expr.build import ONE, add, log, neg, power, scale, sub, var
from losscheck.proving import prove
from tests.quality.score_questions import ask, lifted, one_hot, picked, softmax, verdict

FORM, ZERO, PULL = "gradient_identity", "gradient_sums_to_zero", "gradient_lower_bound"


def cross_entropy(z: Any, y: Any) -> Any:
    return -np.log(picked(softmax(z), y))


def perceptron(z: Any, y: Any) -> Any:
    return np.max(z, axis=-1) - picked(z, y)


def quadratic(z: Any, y: Any) -> Any:
    return 0.5 * np.sum(z**2, axis=-1) - picked(z, y)


def one_versus_rest(z: Any, y: Any) -> Any:
    return np.sum(np.logaddexp(0.0, z), axis=-1) - picked(z, y)


def crammer_singer(z: Any, y: Any) -> Any:
    return np.max(z + 1 - one_hot(y, z), axis=-1) - picked(z, y)


def mae(z: Any, y: Any) -> Any:
    return 1 - picked(softmax(z), y)


def doubled(z: Any, y: Any) -> Any:
    return 2 * cross_entropy(z, y)


def with_z_loss(z: Any, y: Any) -> Any:
    """Still a map minus the label, but another map, and no longer of differences alone."""
    return cross_entropy(z, y) + 1e-4 * np.log(np.sum(np.exp(z), axis=-1)) ** 2


def label_dependent(z: Any, y: Any) -> Any:
    return cross_entropy(z, y) + np.where(y == 1, 1e-6, 0.0) * np.tanh(z[..., 0] - z[..., 1])


def poly(z: Any, y: Any) -> Any:
    return cross_entropy(z, y) + 2 * mae(z, y)


def poly_negative(z: Any, y: Any) -> Any:
    return cross_entropy(z, y) - 0.01 * mae(z, y)


def stepped(z: Any, y: Any) -> Any:
    """Jumps where the scores of classes 0 and 1 tie: the gradient is that of cross-entropy off the jump."""
    return cross_entropy(z, y) + np.where(z[..., 0] > z[..., 1], 1.0, 0.0) * (y == 0)


@pytest.mark.parametrize(
    ("loss", "some", "of_softmax", "zero"),
    [
        (cross_entropy, "proved", "proved", "proved"),
        (perceptron, "proved", "refuted", "proved"),
        (quadratic, "proved", "refuted", "refuted"),
        (one_versus_rest, "proved", "refuted", "refuted"),
        (crammer_singer, "refuted", "refuted", "proved"),
        (mae, "refuted", "refuted", "proved"),
        (doubled, "refuted", "refuted", "proved"),
        (with_z_loss, "proved", "refuted", "refuted"),
        (label_dependent, "refuted", "refuted", "proved"),
    ],
)
def test_forms(loss: Any, some: str, of_softmax: str, zero: str) -> None:
    assert verdict(loss, FORM, "logits", 3) == some
    assert verdict(loss, FORM, "logits", 3, map="softmax") == of_softmax
    assert verdict(loss, ZERO, "logits", 3) == zero


def test_a_jump_is_not_seen_by_the_gradient() -> None:
    """Not differentiable at the jump only: nothing may be refuted, and the identity is not shown."""
    assert verdict(stepped, FORM, "logits", 3) == "undecided"
    assert verdict(stepped, ZERO, "logits", 3) == "proved"


@pytest.mark.parametrize(
    ("loss", "than_cross_entropy", "than_mae"),
    [
        (cross_entropy, "proved", "proved"),
        (doubled, "proved", "proved"),
        (poly, "proved", "proved"),
        (poly_negative, "refuted", "refuted"),  # its factor .99 is less than s close to 1
        (mae, "refuted", "proved"),
        (crammer_singer, "refuted", "refuted"),
        (lambda z, y: 2 - 2 * np.sqrt(picked(softmax(z), y)), "refuted", "proved"),
        (lambda z, y: 1 / picked(softmax(z), y), "proved", "proved"),
        (lambda z, y: 0.99 / picked(softmax(z), y), "refuted", "refuted"),  # close to 1 alone
    ],
)
def test_pulls(loss: Any, than_cross_entropy: str, than_mae: str) -> None:
    assert verdict(loss, PULL, "logits", 3, reference="cross_entropy") == than_cross_entropy
    assert verdict(loss, PULL, "logits", 3, reference="mae") == than_mae


def test_forged() -> None:
    """A box that is too wide, another radius, another reference, another map."""
    bad = ask(mae, FORM, "logits", 3).certificate
    pull = ask(poly, PULL, "logits", 3, reference="cross_entropy").certificate
    form = ask(perceptron, FORM, "logits", 3).certificate
    assert bad is not None
    assert pull is not None
    assert form is not None
    for made, change in (
        (bad, {"radius": "100"}),
        (bad, {"radius": "0"}),
        (bad, {"what": "softmax"}),
        (bad, {"what": "asymmetric"}),
        (pull, {"reference": "mae"}),
        (pull, {"formulas": []}),
        (form, {"map": "softmax"}),
    ):
        forged = copy.deepcopy(made)
        forged["proof"].update(change)
        with pytest.raises(verifier.CertificateRejected):
            verifier.verify(forged)
    assert verifier.verify(bad).verdict == "refuted"


def test_profiles_of_another_loss() -> None:
    """A profile that is steep enough, and not that of the loss; one that is, and not steep enough."""
    flat = lifted(mae, "logits", 3)
    s = var("s", "unit")
    for own in (neg(log(s)), sub(ONE, s), add(sub(ONE, s), scale(Fraction(1, 10**6), power(s, Fraction(2))))):
        proof = {"rule": "gradient_pull", "reference": "cross_entropy", "own": graph_json([own])}
        assert prove(flat, PULL, proof, message="") is None
