"""Custom objectives of gradient boosting, which return a gradient and a hessian instead of a loss.

XGBoost and LightGBM call them in two ways: natively as ``f(predictions, data)`` with labels inside ``data``, and
through their scikit-learn interface as ``f(labels, predictions)``. Here both become ``f(predictions, labels)``.

References
----------
.. [1] XGBoost documentation, "Custom Objective and Evaluation Metric".
.. [2] LightGBM documentation, ``lightgbm.train``, parameter ``objective``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from losscheck.loss import Loss, display_name

STYLES = ("native", "sklearn", "plain")


@dataclass(frozen=True)
class Data:
    """What a native objective asks of its second argument."""

    label: Any

    def get_label(self) -> Any:
        """Return the labels."""
        return self.label

    def get_weight(self) -> Any:
        """Return the weights: LightGBM says None where there are none."""
        return None


@dataclass(frozen=True)
class Objective:
    """An objective called with predictions first; returns ``(gradient, hessian)``, each of one entry per row."""

    function: Callable[..., Any]
    style: str

    def __call__(self, prediction: Any, target: Any, **params: Any) -> tuple[Any, Any]:
        """Return the gradient and the hessian of each row."""
        if self.style == "native":
            gradient, hessian = self.function(prediction, Data(target), **params)
        elif self.style == "sklearn":
            gradient, hessian = self.function(target, prediction, **params)
        else:
            gradient, hessian = self.function(prediction, target, **params)
        return gradient, hessian


def objective(
    function: Callable[..., Any], *, kind: str | None = None, signature: str | None = None, style: str
) -> Loss:
    """Return a (gradient, hessian) objective as something to audit; its first result is what is looked at.

    Parameters
    ----------
    function
        The objective.
    kind, signature
        What its predictions and labels are: ``kind="binary"`` for scores and labels 0, 1.
    style
        ``"native"`` (predictions, data with ``get_label``), ``"sklearn"`` (labels, predictions) or ``"plain"``
        (predictions, labels).

    Raises
    ------
    ValueError
        If ``style`` is none of these, or neither kind nor signature is given.

    Examples
    --------
    >>> import numpy as np
    >>> def squared(preds, data):
    ...     return preds - data.get_label(), np.ones_like(preds)
    >>> made = objective(squared, kind="regression", style="native")
    >>> made(np.array([1.0, 2.0]), np.array([0.0, 2.0]))
    (array([1., 0.]), array([1., 1.]))
    """
    if style not in STYLES:
        raise ValueError(f"style={style!r} is not known; give one of {', '.join(STYLES)}")
    if kind is None and signature is None:
        raise ValueError('an objective does not say what its labels are; give kind="binary", or a signature')
    given = signature
    if given is None:
        from losscheck.kinds import KINDS

        given = KINDS[str(kind)].signature
    # With a signature alone nothing is proved of it: a gradient is not a loss.
    return Loss(Objective(function, style), signature=given, label=display_name(function))
