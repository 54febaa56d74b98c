r"""Shift invariant: a loss of scores depends on their differences only.

.. math:: \ell(z + c\,\mathbf 1, y) = \ell(z, y) \quad\text{for all } z \in R^K,\ c \in R,\ y.

* ``proved``: the difference has an exact normal form of zero, in z and c.
* ``refuted``: a rational point, a shift and a label with certified different values, for every choice of the float
  constants within 2 ulp.

Of losses with rows of vectors (kind ``embedding``): one vector is added to every row of every argument. The statement
is about the sizes for which the loss was read, and the points at which it has a value.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import by_threshold, invariant_by_identity, rows_invariant
from losscheck.verdict import Outcome, undecided


@theory(
    kinds=("logits", "soft", "multilabel", "map", "embedding"), title="Adding one number to all scores changes nothing"
)
def shift_invariant(lifted: Lifted) -> Outcome:
    """Decide invariance under shifts."""
    if lifted.kind == "embedding":
        return rows_invariant.answer(lifted, "shift")
    return (
        by_threshold.attempt(lifted, "shift_invariant")
        or invariant_by_identity.attempt(lifted, "shift")
        or undecided(
            "No shift was found that changes the loss, and the identity was not shown.", reason="no identity found"
        )
    )
