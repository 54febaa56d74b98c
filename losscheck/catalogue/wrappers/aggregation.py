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


def batched(inner: Loss) -> str:
    """Return the signature with rows that belong together: what is aggregated is one batch."""
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
    return outer_loss(_TopFraction(inner, alpha), f"cvar({inner.name}, {alpha:g})", None, batched(inner))


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
    return outer_loss(_KlRobust(inner, lam), f"kl_robust({inner.name}, {lam:g})", None, batched(inner))


@dataclass(frozen=True)
class _Spectral:
    inner: Loss
    power: float

    def __call__(self, *args: Any) -> Any:
        losses = self.inner(*args)
        xp = array_namespace(losses)
        n = losses.shape[0]
        weights = [((i + 1) / n) ** self.power - (i / n) ** self.power for i in range(n)]
        return xp.sum(xp.asarray(weights, dtype=losses.dtype) * xp.sort(losses))


@dataclass(frozen=True)
class _Flooding:
    inner: Loss
    level: float

    def __call__(self, *args: Any) -> Any:
        losses = self.inner(*args)
        xp = array_namespace(losses)
        return xp.abs(xp.mean(losses) - self.level) + self.level


def spectral_risk(loss: Any, power: float = 2.0) -> Loss:
    """Return sum_i sigma_i l_(i) over a batch, losses in increasing order: the extremile of this power.

    The weights (i / n)^power - ((i - 1) / n)^power grow for power >= 1, so the sum is the maximum of q.l over the
    permutations of the weights (Mehta et al., 2024, without their penalty); power 1 is the mean, inf the maximum.

    Raises
    ------
    ValueError
        When the power is below 1 or the loss is not one of rows.

    >>> import numpy as np
    >>> float(spectral_risk("hinge", 1.0)(np.array([0.0, 1.0])))
    0.5
    """
    if not power >= 1:
        raise ValueError(f"power={power!r}; give a number of at least 1")
    inner = inner_loss(loss, ROWWISE, "spectral_risk")
    return outer_loss(_Spectral(inner, power), f"spectral_risk({inner.name}, {power:g})", None, batched(inner))


def flooding(loss: Any, level: float = 0.1) -> Loss:
    """Return |mean l - level| + level over a batch (Ishida et al., 2020): below the level the slope turns round.

    Raises
    ------
    ValueError
        When the level is negative or the loss is not one of rows.

    >>> import numpy as np
    >>> float(flooding("hinge", 0.5)(np.array([2.0])))
    1.0
    """
    if not level >= 0:
        raise ValueError(f"level={level!r}; give a number that is not negative")
    inner = inner_loss(loss, ROWWISE, "flooding")
    return outer_loss(_Flooding(inner, level), f"flooding({inner.name}, {level:g})", None, batched(inner))
