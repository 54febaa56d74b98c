r"""Order preserving: a larger score has no smaller output.

.. math:: z_i \ge z_j \implies s_i(z) \ge s_j(z) \qquad \text{for all } z \in R^K,\ i, j.

Equal scores have equal outputs, and the most probable class has the largest score; outputs may tie where scores do not
(sparsemax).

* ``proved``: every output is one increasing function of its score times a common factor, or all are affine and in
  order on every polyhedral cell.
* ``refuted``: a rational point with two outputs in the wrong order, for every choice of the float constants.

References: M. Blondel, A. Martins, V. Niculae (2020), Learning with Fenchel-Young losses.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import by_threshold, map_order
from losscheck.verdict import Outcome, undecided


@theory(kinds=("map",), title="Larger scores have larger outputs")
def order_preserving(lifted: Lifted) -> Outcome:
    """Decide whether a map keeps the order of the scores."""
    return (
        map_order.refuted(lifted)
        or by_threshold.attempt(lifted, "order_preserving")
        or map_order.attempt(lifted)
        or undecided("No order was seen turned round, and none was excluded.", reason="no theorem applies")
    )
