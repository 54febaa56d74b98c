r"""Top-k calibrated: driving the surrogate risk to its infimum finds the k most probable classes.

For every p of the closed simplex without a tie at the k-th place, with T its k largest entries,

.. math:: \inf_{z:\; z_i \le z_j \text{ for some } i \in T,\, j \notin T} C_p(z) > \inf_z C_p(z)

Ask with ``{"k": 2}``; k = 1 is ``classification_calibrated``.

* ``proved``: piecewise linear losses by exact linear programmes over finitely many vertices; smooth equivariant losses
  that order every pair of classes; phi(softmax_y) with phi strictly decreasing and infinite, or infinitely steep, at 0.
* ``refuted``: an exact p with a wrong score, or a ray of wrong scores, that reaches the infimum (mean absolute error:
  its risk is lowest where all probability is on one class).

References: M. Lapin, M. Hein, B. Schiele (2016), Loss functions for top-k error; F. Yang, S. Koyejo (2020), On the
consistency of top-k surrogate losses; J. Finocchiaro, R. Frongillo, E. Goodwill, A. Thilagar (2022), Consistent
polyhedral surrogates for top-k classification.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import topk
from losscheck.verdict import Outcome, not_applicable, undecided


@theory(kinds=("logits",), title="Minimising the loss finds the k most probable classes", required=("k",))
def topk_calibrated(lifted: Lifted, k: int) -> Outcome:
    """Decide top-k calibration."""
    n = len(lifted.variables)
    if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k < n:
        return not_applicable(f"k={k!r} is no number of classes from 1 to {n - 1}.", reason="no top k to ask about")
    return topk.attempt(lifted, k) or undecided(
        "No theorem about the top k applies to this loss, and no distribution was found that refutes it.",
        reason="no theorem applies", params={"k": k},
    )  # fmt: skip
