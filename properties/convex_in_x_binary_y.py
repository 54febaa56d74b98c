r"""Convex in the prediction for every binary target.

.. math:: x \mapsto \ell(x, 1_B) \text{ is convex on } [0, 1]^M \text{ for every set } B \text{ of the domain.}

The Lovász extension of a submodular set loss is convex (Lovász 1983; Berman, Triki, Blaschko 2018).

* ``proved``: for each of the binary targets, by composition rules, or by the cells on which the loss is quadratic.
* ``refuted``: a rational chord certified to run below the loss, for every choice of the float constants within 2 ulp.

The length of the vectors is the one for which the loss was read.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import pair_witness, set_loss
from losscheck.verdict import Outcome, undecided


@theory(kinds=("set",), title="Convex in the prediction for binary targets")
def convex_in_x_binary_y(lifted: Lifted) -> Outcome:
    """Decide convexity for every binary target."""
    return (
        pair_witness.binary_chord(lifted)
        or set_loss.convex_binary_slices(lifted)
        or undecided("No violated chord was found, and no rule shows convexity.", reason="no theorem applies")
    )
