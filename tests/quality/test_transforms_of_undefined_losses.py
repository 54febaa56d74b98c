"""Identities see only the points where a loss is defined: rules that rest on them ask whether it is defined at all."""

from typing import Any

import numpy as np
import pytest

import losscheck
from losscheck.lifting.lifting import lift
from losscheck.proving import refute


def half_line(z: Any) -> Any:
    """0 where ``z > -5``; not a number below."""
    return np.exp(np.log(z + 5) * 1.5) - (z + 5) * np.sqrt(z + 5)


def one_label(z: Any, y: Any) -> Any:
    return np.maximum(0, 1 - np.where(y == 1, z, -z)) + np.where(y == 0, half_line(z), 0.0)


def cross_entropy(z: Any, y: Any) -> Any:
    m = z.max(1, keepdims=True)
    return np.log(np.exp(z - m).sum(1)) + m[:, 0] - z[np.arange(len(y)), y]


@pytest.mark.parametrize(
    ("loss", "kind", "n_classes"),
    [
        (one_label, "binary", None),
        (lambda z, y: cross_entropy(z, y) + half_line(z[:, 0]), "logits", 2),
        (lambda z, y: cross_entropy(z, y) + half_line(z[:, 0]), "logits", 3),
    ],
)
def test_a_loss_that_is_not_defined_everywhere_has_no_transformation(loss: Any, kind: str, n_classes: int) -> None:
    more = {} if n_classes is None else {"n_classes": n_classes}
    question = ("h_transform", {"t": 0.5, "hypotheses": "All"})
    (finding,) = losscheck.audit(loss, kind=kind, properties=[question], **more).findings
    assert finding.verdict is losscheck.Verdict.UNDECIDED


def at_one_label(z: Any, y: Any) -> Any:
    """Calibrated where it is defined, by swaps; the loss of label 2 is not a number at ``z_0 < -5``."""
    return cross_entropy(z, y) + np.where(y == 2, half_line(z[:, 0]), 0.0)


@pytest.mark.parametrize("name", ["classification_calibrated", "permutation_equivariant", "shift_invariant"])
def test_nor_is_it_symmetric_in_the_classes(name: str) -> None:
    (finding,) = losscheck.audit(at_one_label, kind="logits", properties=[name], n_classes=3).findings
    assert finding.verdict is not losscheck.Verdict.PROVED


def test_a_loss_even_where_it_is_defined_is_not_refuted_by_reflection() -> None:
    def loss(z: Any, y: Any) -> Any:
        return z[np.arange(len(y)), y] ** 2 + half_line(z[:, 0])

    lifted = lift(loss, kind="logits", n_classes=3)
    proof = {"rule": "calibrated_reflection", "centre": "0"}
    assert refute(lifted, "classification_calibrated", proof, message="", witness={}) is None
