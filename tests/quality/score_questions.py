"""Asking theory properties of a NumPy loss of any kind and number of classes, once lifted."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from losscheck import verifier
from losscheck.lifting.lifted import Lifted
from losscheck.lifting.lifting import lift
from losscheck.property import properties
from losscheck.verdict import Outcome


@cache
def lifted(loss: Callable[..., Any], kind: str, n_classes: int | None) -> Lifted:
    """The lifted loss, once per function."""
    return lift(loss, kind=kind, n_classes=n_classes)


def ask(loss: Callable[..., Any], name: str, kind: str, n_classes: int | None = None, **params: Any) -> Outcome:
    """The outcome of one property; a proved or refuted one must carry a certificate that says just that."""
    entry = properties()[name]
    outcome: Outcome = entry.answer(lifted(loss, kind, n_classes), **params)
    if outcome.verdict in ("proved", "refuted"):
        said = verifier.verify(outcome.certificate)
        assert (said.property, said.verdict) == (name, outcome.verdict.value)
        assert said.params == {**entry.params, **params}
    return outcome


def verdict(loss: Callable[..., Any], name: str, kind: str, n_classes: int | None = None, **params: Any) -> str:
    """Only the verdict."""
    return str(ask(loss, name, kind, n_classes, **params).verdict.value)


def picked(a: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The entry of the label."""
    return np.take_along_axis(a, y[..., None], axis=-1)[..., 0]


def one_hot(y: np.ndarray, a: np.ndarray) -> np.ndarray:
    """Indicators of the label."""
    return (y[..., None] == np.arange(a.shape[-1])).astype(a.dtype)


def softmax(z: np.ndarray) -> np.ndarray:
    """Probabilities of scores."""
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)
