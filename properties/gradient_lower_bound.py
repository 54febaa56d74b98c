r"""Gradient lower bound: the loss pulls the label's score up at least as strongly as a reference loss.

.. math:: -\frac{\partial \ell(z, y)}{\partial z_y} \ge -\frac{\partial \ell_{\text{ref}}(z, y)}{\partial z_y}
    \qquad \text{for all } z, y.

References are ``"cross_entropy"``, of pull :math:`1 - s_y`, and ``"mae"``, the loss :math:`1 - s_y` of pull
:math:`s_y (1 - s_y)`, with s = softmax(z). A sum of a loss and a passive one (normalised, polynomial, active-passive
losses) keeps at least the pull of its parts.

* ``proved``: the difference of both pulls is, by an exact identity, a function of softmax(z) that is nonnegative.
* ``refuted``: a small box on which the pull is less, for every choice of the float constants.

References: X. Ma, H. Huang, Y. Wang, S. Romano, S. Erfani, J. Bailey (2020), Normalized loss functions for deep
learning with noisy labels; Z. Leng et al. (2022), PolyLoss: a polynomial expansion perspective of classification loss
functions.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import derivative_witness, gradient_pull
from losscheck.verdict import Outcome, undecided

REFERENCES = ("cross_entropy", "mae")


@theory(kinds=("logits",), title="The label's score is pulled at least as strongly", required=("reference",))
def gradient_lower_bound(lifted: Lifted, reference: str) -> Outcome:
    """Decide whether the pull is at least that of the reference.

    Raises
    ------
    ValueError
        When the reference is none of those above.
    """
    if reference not in REFERENCES:
        raise ValueError(f"reference={reference!r} is not known; references: {', '.join(map(repr, REFERENCES))}")
    return (
        derivative_witness.less_pull(lifted, reference)
        or gradient_pull.attempt(lifted, reference)
        or undecided(
            "No score was found where the pull is less, and none was excluded.",
            reason="no theorem applies",
            params={"reference": reference},
        )
    )
