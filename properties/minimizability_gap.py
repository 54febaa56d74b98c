r"""The minimizability gap of a distribution: how far a hypothesis set is from the least conditional risks.

.. math:: M_\ell(H) = \inf_{h \in H} E\, \ell(h(X), Y) - E_X \inf_{h \in H} E[\ell(h(X), Y) \mid X]

Ask with points ``x`` (lists of features), their weights ``px`` and rows ``p`` of conditional probabilities in the order
of the labels (margin: negative, positive). ``hypotheses``: ``"Linear(inf, inf)"``, all linear functions with a bias per
class; sets that choose their scores at every point alone, ``"All"`` and ``"Bounded(L)"``, have the gap 0.

* ``proved``: an enclosure no wider than 1e-7: from above at some parameters, from below by a dual.
* ``undecided``: the bounds found are wider (losses that are not convex, of more than two scores at points that span the
  others: from below only 0), or there are none.

References: A. Mao, M. Mohri, Y. Zhong (2023), Cross-entropy loss functions: theoretical analysis and applications.
"""

from __future__ import annotations

from dataclasses import replace

from losscheck.kinds import SCORED
from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import minimizability_gap as search
from losscheck.verdict import Outcome, Verdict, undecided


@theory(
    kinds=SCORED,
    title="The minimizability gap of a distribution",
    params={"hypotheses": "Linear(inf, inf)"},
    required=("x", "px", "p"),
)
def minimizability_gap(
    lifted: Lifted,
    x: list[list[float]] | None = None,
    px: list[float] | None = None,
    p: list[list[float]] | None = None,
    hypotheses: str = "Linear(inf, inf)",
) -> Outcome:
    """Enclose the gap.

    Raises
    ------
    ValueError
        When the distribution is none.
    """
    found = search.minimizability_gap(lifted, {"x": x, "px": px, "p": p, "hypotheses": hypotheses})
    if found is None:
        return undecided("No bounds of the gap were found.", reason="no theorem applies")
    if found.value is None:
        return replace(found, verdict=Verdict.UNDECIDED, message="Bounds of the gap, wider than 1e-7.")
    return found
