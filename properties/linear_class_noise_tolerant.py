r"""Linear classes tolerate label noise: flipping labels does not change how often the linear minimiser errs.

Labels are flipped with one probability ``rate`` < 1/2, scores are :math:`w^\top x` without bias, and
:math:`F(w) = E\,\ell(w^\top x, y) + \tfrac{\text{ridge}}{2} |w|^2` (no ridge unless one is given). For every
distribution of finite support each minimiser of the noisy risk has the 0-1 error (a score of 0 is wrong) of some
minimiser of the clean risk; where there are none, the late members of minimising sequences are meant. Without a rate
every rate below 1/2 is meant. With ``gamma`` the question is about the distribution of Long and Servedio alone: the
points :math:`(1, 0), (\gamma, 5\gamma), (\gamma, -\gamma), (\gamma, -\gamma)`, all positive, of weight 1/4 each.

* ``proved``: the loss is symmetric, or quadratic (the noisy minimisers are multiples of the clean ones); with
  ``gamma``: both errors are certified and equal.
* ``refuted``: a distribution of four points, the place of the noisy minimiser and its larger error, certified by
  convexity. Every convex potential has one (Long and Servedio). Losses of any other shape: two points of the line on
  which noise turns the minimiser round.

The value, with ``gamma``: the noisy minimiser and its error, ``[w_1, w_2, error]``, when it is unique.

References: P. M. Long, R. A. Servedio (2010), Random classification noise defeats all convex potential boosters;
N. Manwani, P. S. Sastry (2013), Noise tolerance under risk minimization; B. van Rooyen, A. Menon, R. Williamson (2015),
Learning with symmetric label noise: the importance of being unhinged.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import linear_noise, linear_noise_on_line
from losscheck.verdict import Outcome, not_applicable, undecided

PARAMS = {"rate": None, "gamma": None, "ridge": None}


@theory(kinds=("margin", "binary", "signed"), title="Label noise does not spoil linear classifiers", params=PARAMS)
def linear_class_noise_tolerant(
    lifted: Lifted, rate: float | None = None, gamma: float | None = None, ridge: float | None = None
) -> Outcome:
    """Decide tolerance of linear classes."""
    params = {"rate": rate, "gamma": gamma, "ridge": ridge}
    if rate is not None and not 0 <= rate < 0.5:
        return not_applicable(f"rate={rate!r}; give a rate in [0, 1/2)", reason="no rate of noise", params=params)
    if (gamma is not None and not gamma > 0) or not (ridge is None or ridge >= 0):
        return not_applicable(
            f"gamma={gamma!r}, ridge={ridge!r}; give a gamma above 0 and a ridge of at least 0",
            reason="no such distribution", params=params,
        )  # fmt: skip
    first, second = linear_noise.by_scaling, linear_noise.on_points
    if gamma is not None:  # the certified numbers say more
        first, second = second, first
    return (
        linear_noise.solved(lifted, params)
        or first(lifted, params)
        or second(lifted, params)
        or linear_noise_on_line.attempt(lifted, params)
        or undecided(
            "The loss is neither symmetric nor quadratic, and no distribution was shown to break it.",
            reason="no theorem applies",
            params=params,
        )
    )
