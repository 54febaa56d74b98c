"""The scorers of scikit-learn (``get_scorer``, ``make_scorer``) as losses: what is scored, without the estimator.

A scorer calls an estimator, and the metric on what it predicts; greater is better. The loss is the negative of it,
called with the prediction. It is one number for a batch, and its code checks its inputs with NumPy, so theory is
seldom read; behaviour is tried like any other.

References
----------
.. [1] scikit-learn developers, user guide, "The scoring API overview": response methods, sign.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import numpy as np

from losscheck.loss import Loss


@dataclass(frozen=True)
class SklearnScorer:
    """A scorer called with the prediction first; of probabilities it is told which classes there are."""

    scorer: Any

    def __call__(self, prediction: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> Any:
        """Return the negative score of the batch."""
        metric, told = self.scorer._score_func, dict(self.scorer._kwargs)
        if prediction.ndim == 2 and "labels" in inspect.signature(metric).parameters:
            told.setdefault("labels", np.arange(prediction.shape[1]))
        return -self.scorer._sign * metric(y, prediction, **told)


def adapt(thing: Any) -> Loss | None:
    """Return a scorer as a loss: of probabilities, or of a regression; of another response the caller says the kind."""
    if not hasattr(thing, "_score_func") or inspect.isclass(thing):
        return None
    kind = {"predict_proba": "simplex", "predict": "regression"}.get(str(thing._response_method))
    return Loss(SklearnScorer(thing), kind=kind, label=thing._score_func.__name__)
