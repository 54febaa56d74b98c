r"""A bound of what uniform label noise costs, from the range of the sum of the losses.

With :math:`a \le \sum_y \ell(z, y) \le b`, noise of rate :math:`\rho < 1 - 1/K`, and minimisers :math:`f^*, f_\rho` of
the clean and the noisy risk over any hypothesis class, for every distribution for which the risks are finite:

.. math:: R(f_\rho) - R(f^*) \le \frac{\rho (b - a)}{K - 1 - \rho K}, \qquad
    R_\rho(f^*) - R_\rho(f_\rho) \le \frac{\rho (b - a)}{K - 1}.

The value is the first number (``side="clean"``) or the second (``"noisy"``); 0 for a symmetric loss.

* ``proved``: the number, enclosed within 1e-7, or infinite where the sum is unbounded: then there is no bound of this
  kind.

References: A. Ghosh, H. Kumar, P. S. Sastry (2017), Robust loss functions under label noise for deep neural networks;
Z. Zhang, M. Sabuncu (2018), Generalized cross entropy loss for training deep neural networks with noisy labels.
"""

from __future__ import annotations

from losscheck.kinds import SCORED
from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import noise_excess_risk
from losscheck.verdict import Outcome, not_applicable, undecided


@theory(
    kinds=SCORED, title="What uniform label noise costs at most", params={"side": "clean"}, required=("rate",)
)  # fmt: skip
def noise_excess_risk_bound(lifted: Lifted, rate: float, side: str = "clean") -> Outcome:
    """Enclose the bound.

    Raises
    ------
    ValueError
        When the side is neither clean nor noisy.
    """
    if side not in ("clean", "noisy"):
        raise ValueError(f"side={side!r} is not known; give 'clean' or 'noisy'")
    params, k = {"rate": rate, "side": side}, 2 if lifted.n_classes is None else lifted.n_classes
    if not 0 <= rate < 1 - 1 / k:
        return not_applicable(
            f"rate={rate!r}; the bound needs a rate in [0, 1 - 1/K), here K = {k}.",
            reason="no such rate",
            params=params,
        )
    return noise_excess_risk.attempt(lifted, params) or undecided(
        "The range of the sum of the losses was not enclosed.", reason="no theorem applies", params=params
    )
