r"""Classification calibrated: driving the surrogate risk to its infimum drives the error to its infimum.

Binary, with :math:`C_\eta = \eta\,\ell(\cdot, 1) + (1-\eta)\,\ell(\cdot, 0)` and margin 0 counted as wrong:

.. math:: \inf_{z (2\eta - 1) \le 0} C_\eta(z) > \inf_z C_\eta(z) \quad \text{for every } \eta \ne 1/2

Several labels (Hamming loss): for every law of the label vectors, the infimum of the conditional risk over the scores
with a wrong sign (0 is wrong) for some label with :math:`\eta_i \ne 1/2` exceeds its infimum. Soft labels: the law's
mean takes the place of p below.

Multiclass: for every p with a unique top class, the infimum of the conditional risk over the scores for which some
other class has a maximal score exceeds its infimum. Infima may be unattained, or minus infinity.

* ``proved``: convex with the right slopes at 0, a link that is 0 at 1/2, or a witness that beats each wrong score for a
  whole range of eta (its mirror image, often); K classes: theorems on the graph.
* ``refuted``: an eta (a distribution) at which a wrong score, or a limit of wrong scores, is as good as any other.

Losses of several labels are proved calibrated where they are a sum of one binary loss per label, refuted by a law of
label vectors; those of soft labels are answered where they are linear in the label.

References: P. L. Bartlett, M. I. Jordan, J. D. McAuliffe (2006), Convexity, classification, and risk bounds;
C. Scott (2012), Calibrated asymmetric surrogate losses; A. Tewari, P. L. Bartlett (2007), On the consistency of
multiclass classification methods; W. Gao, Z.-H. Zhou (2013), On the consistency of multi-label learning.
"""

from __future__ import annotations

from functools import lru_cache

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import (
    by_reduction,
    calibrated_bottomless,
    calibrated_by_comparison,
    calibrated_by_link,
    calibrated_convex,
    calibrated_symmetric,
    miscalibrated_by_comparison,
    miscalibrated_labels,
)
from losscheck.theorems.calibrated_logits import calibrated
from losscheck.verdict import Outcome, undecided

OTHERWISE = {
    "soft": "The loss is not shown to be linear in the soft label, with hard labels that decide it.",
    "multilabel": "The loss is not shown to be a sum over the labels whose parts decide it.",
}
KINDS = ("margin", "binary", "signed", "logits", "soft", "multilabel")


@theory(kinds=KINDS, title="Minimising the loss finds the most probable class")
@lru_cache(maxsize=16)  # H-consistency asks for it too
def classification_calibrated(lifted: Lifted) -> Outcome:
    """Decide calibration."""
    if lifted.kind == "logits":
        return calibrated(lifted)
    if lifted.kind in ("soft", "multilabel"):
        made = by_reduction.attempt(lifted, "classification_calibrated", classification_calibrated)
        if made is None and lifted.kind == "multilabel":
            made = miscalibrated_labels.unheard(lifted, "classification_calibrated")
            made = made or miscalibrated_labels.by_law(lifted)
        return made or undecided(OTHERWISE[lifted.kind], reason="no theorem applies")
    return (
        calibrated_convex.attempt(lifted)
        or calibrated_symmetric.attempt(lifted)
        or calibrated_bottomless.attempt(lifted)
        or calibrated_by_link.attempt(lifted)
        or calibrated_by_comparison.attempt(lifted)
        or miscalibrated_by_comparison.refuted(lifted)
        or undecided(
            "No witness beats all wrong scores, and no eta was found at which a wrong score is best.",
            reason="no theorem applies",
        )
    )
