r"""The exp-concavity constant of a loss of a reported probability.

.. math:: \alpha = \max\Bigl(0,\; \inf_{p, y} \frac{\ell''(p, y)}{\ell'(p, y)^2}\Bigr)

the largest number for which all :math:`e^{-\alpha \ell(p, y)}` are concave in p. Online learning has logarithmic regret
when it is positive.

* ``proved``: an enclosure within 1e-7: a bound on every piece, and a point or limit that attains it; 0 where the loss
  is not convex or bends too little.

References: J. Kivinen, M. K. Warmuth (1999), Averaging expert predictions; E. Hazan, A. Agarwal, S. Kale (2007),
Logarithmic regret algorithms for online convex optimization.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import mixability
from losscheck.verdict import Outcome, undecided


@theory(kinds=("probability",), title="The largest a for which exp(-a loss) is concave in the report")
def exp_concavity_constant(lifted: Lifted) -> Outcome:
    """Enclose the exp-concavity constant."""
    return mixability.exp_concavity(lifted) or undecided(
        "The ratio of curvature and squared slope was not enclosed.", reason="no bound was shown"
    )
