r"""Balanced calibrated: driving the surrogate risk to its infimum finds the class with the largest p / prior.

For every p of the closed simplex in which one class t alone maximises :math:`p_i / \pi_i`,

.. math:: \inf_{z:\; z_j = \max z \text{ for some } j \ne t} C_p(z) > \inf_z C_p(z)

This is consistency for the balanced error, with :math:`\pi` the class priors. Ask with ``{"prior": [0.6, 0.3, 0.1]}``.

* ``proved``: after adding log priors to the scores the loss is a strictly proper score of their softmax (logit-adjusted
  cross-entropy); a float constant of the code may be read as the exact logarithm of a prior, which the finding names.
* ``refuted``: an exact p whose minimiser ranks another class first.

References: A. Menon, S. Jayasumana, A. Rawat, H. Jain, A. Veit, S. Kumar (2021), Long-tail learning via logit
adjustment.
"""

from __future__ import annotations

from typing import Any

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import balanced
from losscheck.theorems.question import numbers
from losscheck.verdict import Outcome, not_applicable, undecided


@theory(kinds=("logits",), title="Minimising the loss finds the class of largest p / prior", required=("prior",))
def balanced_calibrated(lifted: Lifted, prior: Any) -> Outcome:
    """Decide calibration for the balanced error."""
    given, n = list(prior) if isinstance(prior, list | tuple) else [], len(lifted.variables)
    try:
        exact = numbers(given)
    except ValueError as error:
        return not_applicable(f"prior: {error}.", reason="no prior to ask about")
    if len(exact) != n or min(exact) <= 0:
        return not_applicable(
            f"prior={prior!r} is no prior; give {n} positive numbers.", reason="no prior to ask about"
        )
    return balanced.attempt(lifted, given, exact) or undecided(
        "The loss is not shown to recover p from its scores shifted by log priors.",
        reason="no theorem applies", params={"prior": given},
    )  # fmt: skip
