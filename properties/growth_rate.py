r"""The growth rate of T at 0: the exponent of the best power bound of the zero-one regret.

.. math:: c\, t^r \le T(t) \text{ on } [0, 1], \qquad T(t) \le C\, t^r \text{ for small } t

so the zero-one regret is at most about the surrogate regret to the power 1/r, gaps included. ``hypotheses`` as for
`h_transform`.

* ``proved``: the rate: 2 for convex losses smooth and curved at 0 (at the tie 1/2, for functions of softmax), 1 for
  losses that are affine there.
* ``undecided``: no theorem applies.

References: A. Mao, M. Mohri, Y. Zhong (2024), A universal growth rate for learning with smooth surrogate losses; R.
Frongillo, B. Waggoner (2021), Surrogate regret bounds for polyhedral losses.
"""

from __future__ import annotations

from losscheck.kinds import SCORED
from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import growth_rate as search
from losscheck.verdict import Outcome, undecided


@theory(
    kinds=SCORED,
    title="Growth rate of the transformation T",
    params={"hypotheses": "All"},
)
def growth_rate(lifted: Lifted, hypotheses: str = "All") -> Outcome:
    """Find the rate."""
    found = search.growth_rate(lifted, hypotheses)
    return found or undecided("The growth rate was not decided.", reason="no theorem applies")
