r"""Symmetric arguments: exchanging the two vectors changes nothing.

.. math:: d(p, q) = d(q, p) \quad\text{for all } p, q.

* ``proved``: the difference has an exact normal form of zero.
* ``refuted``: two rational vectors with certified different values, for every choice of the float constants within
  2 ulp.
* ``not_applicable``: the two arguments come from different sets (a binary target).

The length of the vectors is the one for which the loss was read.

Of losses with rows of vectors (kind ``embedding``): the two floating arguments, if there are two that are alike.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.proving import prove
from losscheck.theorems import pair_witness, rows_invariant
from losscheck.verdict import Outcome, not_applicable, undecided


@theory(kinds=("divergence", "set", "embedding"), title="Exchanging the two arguments changes nothing")
def symmetric_arguments(lifted: Lifted) -> Outcome:
    """Decide the symmetry."""
    if lifted.kind == "embedding":
        return rows_invariant.answer(lifted, "exchange")
    if lifted.domain not in ("simplex+", "unit"):
        return not_applicable("The two arguments come from different sets.")
    message = "The loss minus itself with its arguments exchanged is 0: an exact identity."
    return (
        pair_witness.exchanged(lifted)
        or prove(lifted, "symmetric_arguments", {"rule": "exchange_by_identity"}, message=message)
        or undecided("No pair with different values was found, and no identity was shown.", reason="no identity found")
    )
