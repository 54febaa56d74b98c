r"""Homogeneous degree: the k with :math:`\ell(c\,\hat y, c\,y) = c^k\,\ell(\hat y, y)` for all c > 0.

* ``proved`` with a value: the identity holds on the whole domain, and the loss is not zero. With the value None: no k
  fits, because doubling both arguments multiplies the loss by different factors at two rational points.

A homogeneous loss ranks forecasts alike in every unit; degree 0 means that it only sees relative errors.

Of losses with rows of vectors (kind ``embedding``) all floating arguments are multiplied by c.

References: A. J. Patton (2011), Volatility forecast comparison using imperfect volatility proxies; T. Gneiting (2011),
Making and evaluating point forecasts.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import homogeneous_degree as by_scaling
from losscheck.theorems import rows_homogeneous
from losscheck.verdict import Outcome, undecided


@theory(kinds=("regression", "embedding"), title="Degree of homogeneity in all arguments")
def homogeneous_degree(lifted: Lifted) -> Outcome:
    """Find the degree, or show that there is none."""
    if lifted.kind == "embedding":
        return rows_homogeneous.answer(lifted)
    return by_scaling.attempt(lifted) or undecided("No degree was shown or excluded.", reason="no theorem applies")
