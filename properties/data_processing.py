r"""Data processing: a kernel brings two distributions no farther apart.

.. math:: d(pW, qW) \le d(p, q) \quad\text{for every row-stochastic W with positive output.}

* ``proved``: an f-divergence under a nondecreasing function (Csiszár 1967). The divergence is read for K classes, so
  the proof is about the kernels from K to K classes.
* ``refuted``: two rational distributions and a rational K x K kernel that certifiedly raises the divergence, for every
  choice of the float constants within 2 ulp.

Reference: I. Csiszár (1967), Information-type measures of difference of probability distributions.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import by_csiszar, processing_witness
from losscheck.verdict import Outcome, undecided


@theory(kinds=("divergence",), title="A kernel does not raise the divergence")
def data_processing(lifted: Lifted) -> Outcome:
    """Decide the data processing inequality."""
    return (
        processing_witness.attempt(lifted)
        or by_csiszar.attempt(lifted, "data_processing")
        or undecided(
            "No kernel that raises the divergence was found, and no theorem applies.", reason="no theorem applies"
        )
    )
