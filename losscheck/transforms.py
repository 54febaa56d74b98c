"""``h_consistency`` and ``calibration``: what a small surrogate regret says about the zero-one regret."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from losscheck.bound import Bound
from losscheck.hypotheses import All, HypothesisSet
from losscheck.loss import as_loss, infer_kind
from losscheck.theorems.h_bound import function
from losscheck.theory_questions import TheoryQuestions


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
        A margin loss ``phi(v)``, a binary loss ``l(z, y)`` or a loss of logits ``l(z, y)``, as for `losscheck.audit`.
        It is read in a worker process, when the first number is asked for.
    kind, n_classes, params
        As for `losscheck.audit`.
    hypotheses
        `All` (the default), `Linear`, `ReLU` or `Bounded`.
    perturbation
        The radius of a ball around every input over which both losses take their worst case; margin losses that do not
        increase, two classes. T is then the same for every positive radius.
    claim
        A claimed Gamma, ``zero-one regret <= Gamma(surrogate regret)``: a formula of u (or t) such as ``"sqrt(2*u)"``,
        or a function written in NumPy. `Bound.verdict` says whether it holds.

    Raises
    ------
    ValueError
        When an argument is not allowed. Code that cannot be read raises when the first number is asked for.

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
    if not 0 <= perturbation < float("inf"):
        raise ValueError(f"perturbation={perturbation!r} is no radius; give a number that is not negative")
    taken = All() if hypotheses is None else hypotheses
    if not isinstance(taken, HypothesisSet):
        raise ValueError(f"hypotheses={taken!r} is no hypothesis set; give All(), Linear(), ReLU() or Bounded()")
    read = as_loss(loss)
    known = kind or read.kind or infer_kind(read.function)
    if known not in ("margin", "binary", "signed", "logits"):
        raise ValueError(f"kind={known!r} has no zero-one regret; kinds are margin, binary, signed and logits")
    text = _formula(claim) if callable(claim) else claim
    if text is not None:
        function(text)  # raises where it is no formula
    if perturbation and (known == "logits" or text is not None or taken == All(sum_to_zero=True)):
        raise ValueError(
            f"perturbation={perturbation!r}: worst cases over balls are covered for losses of one score, without a "
            "claim; leave perturbation or the claim out"
        )
    questions = TheoryQuestions(loss, known, n_classes, dict(params or {}))
    return Bound(questions, taken, text, adversarial=perturbation > 0)


def _formula(claim: Callable[[float], float]) -> str:
    """The formula of a claim given as a function, read at ``|v|``: a regret is not negative."""
    from losscheck.expr.build import substitute, var
    from losscheck.expr.printing import text
    from losscheck.lifting.lifting import lift
    from losscheck.lifting.unsupported import Unsupported

    try:
        lifted = lift(lambda v: claim(abs(v)), kind="margin")
    except Unsupported as error:
        raise ValueError(f"claim={claim!r} cannot be read ({error}); give a formula such as 'sqrt(2*u)'") from None
    return text(substitute([lifted.roots[0]], {var("v"): var("u")})[0])


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
