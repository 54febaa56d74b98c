"""Group DRO: the worst mean loss of a group (Sagawa et al., 2020), with their adjustment C / sqrt(n_g).

The maximum over weights q on the groups of sum_g q_g L_g is attained at a corner, so it is max_g L_g: convex where the
losses are, at least the mean over the batch, and 0 only where every loss of a nonnegative kind is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.wrappers.wrapped import inner_loss, outer_loss
from losscheck.loss import Loss


@dataclass(frozen=True)
class _GroupRobust:
    inner: Loss
    groups: int
    adjustment: float

    def __call__(self, z: Any, y: Any, g: Any) -> Any:
        losses = self.inner(z, y)
        xp = array_namespace(losses)
        # Rows by groups; a group without rows has no mean and takes no part.
        members = xp.astype(g[:, None] == xp.arange(self.groups)[None, :], losses.dtype)
        count = xp.sum(members, axis=0)
        some = xp.maximum(count, xp.ones_like(count))
        mean = xp.sum(losses[:, None] * members, axis=0) / some + self.adjustment / xp.sqrt(some)
        return xp.max(xp.where(count > 0, mean, xp.full_like(mean, -xp.inf)))


def group_robust(loss: Any, groups: int, adjustment: float = 0.0) -> Loss:
    """Return max_g (mean of l over group g + adjustment / sqrt(n_g)) for a loss of logits; g holds group numbers.

    Raises
    ------
    ValueError
        When there is no group, or the loss is of another kind.

    >>> import numpy as np
    >>> z, y = np.array([[9.0, 0.0], [0.0, 0.0]]), np.array([0, 0])
    >>> round(float(group_robust("cross_entropy", 2)(z, y, np.array([0, 1]))), 4)
    0.6931
    """
    if groups < 1:
        raise ValueError(f"groups={groups!r}; give at least one")
    inner = inner_loss(loss, ("logits",), "group_robust")
    function = _GroupRobust(inner, groups, adjustment)
    # Groups are numbered like classes: the audit draws both from [0, K).
    return outer_loss(function, f"group_robust({inner.name})", None, "z:(B,K):real y:(B,):index g:(B,):index")
