r"""The rate of uniform label noise at which the order of risks turns.

For a symmetric loss :math:`R_{\text{noisy}}(f) = \bigl(1 - \tfrac{\rho K}{K-1}\bigr) R(f) + \text{const}`, so the slope
changes its sign at :math:`\rho = 1 - 1/K`: risks keep their order below and are reversed above.

* ``proved``: 1 - 1/K, for a loss that is shown to be symmetric and not constant.
* ``not_applicable``: the loss is not symmetric, so noisy risk is no function of clean risk.

References: A. Ghosh, H. Kumar, P. S. Sastry (2017), Robust loss functions under label noise for deep neural networks.
"""

from __future__ import annotations

from losscheck.kinds import SCORED
from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import noise, symmetric_by_identity
from losscheck.verdict import Outcome, not_applicable, undecided


@theory(kinds=SCORED, title="The rate of uniform noise that reverses all risks")
def uniform_noise_threshold(lifted: Lifted) -> Outcome:
    """Find the threshold of a symmetric loss."""
    found = noise.threshold(lifted)
    if found:
        return found
    broken = symmetric_by_identity.refuted(lifted)
    if broken:
        return not_applicable(
            f"The loss is not symmetric, so noisy risk is no function of clean risk. {broken.message}",
            reason="not symmetric",
        )
    return undecided("The loss is not shown to be symmetric and to vary.", reason="no identity found")
