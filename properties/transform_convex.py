r"""Whether the transformation T of H-consistency is convex: then T is the best bound, otherwise its biconjugate is.

.. math:: T(\lambda s + (1 - \lambda) t) \le \lambda T(s) + (1 - \lambda) T(t) \quad\text{on } [0, 1]

Ask with ``hypotheses`` as for `h_transform`.

* ``proved``: by the shape of the loss, or by a formula of T.
* ``refuted``: enclosures of T at three zero-one regrets contradict it.

References: P. Bartlett, M. Jordan, J. McAuliffe (2006), Convexity, classification, and risk bounds; P. Awasthi, A. Mao,
M. Mohri, Y. Zhong (2022), H-consistency bounds for surrogate loss minimizers.
"""

from __future__ import annotations

from losscheck.kinds import SCORED
from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import transform_convex as search
from losscheck.verdict import Outcome, undecided


@theory(
    kinds=SCORED,
    title="Convexity of the transformation T",
    required=("hypotheses",),
)
def transform_convex(lifted: Lifted, hypotheses: str = "All") -> Outcome:
    """Decide."""
    found = search.transform_convex(lifted, hypotheses)
    return found or undecided("Whether T is convex was not decided.", reason="no theorem applies")
