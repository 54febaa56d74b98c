"""Aggregation over a batch: the mean of the k largest losses, conditional value at risk, Kullback-Leibler robustness.

All are monotone and 1-Lipschitz in the vector of losses (maximum norm) and convex in it, so batches of convex losses
stay convex. With p the weights on the losses: top-k and CVaR are the maximum over p <= 1 / (alpha n); the KL form is
lam log mean exp(l / lam) = max_p p.l - lam KL(p, uniform), which lies between the mean (lam = inf) and the maximum
(lam = 0) (Rockafellar, Uryasev, 2000; Ben-Tal et al., 2013).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.wrappers.wrapped import inner_loss, outer_loss
from losscheck.kinds import KINDS
from losscheck.loss import Loss

ROWWISE = ("margin", "binary", "signed", "probability", "logits", "simplex", "regression")


@dataclass(frozen=True)
class _TopFraction:
    inner: Loss
    alpha: float

    def __call__(self, *args: Any) -> Any:
        losses = self.inner(*args)
        xp = array_namespace(losses)
        n = losses.shape[0]
        whole = math.floor(self.alpha * n)
        ordered = xp.sort(losses, descending=True)
        # The last loss that counts counts only in part where alpha n is no integer.
        part = ordered[whole] * (self.alpha * n - whole) if whole < n else 0.0
        return (xp.sum(ordered[:whole]) + part) / (self.alpha * n)


@dataclass(frozen=True)
class _KlRobust:
    inner: Loss
    lam: float

    def __call__(self, *args: Any) -> Any:
        losses = self.inner(*args)
        xp = array_namespace(losses)
        largest = xp.max(losses)
        return largest + self.lam * xp.log(xp.mean(xp.exp((losses - largest) / self.lam)))


def _batched(inner: Loss) -> str:
    """The signature with rows that belong together: what is aggregated is one batch."""
    return (inner.signature or KINDS[str(inner.kind)].signature or "").replace("(N", "(B")


def cvar(loss: Any, alpha: float = 0.5) -> Loss:
    """Return the mean of the largest alpha-fraction of the losses of a batch (CVaR at level 1 - alpha; top-k at k / n).

    Raises
    ------
    ValueError
        When alpha is not in (0, 1] or the loss is not one of rows.

    >>> import numpy as np
    >>> float(cvar("hinge", 0.5)(np.array([0.0, 1.0, -1.0, 2.0])))
    1.5
    """
    if not 0 < alpha <= 1:
        raise ValueError(f"alpha={alpha!r}; give a fraction in (0, 1]")
    inner = inner_loss(loss, ROWWISE, "cvar")
    return outer_loss(_TopFraction(inner, alpha), f"cvar({inner.name}, {alpha:g})", None, _batched(inner))


def kl_robust(loss: Any, lam: float = 1.0) -> Loss:
    """Return lam log mean exp(l / lam) over a batch: the worst weights near uniform, in Kullback-Leibler divergence.

    Raises
    ------
    ValueError
        When lam is not positive or the loss is not one of rows.

    >>> import numpy as np
    >>> float(kl_robust("hinge", 1.0)(np.array([0.0, 0.0])))
    1.0
    """
    if not lam > 0:
        raise ValueError(f"lam={lam!r}; give a positive number")
    inner = inner_loss(loss, ROWWISE, "kl_robust")
    return outer_loss(_KlRobust(inner, lam), f"kl_robust({inner.name}, {lam:g})", None, _batched(inner))
