r"""Triangle inequality: no detour is shorter.

.. math:: d(a, c) \le d(a, b) + d(b, c) \quad\text{for all } a, b, c.

* ``proved``: the loss is a sublinear function of p - q, or of differences F(p) - F(q); a power of a symmetric
  f-divergence that the theorem of Kafka, Österreicher and Vincze covers; or the Steinhaus transform of a weighted l1
  distance.
* ``refuted``: three rational vectors with a certified shorter detour, for every choice of the float constants within
  2 ulp.
* ``not_applicable``: the two arguments come from different sets (a binary target).

References: P. Kafka, F. Österreicher, I. Vincze (1991), On powers of f-divergences defining a distance; E. Marczewski,
H. Steinhaus (1958), On a certain distance of sets and the corresponding distance of functions.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.proving import prove
from losscheck.theorems import by_csiszar, by_difference, by_entries, by_outer, pair_witness, set_loss
from losscheck.verdict import Outcome, not_applicable, undecided

SUBLINEAR = "The loss is a sublinear function of differences F(p) - F(q)."


@theory(kinds=("divergence", "set"), title="The triangle inequality")
def triangle_inequality(lifted: Lifted) -> Outcome:
    """Decide the inequality."""
    if lifted.domain not in ("simplex+", "unit"):
        return not_applicable("The two arguments come from different sets.")
    return (
        pair_witness.detour(lifted)
        or by_difference.attempt(lifted, "triangle_inequality")
        or prove(lifted, "triangle_inequality", {"rule": "metric_by_telescoping"}, message=SUBLINEAR)
        or by_entries.attempt(lifted, "triangle_inequality")
        or (by_csiszar.powers(lifted) if lifted.kind == "divergence" else set_loss.steinhaus(lifted))
        or by_outer.attempt(lifted, "triangle_inequality")
        or undecided("No shorter detour was found, and no theorem shows that none is.", reason="no theorem applies")
    )
