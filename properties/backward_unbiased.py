r"""Backward correction is unbiased: some corrected loss has the clean loss for its mean under label noise.

Noise turns label y into j with probability ``transition[y][j]``, T. The question is whether there is a loss m with

.. math:: E_{\tilde y \sim T_y}\, m(z, \tilde y) = \sum_j T_{yj}\, m(z, j) = \ell(z, y) \quad\text{for all } z, y.

* ``proved``: T is invertible, checked exactly, and :math:`m = T^{-1} \ell` is one. It may be negative, or not bounded
  below, where the loss is not.
* ``refuted``: T is singular, and a rational score at which the losses do not satisfy the relation that T imposes.

References: N. Natarajan, I. S. Dhillon, P. Ravikumar, A. Tewari (2013), Learning with noisy labels; G. Patrini,
A. Rozza, A. K. Menon, R. Nock, L. Qu (2017), Making deep neural networks robust to label noise: a loss correction
approach.
"""

from __future__ import annotations

from typing import Any

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import noise_corrections
from losscheck.verdict import Outcome, not_applicable, undecided

KINDS = ("margin", "binary", "signed", "probability", "logits", "simplex")


@theory(kinds=KINDS, title="The backward-corrected loss has the clean loss for its mean", required=("transition",))
def backward_unbiased(lifted: Lifted, transition: Any) -> Outcome:
    """Decide whether an unbiased correction exists."""
    rows = [list(row) for row in transition]
    wrong = noise_corrections.wrong(lifted, rows)
    if wrong:
        return not_applicable(wrong, reason="no transition", params={"transition": rows})
    return noise_corrections.backward(lifted, rows) or undecided(
        "The transition is singular, and no score was found at which the losses break its relation.",
        reason="no theorem applies",
        params={"transition": rows},
    )
