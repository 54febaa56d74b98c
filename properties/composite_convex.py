r"""Convex through a link: the loss of a reported probability is convex in the score that reports it.

.. math:: z \mapsto \ell(F(z), y) \text{ is convex for both labels}, \qquad F = \text{the inverse of the link}

with F the logistic function (``"logit"``), the normal distribution function (``"probit"``),
:math:`1/2 + \arctan(z)/\pi` (``"cauchit"``), :math:`1 - e^{-e^z}` (``"cloglog"``) or the identity on (0, 1).

* ``proved``: the second derivative in the score is nonnegative on finitely many analytic pieces, written as
  :math:`\ell'' g + \ell' g'` with :math:`F' = g(F)`; continuity and ordered slopes between the pieces.
* ``refuted``: a report at which it is certified to be negative, or a breakpoint with a jump or a falling slope.

References: M. D. Reid, R. C. Williamson (2010), Composite binary losses; A. Buja, W. Stuetzle, Y. Shen (2005), Loss
functions for binary class probability estimation and classification.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import composite_convex as composites
from losscheck.verdict import Outcome, undecided

LINKS = ("logit", "probit", "cauchit", "cloglog", "identity")


@theory(kinds=("probability",), title="Convex in the score through a link", params={"link": "logit"})
def composite_convex(lifted: Lifted, link: str = "logit") -> Outcome:
    """Decide convexity of the composite.

    Raises
    ------
    ValueError
        When the link is none of those above.
    """
    if link not in LINKS:
        raise ValueError(f"link={link!r} is not a link that is known here; links: {', '.join(map(repr, LINKS))}")
    return composites.attempt(lifted, link) or undecided(
        "The curvature along the score was not shown to keep its sign.", reason="no theorem applies",
        params={"link": link},
    )  # fmt: skip
