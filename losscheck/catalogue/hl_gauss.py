r"""HL-Gauss: cross-entropy to a Gaussian histogram around the target.

.. math:: -\sum_k q_k \log\mathrm{softmax}(z)_k, \qquad
          q_k \propto \Phi\left(\tfrac{e_{k+1} - y}{\sigma}\right) - \Phi\left(\tfrac{e_k - y}{\sigma}\right)

The histogram's mean is not y: bins and ends pull it (the two-hot target's is).
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import erf, log_softmax
from losscheck.catalogue.entry import Parameter, Study, entry


def histogram_target(y: Any, bins: int, ratio: float) -> Any:
    """Return the histogram of N(y, sigma) over [-1, 1], shape (N,) -> (N, bins), with sigma = ratio bin widths."""
    xp = array_namespace(y)
    width = 2 / bins
    edges = xp.astype(xp.arange(bins + 1), y.dtype)[None, :] * width - 1
    below = erf((edges - y[:, None]) / (2**0.5 * ratio * width))
    return (below[:, 1:] - below[:, :-1]) / (below[:, -1:] - below[:, :1])


@entry(
    kind="embedding",
    signature="z:(N,K):real y:(N,):[-1,1]",
    title="HL-Gauss",
    family="regression by classes",
    formula=r"-\sum_k q_k\log\mathrm{softmax}(z)_k",
    parameters={"ratio": Parameter(0.75, "(0, inf)", "the Gaussian's deviation over the width of a bin")},
    studies=(
        Study(
            "the histogram sums to 1, and its mean differs from y", "Imani, White, 2018", "tests/studies/test_bins.py"
        ),
    ),
    hazards=("0/0 for targets so far out of range that no bin has mass",),
    references=(
        "Imani, White, Improving regression performance with distributional losses, ICML 2018",
        "Farebrother et al., Stop regressing: training value functions via classification, ICML 2024",
    ),
)
def hl_gauss(z: Any, y: Any, ratio: float = 0.75) -> Any:
    """Cross-entropy to the histogram (S042)."""
    target = histogram_target(y, z.shape[1], ratio)
    return -array_namespace(z).sum(target * log_softmax(z), axis=1)
