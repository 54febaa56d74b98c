r"""Zero iff equal: a set loss is 0 for equal vectors, and only for them.

.. math:: \ell(x, y) = 0 \iff x = y

* ``proved``: by the signs of the formula on every order of the entries, or a definite function of x - y.
* ``refuted``: a rational pair: equal vectors with a certified value apart from 0 (a soft target that is not
  matched), or different ones with exactly 0.

The length of the vectors is the one for which the loss was read.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import by_difference, by_entries, by_outer, pair_witness, set_loss
from losscheck.verdict import Outcome, undecided


@theory(kinds=("set",), title="Zero exactly for equal arguments")
def zero_iff_equal(lifted: Lifted) -> Outcome:
    """Decide the identity."""
    return (
        pair_witness.indiscernible(lifted, "zero_iff_equal")
        or by_difference.attempt(lifted, "zero_iff_equal")
        or set_loss.zero_by_patterns(lifted, "zero_iff_equal")
        or by_entries.attempt(lifted, "zero_iff_equal")
        or by_outer.attempt(lifted, "zero_iff_equal")
        or undecided("No pair that breaks it was found, and no theorem applies.", reason="no theorem applies")
    )
