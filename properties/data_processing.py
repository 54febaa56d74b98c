r"""Data processing: a kernel brings two distributions no farther apart.

.. math:: d(pW, qW) \le d(p, q) \quad\text{for every row-stochastic W with positive output.}

* ``proved``: an f-divergence under a nondecreasing function (Csiszár 1967). The certificate is about the kernels from K
  to K classes; the code was also read for L = 2, ..., K + 1 classes and has the same f and the same outer function
  there, so nothing changes for kernels to L classes. A divergence that divides by its number of classes does change.
* ``refuted``: two rational distributions and a rational K x K kernel that certifiedly raises the divergence, for every
  choice of the float constants within 2 ulp.

Reference: I. Csiszár (1967), Information-type measures of difference of probability distributions.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.lifting.unsupported import Unsupported
from losscheck.property import theory
from losscheck.theorems import by_csiszar, processing_witness
from losscheck.verdict import Outcome, undecided


@theory(kinds=("divergence",), title="A kernel does not raise the divergence")
def data_processing(lifted: Lifted) -> Outcome:
    """Decide the data processing inequality."""
    found = processing_witness.attempt(lifted)
    if found:
        return found
    found = by_csiszar.attempt(lifted, "data_processing")
    if not found:
        return undecided(
            "No kernel that raises the divergence was found, and no theorem applies.", reason="no theorem applies"
        )
    k = lifted.n_classes or 0
    other = next((size for size in range(2, k + 2) if size != k and not same_divergence(lifted, size)), None)
    if other is None:
        return found.with_(domain=f"{found.domain}, and kernels to L = 2, ..., {k + 1} classes")
    return undecided(
        f"Kernels from {k} to {k} classes do not raise it, but for {other} classes the code is not shown to be the "
        "same divergence.",
        reason="depends on the number of classes",
    )


def same_divergence(lifted: Lifted, size: int) -> bool:
    """Whether the code read for ``size`` classes is an f-divergence with the same f and the same outer function."""
    if lifted.resized is None:
        return False
    try:
        resized = lifted.resized(size)
    except Unsupported:
        return False
    mine = {(f, phi) for _, f, phi in by_csiszar.readings(lifted)}
    return any((f, phi) in mine for _, f, phi in by_csiszar.readings(resized))
