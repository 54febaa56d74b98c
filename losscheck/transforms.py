"""``h_consistency`` and ``calibration``: what a small surrogate regret says about the zero-one regret."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from losscheck.bound import Bound
from losscheck.hypotheses import All, HypothesisSet
from losscheck.loss import as_loss, infer_kind, load_target


def h_consistency(
    loss: Any,
    *,
    kind: str | None = None,
    hypotheses: HypothesisSet | None = None,
    n_classes: int = 3,
    perturbation: float = 0.0,
    claim: str | Callable[[float], float] | None = None,
    params: Mapping[str, Any] | None = None,
) -> Bound:
    r"""Return the H-consistency bound of a loss: ``T(zero-one regret) <= surrogate regret``, up to minimizability gaps.

    .. math:: T(t) = \inf \{ C_\ell(h, x) - C^*_\ell(H, x) : \text{zero-one regret } t \text{ at } x \}

    Parameters
    ----------
    loss
        A margin loss ``phi(v)``, a binary loss ``l(z, y)`` or a loss of logits ``l(z, y)``. It runs in this process.
    kind, n_classes, params
        As for `losscheck.audit`.
    hypotheses
        `All` (the default), `Linear`, `ReLU` or `Bounded`.
    perturbation
        Must be 0 in this version: the adversarial zero-one loss is not covered.
    claim
        A claimed Gamma, ``zero-one regret <= Gamma(surrogate regret)``: a function or a formula in t such as
        ``"sqrt(2*t)"``. `Bound.verdict` says whether it holds.

    Raises
    ------
    ValueError
        When an argument is not allowed.
    losscheck.lifting.unsupported.Unsupported
        When the code of the loss cannot be read.

    Examples
    --------
    >>> import numpy as np
    >>> bound = h_consistency(lambda v: np.maximum(0, 1 - v), kind="margin")
    >>> round(bound.transform(0.3), 6)
    0.3

    References
    ----------
    P. Awasthi, A. Mao, M. Mohri, Y. Zhong (2022), H-consistency bounds for surrogate loss minimizers; I. Steinwart
    (2007), How to compare different loss functions and their risks.
    """
    from losscheck.lifting.lifting import lift

    if perturbation != 0:
        raise ValueError(f"perturbation={perturbation!r}: adversarial losses are not covered; leave perturbation out")
    taken = All() if hypotheses is None else hypotheses
    if not isinstance(taken, HypothesisSet):
        raise ValueError(f"hypotheses={taken!r} is no hypothesis set; give All(), Linear(), ReLU() or Bounded()")
    read = as_loss(loss)
    known = kind or read.kind or infer_kind(read.function)
    if known not in ("margin", "binary", "signed", "logits"):
        raise ValueError(f"kind={known!r} has no zero-one regret; kinds are margin, binary, signed and logits")
    bound_params = {**read.params, **(params or {})}
    function = load_target(read.function) if isinstance(read.function, str) else read.function
    lifted = lift(function, kind=known, n_classes=n_classes if known == "logits" else None, params=bound_params)
    return Bound(lifted, taken, claim)


def calibration(
    loss: Any,
    *,
    kind: str | None = None,
    n_classes: int = 3,
    claim: str | Callable[[float], float] | None = None,
    params: Mapping[str, Any] | None = None,
) -> Bound:
    """Return the calibration function of a loss: `h_consistency` over all measurable functions.

    `Bound.gamma` then inverts its biconjugate, the psi-transform of Bartlett, Jordan and McAuliffe (2006).

    Examples
    --------
    >>> import numpy as np
    >>> low, high = calibration(lambda v: np.exp(-v), kind="margin").bounds(0.6)
    >>> low <= 0.2 <= high
    True
    """
    return h_consistency(loss, kind=kind, n_classes=n_classes, claim=claim, params=params)
