r"""Lipschitz: the least Lipschitz constant in the first argument, over all values of the others.

.. math:: L = \sup_{z, y} \lVert \nabla_z \ell(z, y) \rVert_*, \quad
   \text{the dual of the norm: the 2-norm for "l2", the 1-norm for "linf"}

In one variable both norms are the absolute value. A loss with a jump has no finite constant; a jump must be there for
every choice of the float constants. Regression losses are read as a function of yhat - y or yhat / y where they are
one, else by their formulas on both sides of yhat = y; slopes that diverge along a line make the constant infinite.

* ``proved``: the value, enclosed within 1e-7 (relatively, for values above 1): an upper bound on the whole domain and a
  point or limit that attains it; or infinity, by a jump or a derivative that diverges. Of
  several scores: by one function of one variable for ``phi(softmax_y)``, else between a difference quotient and a
  polytope that holds all gradients.
* ``supported``: the steepest slope that was found.

Losses with rows of vectors (kind ``embedding``): in all numbers of the first argument; so far only that no constant
exists is shown.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import (
    by_reduction,
    by_threshold,
    lipschitz_by_gradient,
    regression_shape,
    rows_shape,
    slope_by_convexity,
    slope_by_pieces,
)
from losscheck.verdict import Outcome, undecided

KINDS = ("margin", "binary", "signed", "probability", "logits", "soft", "multilabel", "regression", "embedding")


def open_for(norm: str) -> Outcome:
    """The answer when nothing is known."""
    return undecided("The largest slope was not enclosed.", reason="no theorem applies", params={"norm": norm})


@theory(kinds=KINDS, title="Least Lipschitz constant", params={"norm": "l2"})
def lipschitz(lifted: Lifted, norm: str = "l2") -> Outcome:
    """Enclose the least Lipschitz constant.

    Raises
    ------
    ValueError
        When the norm is not "l2" or "linf".
    """
    if norm not in ("l2", "linf"):
        raise ValueError(f"norm={norm!r} is not a norm that is known here; norms: 'l2', 'linf'")
    if lifted.kind == "embedding":
        return rows_shape.no_lipschitz(lifted, norm) or open_for(norm)
    found = by_reduction.attempt(lifted, "lipschitz", lipschitz, norm=norm)
    if found is not None or lifted.kind == "soft":
        return found or open_for(norm)
    if lifted.kind == "regression":
        found = regression_shape.lipschitz(lifted, norm)
    elif len(lifted.variables) > 1:
        found = by_threshold.attempt(lifted, "lipschitz", {"norm": norm}) or lipschitz_by_gradient.attempt(lifted, norm)
    else:
        found = slope_by_pieces.attempt(lifted, 1, norm) or slope_by_convexity.attempt(lifted, norm)
    return found or open_for(norm)
