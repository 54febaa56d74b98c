"""Data processing is about kernels to every number of classes; dividing by K makes it another divergence."""

from __future__ import annotations

from typing import Any

import numpy as np

import losscheck
from losscheck import Verdict


def kullback_leibler(p: Any, q: Any) -> Any:
    return np.sum(p * np.log(p / q), axis=-1)


def per_class(p: Any, q: Any) -> Any:
    # merging two classes on which p and q agree divides by one class less: KL / 2 > KL / 3
    return np.mean(p * np.log(p / q), axis=-1)


def test_one_divergence_for_every_number_of_classes_is_proved() -> None:
    report = losscheck.audit(kullback_leibler, kind="divergence", n_classes=3, properties=["data_processing"])
    assert report["data_processing"].verdict is Verdict.PROVED


def test_a_divergence_that_divides_by_the_classes_is_not_proved() -> None:
    report = losscheck.audit(per_class, kind="divergence", n_classes=3, properties=["data_processing"])
    assert report["data_processing"].verdict is Verdict.UNDECIDED
