r"""H-consistency: scores whose surrogate regret tends to 0 have a zero-one regret that tends to 0.

.. math:: T(t) > 0 \text{ for every } t > 0

with T the transformation of `h_transform`, over the conditional risks of the scores of a hypothesis set, ``hypotheses``
as there. Where the least risk is -infinity, read: no scores of zero-one regret t have risks that tend to it.

* ``proved``: T grows at least like a power; or two classes, all scores and calibration.
* ``refuted``: a distribution at which some wrong scores approach the least risk.

References: P. Long, R. Servedio (2013), Consistency versus realizable H-consistency for multiclass classification; P.
Awasthi, A. Mao, M. Mohri, Y. Zhong (2022), H-consistency bounds for surrogate loss minimizers.
"""

from __future__ import annotations

from losscheck.kinds import SCORED
from losscheck.lifting.lifted import Lifted
from losscheck.properties.classification_calibrated import classification_calibrated
from losscheck.property import theory
from losscheck.theorems import h_consistent as search
from losscheck.verdict import Outcome, undecided


@theory(
    kinds=SCORED,
    title="H-consistency",
    params={"hypotheses": "All"},
)
def h_consistent(lifted: Lifted, hypotheses: str = "All") -> Outcome:
    """Decide over the hypothesis set."""
    calibrated = classification_calibrated(lifted) if hypotheses == "All" else None
    found = search.h_consistent(lifted, hypotheses, calibrated)
    return found or undecided("H-consistency was not decided.", reason="no theorem applies")
