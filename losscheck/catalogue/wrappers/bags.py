"""Learning from bags: only the mean label of each bag is known.

The bag-level loss compares means, the instance-level loss compares every prediction with the bag's mean label. For a
loss convex in the prediction the bag-level loss is at most the instance-level one (Jensen); for squared error the
difference is the variance of the predictions within the bag (Javanmard et al., 2024).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.wrappers.wrapped import inner_loss, outer_loss
from losscheck.loss import Loss

SIGNATURE = "yhat:(N,M):real y:(N,):real"


@dataclass(frozen=True)
class _Bags:
    inner: Loss
    rho: float

    def __call__(self, yhat: Any, y: Any) -> Any:
        xp = array_namespace(yhat)
        bag = self.inner(xp.mean(yhat, axis=1), y)
        size = yhat.shape[1]
        alone = self.inner(xp.reshape(yhat, (-1,)), xp.reshape(y[:, None] + 0 * yhat, (-1,)))
        return (1 - self.rho) * bag + self.rho * xp.mean(xp.reshape(alone, (-1, size)), axis=1)


def bag_instance(loss: Any, rho: float) -> Loss:
    """Return (1 - rho) times the bag-level loss plus rho times the instance-level one, for a loss of kind regression.

    The result takes predictions of shape (N, M), N bags of M instances, and their mean labels (N,); shape (N,).

    Raises
    ------
    ValueError
        When rho is not in [0, 1] or the loss is of another kind.

    >>> import numpy as np
    >>> bag_instance("squared_error", 0.0)(np.array([[0.0, 2.0]]), np.array([1.0])).tolist()
    [0.0]
    >>> bag_instance("squared_error", 1.0)(np.array([[0.0, 2.0]]), np.array([1.0])).tolist()
    [1.0]
    """
    if not 0 <= rho <= 1:
        raise ValueError(f"rho={rho!r}; give a weight in [0, 1]: 0 is the bag level, 1 the instance level")
    inner = inner_loss(loss, ("regression",), "bag_instance")
    return outer_loss(_Bags(inner, rho), f"bag_instance({inner.name}, {rho:g})", None, SIGNATURE)
