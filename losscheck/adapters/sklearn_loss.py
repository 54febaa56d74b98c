"""The loss objects behind scikit-learn's estimators (``sklearn._loss``), per row and without sample weights.

They are compiled, so there is nothing to read and theory is unsupported; their code is tried like any other, in the
two formats they know.

References
----------
.. [1] scikit-learn developers, ``sklearn/_loss/loss.py``: domains of y_true and y_pred, links.
"""

from __future__ import annotations

import inspect
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from losscheck.loss import Loss


@dataclass(frozen=True)
class SklearnLoss:
    """A loss object called with the raw prediction first; a new one for each number of classes."""

    loss: Any

    def __call__(self, raw: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the loss of each row."""
        loss = self.loss if raw.ndim == 1 else type(self.loss)(n_classes=raw.shape[1])
        # It takes contiguous arrays of one dtype, labels too.
        raw = np.ascontiguousarray(raw)
        rows: np.ndarray[Any, Any] = loss.loss(y_true=np.ascontiguousarray(y, dtype=raw.dtype), raw_prediction=raw)
        return rows


def adapt(thing: Any) -> Loss | None:
    """Return a loss object of scikit-learn as a loss, with the kind its domains say it is of."""
    if not hasattr(thing, "interval_y_true") or inspect.isclass(thing):
        return None
    kind, signature = _called(thing)
    return Loss(SklearnLoss(thing), kind=kind, signature=signature, label=type(thing).__qualname__)


def _called(thing: Any) -> tuple[str, str | None]:
    if thing.is_multiclass:
        return "logits", None
    target = thing.interval_y_true
    if (target.low, target.high) == (0, 1):
        return "binary", None
    # With a link that is not the identity the raw prediction is any number.
    raw = "positive" if type(thing.link).__name__ == "IdentityLink" and thing.interval_y_pred.low == 0 else "real"
    return (
        "regression",
        f"yhat:(N,):{raw} y:(N,):{'positive' if target.low == 0 and math.isinf(target.high) else 'real'}",
    )
