r"""Simplex-valued: the outputs of a map are probabilities.

.. math:: s_i(z) \ge 0, \qquad \sum_i s_i(z) = 1 \qquad \text{for all } z \in R^K.

* ``proved``: the sum is 1 by an exact identity, on the whole or on every polyhedral cell, and every output is
  nonnegative by its formula, a minorant, its cells or certified boxes.
* ``refuted``: a rational point with a negative output or another sum, for every choice of the float constants.

References: A. Martins, R. Astudillo (2016), From softmax to sparsemax: a sparse model of attention and multi-label
classification.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import by_threshold, map_on_simplex
from losscheck.verdict import Outcome, undecided


@theory(kinds=("map",), title="The outputs are probabilities")
def simplex_valued(lifted: Lifted) -> Outcome:
    """Decide whether a map is onto the simplex."""
    return (
        map_on_simplex.refuted(lifted)
        or by_threshold.attempt(lifted, "simplex_valued")
        or map_on_simplex.attempt(lifted)
        or undecided("No point off the simplex was found, and none was excluded.", reason="no theorem applies")
    )
