r"""Permutation equivariant: the classes are treated alike.

.. math:: \ell(\sigma z, \sigma(y)) = \ell(z, y) \quad\text{for every permutation } \sigma \text{ of the classes.}

* ``proved``: exact identities for the adjacent transpositions, which generate all permutations. On the simplex the
  statement is about the points where the loss is finite.
* ``refuted``: a rational point, a transposition and a label with certified different values, for every choice of the
  float constants within 2 ulp.

Of losses with rows of vectors (kind ``embedding``): the rows of the batch ``B`` change places in every argument and
label, and so do those of the result.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import by_threshold, invariant_by_identity, rows_invariant
from losscheck.verdict import Outcome, undecided


@theory(
    kinds=("logits", "soft", "multilabel", "simplex", "map", "embedding"),
    title="Renaming the classes renames the losses",
)
def permutation_equivariant(lifted: Lifted) -> Outcome:
    """Decide equivariance under permutations of the classes."""
    if lifted.kind == "embedding":
        return rows_invariant.answer(lifted, "permutation")
    return (
        by_threshold.attempt(lifted, "permutation_equivariant")
        or invariant_by_identity.attempt(lifted, "permutation")
        or undecided(
            "No swap of classes was found that the loss does not follow, and the identity was not shown.",
            reason="no identity found",
        )
    )
