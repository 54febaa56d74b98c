r"""Gamma of H-consistency at a surrogate regret u: the largest zero-one regret that u allows.

.. math:: \Gamma(u) = \max \{ t : T^{**}(t) \le u \}

with T** the biconjugate of the transformation T: the zero-one regret is at most Gamma of the surrogate regret, with the
minimizability gaps on both sides, and for no smaller function. Ask with ``{"u": 0.1}`` and ``hypotheses`` as for
`h_transform`.

* ``proved``: an enclosure no wider than 1e-7.
* ``undecided``: wider bounds (T is not known to be convex, so that only the lower one is), or none.

References: P. Bartlett, M. Jordan, J. McAuliffe (2006), Convexity, classification, and risk bounds; P. Awasthi, A. Mao,
M. Mohri, Y. Zhong (2022), H-consistency bounds for surrogate loss minimizers.
"""

from __future__ import annotations

from dataclasses import replace

from losscheck.kinds import SCORED
from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import h_gamma as search
from losscheck.verdict import Outcome, Verdict, undecided


@theory(
    kinds=SCORED,
    title="The largest zero-one regret at a surrogate regret",
    params={"hypotheses": "All"},
    required=("u",),
)
def h_gamma(lifted: Lifted, u: float = 0.1, hypotheses: str = "All") -> Outcome:
    """Enclose Gamma(u).

    Raises
    ------
    ValueError
        When u is negative or not finite.
    """
    if not 0 <= u < float("inf"):
        raise ValueError(f"u={u!r} is no surrogate regret; give a number >= 0")
    found = search.h_gamma(lifted, u, hypotheses)
    if found is None:
        return undecided("No bounds of Gamma were found.", reason="no theorem applies")
    if found.value is None:
        return replace(found, verdict=Verdict.UNDECIDED, message="Bounds of Gamma, wider than 1e-7.")
    return found
