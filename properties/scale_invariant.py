r"""Scale invariant: a loss of scores does not change when all of them are multiplied by one positive number.

.. math:: \ell(c z, y) = \ell(z, y) \quad\text{for all } z,\ c > 0,\ y.

* ``proved``: with c = exp(t) the difference has an exact normal form of zero, in z and t.
* ``refuted``: a rational point, a factor and a label with certified different values, for every choice of the float
  constants within 2 ulp.

Of losses with rows of vectors (kind ``embedding``): one c > 0 multiplies all rows of all arguments. The statement is
about the sizes for which the loss was read, and the points at which it has a value, which stay such points; a guard
such as ``max(length, 1e-12)`` breaks it.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import invariant_by_identity, rows_invariant
from losscheck.verdict import Outcome, undecided


@theory(kinds=("margin", "binary", "signed", "logits", "embedding"), title="Scaling all scores changes nothing")
def scale_invariant(lifted: Lifted) -> Outcome:
    """Decide invariance under positive scalings."""
    if lifted.kind == "embedding":
        return rows_invariant.answer(lifted, "scale")
    return invariant_by_identity.attempt(lifted, "scale") or undecided(
        "No factor was found that changes the loss, and the identity was not shown.", reason="no identity found"
    )
