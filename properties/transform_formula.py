r"""T of H-consistency as a formula of t, by exact algebra.

.. math:: T(t) = \inf \{ C_\ell(h, x) - C^*_\ell(H, x) : \text{zero-one regret } t \text{ at } x \}
   \quad\text{for all } 0 \le t \le 1

The value is a text in t: ``t**2 if t <= 1/2 else t - 1/4``, with ``sqrt exp log tanh atan``; it holds inside each
piece, and in the limit at 0, 1 and where pieces meet. Ask with ``hypotheses`` as for `h_transform`. Formulas are never
fitted: a certificate names where conditional risks are least (a number, or a formula at which a derivative vanishes
identically), and the verifier checks that the loss makes these places least and the formula their regret.

* ``proved``: the formula. For losses of two classes that are convex or whose sides add up to a constant, and for
  functions of softmax that are concave, or convex with ties that are worst at 1/2, and for continuous piecewise linear
  losses of three to five classes (sum, max and constrained hinges): rational and affine piece by piece.
* ``undecided``: no formula was found; most losses have none.

References: P. Awasthi, A. Mao, M. Mohri, Y. Zhong (2022), H-consistency bounds for surrogate loss minimizers; A. Mao,
M. Mohri, Y. Zhong (2023), Cross-entropy loss functions: theoretical analysis and applications.
"""

from __future__ import annotations

from losscheck.kinds import SCORED
from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import transform_formula as search
from losscheck.verdict import Outcome, undecided


@theory(
    kinds=SCORED,
    title="A formula of the transformation T",
    required=("hypotheses",),
)
def transform_formula(lifted: Lifted, hypotheses: str = "All") -> Outcome:
    """Find the formula."""
    found = search.transform_formula(lifted, hypotheses)
    return found or undecided("No formula of the transformation was found.", reason="no theorem applies")
