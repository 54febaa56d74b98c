"""Losses of adversarial and certified training: expressive combinations, and the smooth adversarial comp-sum loss.

Expressive losses (De Palma et al., 2024) run from the adversarial loss at alpha = 0 to the verified one at alpha = 1:
CC combines the scores, MTL the losses, Exp their logarithms. For a loss convex in z, CC <= MTL; always Exp <= MTL
(the geometric mean is at most the arithmetic one).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import margins
from losscheck.catalogue.wrappers.wrapped import inner_loss, outer_loss
from losscheck.loss import Loss

FORMS = ("cc", "mtl", "exp")
SIGNATURE = "z:(N,K):real v:(N,K):real y:(N,):index"


@dataclass(frozen=True)
class _Expressive:
    inner: Loss
    alpha: float
    form: str

    def __call__(self, z: Any, v: Any, y: Any) -> Any:
        if self.form == "cc":
            return self.inner((1 - self.alpha) * z + self.alpha * v, y)
        attacked, verified = self.inner(z, y), self.inner(v, y)
        if self.form == "mtl":
            return (1 - self.alpha) * attacked + self.alpha * verified
        return attacked ** (1 - self.alpha) * verified**self.alpha


@dataclass(frozen=True)
class _SmoothAdversarial:
    inner: Loss
    rho: float
    nu: float

    def __call__(self, z: Any, v: Any, y: Any) -> Any:
        xp = array_namespace(z)
        moved = margins(v, y) - margins(z, y)
        return self.inner(z / self.rho, y) + self.nu * xp.sqrt(xp.sum(moved**2, axis=1))


def expressive(loss: Any, alpha: float, form: str = "mtl") -> Loss:
    """Return the combination of l(z, y) at attacked scores z and l(v, y) at verified ones, for a loss of logits.

    Raises
    ------
    ValueError
        When alpha is not in [0, 1], the form is none of cc, mtl, exp, or the loss is of another kind.

    >>> expressive("cross_entropy", 0.5, "cc").name
    'expressive(cross_entropy, cc, 0.5)'
    """
    if not 0 <= alpha <= 1 or form not in FORMS:
        raise ValueError(f"alpha={alpha!r}, form={form!r}; give alpha in [0, 1] and one of {', '.join(FORMS)}")
    inner = inner_loss(loss, ("logits",), "expressive")
    return outer_loss(_Expressive(inner, alpha, form), f"expressive({inner.name}, {form}, {alpha:g})", None, SIGNATURE)


def smooth_adversarial(loss: Any, rho: float = 1.0, nu: float = 1.0) -> Loss:
    """Return l(z / rho, y) + nu |gaps(v) - gaps(z)|_2: clean scores z, attacked scores v, gaps z_y - z_k.

    The form of Mao, Mohri, Zhong (2023), Section 5; which nu makes it an upper bound of the adversarial loss depends on
    the Lipschitz constant of l in the gaps, and is not settled here.

    Raises
    ------
    ValueError
        When rho or nu is not positive or the loss is of another kind.

    >>> smooth_adversarial("cross_entropy").name
    'smooth_adversarial(cross_entropy, 1, 1)'
    """
    if not (rho > 0 and nu > 0):
        raise ValueError(f"rho={rho!r}, nu={nu!r}; give positive numbers")
    inner = inner_loss(loss, ("logits",), "smooth_adversarial")
    label = f"smooth_adversarial({inner.name}, {rho:g}, {nu:g})"
    return outer_loss(_SmoothAdversarial(inner, rho, nu), label, None, SIGNATURE)
