r"""Elicits: the functional minimises the expected loss, for every law of finite support on the loss's domain.

.. math:: \mathbb{E}\,\ell(T(F), Y) \le \mathbb{E}\,\ell(a, Y)
   \quad\text{for all reports } a \text{ and all laws } F \text{ of } Y

``functional`` is "mean", "median", "quantile" or "expectile"; the last two need ``level`` in (0, 1). Where a law has
several quantiles, each of them must be a minimiser. Other minimisers are allowed (a constant loss elicits everything).
Where observations are counts (``y:(N,):count``) the laws are those of counts; where yhat is positive too, those whose
functional is positive.

* ``proved``: the slope in yhat is, on both sides of yhat = y, one nonnegative function of yhat times the functional's
  own identification function, and the loss is continuous across.
* ``refuted``: a law with rational atoms and weights, and a report that is certified to be better, for every choice of
  the float constants within 2 ulp.

References: L. J. Savage (1971), Elicitation of personal probabilities and expectations; W. K. Newey, J. L. Powell
(1987), Asymmetric least squares estimation and testing; T. Gneiting (2011), Making and evaluating point forecasts.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import apart_from_labels, elicits_witness
from losscheck.theorems import elicits as by_slopes
from losscheck.verdict import Outcome, undecided

WITHOUT, WITH = ("mean", "median"), ("quantile", "expectile")


@theory(
    kinds=("regression",), title="The functional minimises the expected loss", params={"level": None},
    required=("functional",),
)  # fmt: skip
def elicits(lifted: Lifted, functional: str, level: float | None = None) -> Outcome:
    """Decide whether a functional is elicited.

    Raises
    ------
    ValueError
        When the functional is not known, or the level is missing, superfluous or not in (0, 1).
    """
    if functional not in (*WITHOUT, *WITH):
        raise ValueError(f"functional={functional!r} is not known; functionals: {', '.join((*WITHOUT, *WITH))}")
    if (level is None) != (functional in WITHOUT) or (level is not None and not 0 < level < 1):
        raise ValueError(
            f"level={level!r} with functional={functional!r}; quantiles and expectiles take a level in (0, 1)"
        )
    return (
        by_slopes.attempt(lifted, functional, level)
        or elicits_witness.attempt(lifted, functional, level)
        or apart_from_labels.attempt(lifted, "elicits", lambda rest: by_slopes.attempt(rest, functional, level))
        or undecided(
            "No law was found at which another report is better, and no rule shows that there is none.",
            reason="no theorem applies", params={"functional": functional, "level": level},
        )
    )  # fmt: skip
