"""Losses of several labels and of soft labels: what their parts decide, and losses that break each hypothesis."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from losscheck.lifting.lifting import lift
from losscheck.lifting.unsupported import Unsupported
from tests.quality.score_questions import ask, softmax, verdict

Loss = Callable[[Any, Any], Any]


def softplus(v: Any) -> Any:
    return np.log1p(np.exp(v))


def log_softmax(z: Any) -> Any:
    top = np.max(z, axis=-1, keepdims=True)
    return z - top - np.log(np.sum(np.exp(z - top), axis=-1, keepdims=True))


def of_margins(phi: Callable[[Any], Any]) -> Loss:
    """The mean over the labels of a margin loss."""
    return lambda z, y: np.mean(phi((2 * y - 1) * z), axis=1)


LOGISTIC = of_margins(lambda v: softplus(-v))
HINGE = of_margins(lambda v: np.maximum(0, 1 - v))
WEIGHTED = of_margins(lambda v: np.array([1.0, 3.0]) * softplus(-v))
RAMP = of_margins(lambda v: np.clip(1 - v, 0, 2))
UNHINGED = of_margins(lambda v: -v)

SEVERAL = [
    (LOGISTIC, "classification_calibrated", "proved"),
    (LOGISTIC, "recovers_probability", "proved"),
    (LOGISTIC, "convex", "proved"),
    (LOGISTIC, "nonnegative", "proved"),
    (LOGISTIC, "permutation_equivariant", "proved"),
    (LOGISTIC, "symmetric", "refuted"),
    (LOGISTIC, "shift_invariant", "refuted"),
    (LOGISTIC, "bounded_above", "refuted"),
    (HINGE, "classification_calibrated", "proved"),
    (HINGE, "recovers_probability", "refuted"),
    (HINGE, "differentiable", "refuted"),
    (WEIGHTED, "permutation_equivariant", "refuted"),
    (WEIGHTED, "classification_calibrated", "proved"),
    (RAMP, "symmetric", "proved"),
    (RAMP, "convex", "refuted"),
    (RAMP, "bounded_above", "proved"),
    # a threshold of 1/2 instead of 0
    (lambda z, y: np.sum((z - y) ** 2, axis=1), "classification_calibrated", "refuted"),
    # one label of two is turned round
    (of_margins(lambda v: softplus(np.array([-1.0, 1.0]) * v)), "classification_calibrated", "refuted"),
]


@pytest.mark.parametrize(("loss", "name", "expected"), SEVERAL)
def test_several_labels(loss: Loss, name: str, expected: str) -> None:
    assert verdict(loss, name, "multilabel", 2) == expected


def test_constants_of_the_parts_are_joined() -> None:
    assert ask(WEIGHTED, "lipschitz", "multilabel", 2, norm="l2").value == pytest.approx(np.sqrt(0.5**2 + 1.5**2))
    assert ask(WEIGHTED, "lipschitz", "multilabel", 2, norm="linf").value == pytest.approx(2)
    assert ask(WEIGHTED, "smoothness", "multilabel", 2).value == pytest.approx(3 / 8)
    assert ask(HINGE, "smoothness", "multilabel", 2).value == np.inf


def test_too_many_labels_are_refused() -> None:
    with pytest.raises(Unsupported, match="at most 8 labels"):
        lift(LOGISTIC, kind="multilabel", n_classes=9)


def pairs(z: Any, y: Any) -> Any:
    """Every label that holds against every one that does not: not a sum over the labels."""
    both = y[:, :, None] * (1 - y)[:, None, :]
    return np.sum(both * softplus(z[:, None, :] - z[:, :, None]), axis=(1, 2))


NOT_PROVED = {
    "pairs": pairs,
    # the infimum of the first label hides what the second one does
    "unbounded below": UNHINGED,
    # a sum but for the vector (1, 1)
    "one vector": lambda z, y: LOGISTIC(z, y) + y[:, 0] * y[:, 1] * np.maximum(0, z[:, 0] * z[:, 1]),
    # one label is ignored: its scores are all as good
    "a label without a part": lambda z, y: softplus(-(2 * y[:, 0] - 1) * z[:, 0]),
}


@pytest.mark.parametrize("name", NOT_PROVED)
def test_each_hypothesis(name: str) -> None:
    assert verdict(NOT_PROVED[name], "classification_calibrated", "multilabel", 2) != "proved"
    assert verdict(NOT_PROVED[name], "recovers_probability", "multilabel", 2) != "proved"


def test_a_sum_of_other_parts_is_rejected() -> None:
    sound = ask(LOGISTIC, "classification_calibrated", "multilabel", 2).certificate
    assert sound is not None
    for key, value in (("bounded", sound["proof"]["bounded"][:1]), ("proofs", sound["proof"]["proofs"][:1])):
        made = copy.deepcopy(sound)
        made["proof"][key] = value
        with pytest.raises(verifier.CertificateRejected):
            verifier.verify(made)


def cross_entropy(z: Any, q: Any) -> Any:
    return -np.sum(q * log_softmax(z), axis=-1)


def brier(z: Any, q: Any) -> Any:
    return np.sum((softmax(z) - q) ** 2, axis=-1)


def divergence(z: Any, q: Any) -> Any:
    """Kullback-Leibler: cross-entropy and a term of the label alone."""
    inside = np.where(q > 0, q, 1.0)
    return np.sum(q * (np.log(inside) - log_softmax(z)), axis=-1)


def absolute(z: Any, q: Any) -> Any:
    """Not linear in the label."""
    return np.sum(np.abs(softmax(z) - q), axis=-1)


SOFT = [
    (cross_entropy, "convex", "proved"),
    (cross_entropy, "nonnegative", "proved"),
    (cross_entropy, "bounded_above", "refuted"),
    (cross_entropy, "shift_invariant", "proved"),
    (cross_entropy, "permutation_equivariant", "proved"),
    (cross_entropy, "classification_calibrated", "proved"),
    (cross_entropy, "recovers_probability", "proved"),
    (divergence, "convex", "proved"),
    (divergence, "nonnegative", "proved"),
    (lambda z, q: 4 * divergence(z / 2, q), "nonnegative", "proved"),
    (lambda z, q: divergence(z, q) - q[:, 0] * (1 - q[:, 0]) / 1000, "nonnegative", "refuted"),
    (lambda z, q: np.where(q[:, 0] == 0, -1, 1) * 1e-3 + 1e-3 + divergence(z, q), "bounded_above", "refuted"),
    (divergence, "classification_calibrated", "proved"),
    (divergence, "recovers_probability", "proved"),
    (brier, "convex", "refuted"),
    (brier, "nonnegative", "proved"),
    (brier, "bounded_above", "proved"),
    (brier, "recovers_probability", "proved"),
    (absolute, "convex", "refuted"),
    (absolute, "permutation_equivariant", "proved"),
    (lambda z, q: np.sum((z - q) ** 2, axis=-1), "shift_invariant", "refuted"),
    (lambda z, q: np.sum((z - q) ** 2, axis=-1) + q[:, 0], "permutation_equivariant", "refuted"),
    (lambda z, q: cross_entropy(z, q) - 1, "nonnegative", "refuted"),
]


@pytest.mark.parametrize(("loss", "name", "expected"), SOFT)
def test_soft_labels(loss: Loss, name: str, expected: str) -> None:
    params = {"link": "softmax"} if name == "recovers_probability" else {}
    assert verdict(loss, name, "soft", 3, **params) == expected


NOT_LINEAR = {
    # hard labels alone are good: between them the loss is flat in the scores
    "only at vertices": lambda z, q: np.where(np.max(q, axis=-1) == 1, cross_entropy(z, q), 0.0),
    "squares of labels": lambda z, q: -np.sum(q**2 * log_softmax(z), axis=-1),
    "absolute": absolute,
    "a bump away from the vertices": lambda z, q: cross_entropy(z, q) + q[:, 0] * q[:, 1] * np.sin(z[:, 0]),
}


@pytest.mark.parametrize("name", NOT_LINEAR)
def test_soft_labels_need_linearity(name: str) -> None:
    loss = NOT_LINEAR[name]
    assert verdict(loss, "classification_calibrated", "soft", 2) != "proved"
    assert verdict(loss, "recovers_probability", "soft", 2, link="softmax") != "proved"
    if name != "squares of labels":
        assert verdict(loss, "convex", "soft", 2) != "proved"


def test_a_face_has_a_value_of_its_own() -> None:
    def loss(z: Any, q: Any) -> Any:
        return divergence(z, q) - np.where(q[:, 0] == 0, np.where(q[:, 1] > 0.25, 1e-3, 0.0), 0.0)

    assert verdict(loss, "nonnegative", "soft", 3) != "proved"


def test_a_term_of_the_label_alone_counts_for_signs() -> None:
    def shifted(z: Any, q: Any) -> Any:
        return cross_entropy(z, q) - 4 * q[:, 0] * q[:, 1]

    assert verdict(shifted, "convex", "soft", 3) == "proved"
    assert verdict(shifted, "nonnegative", "soft", 3) == "refuted"
