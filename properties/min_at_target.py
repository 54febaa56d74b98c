r"""Minimum at the target: predicting the soft target is best.

.. math:: \ell(y, y) \le \ell(x, y) \quad\text{for all } x, y \in [0, 1]^M.

The value at the target need not be 0.

* ``proved``: the loss is 0 for equal vectors and positive for all others.
* ``refuted``: a rational pair with a certified lower value than at the target, for every choice of the float constants
  within 2 ulp.

The length of the vectors is the one for which the loss was read.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import by_difference, by_entries, by_outer, pair_witness, set_loss
from losscheck.verdict import Outcome, undecided


@theory(kinds=("set",), title="The soft target is a best prediction")
def min_at_target(lifted: Lifted) -> Outcome:
    """Decide whether the target minimises the loss."""
    return (
        pair_witness.beaten(lifted)
        or by_difference.attempt(lifted, "min_at_target")
        or set_loss.zero_by_patterns(lifted, "min_at_target")
        or by_entries.attempt(lifted, "min_at_target")
        or by_outer.attempt(lifted, "min_at_target")
        or undecided("Nothing better than the target was found, and no theorem applies.", reason="no theorem applies")
    )
