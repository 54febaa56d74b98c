"""Identities see only the points where a loss is defined: transformations ask whether it is defined at all."""

from typing import Any

import numpy as np
import pytest

import losscheck


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
