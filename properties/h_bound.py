r"""A claimed bound of the zero-one regret by the surrogate regret, minimizability gaps included on both sides.

.. math:: R_{01}(h) - R^*_{01}(H) + M_{01}(H) \le \Gamma\big(R_\ell(h) - R^*_\ell(H) + M_\ell(H)\big)

for every distribution and every h of the hypothesis set. Ask with ``{"gamma": "sqrt(2*u)"}``, a formula of u (or t) in
``+ - * / **``, ``sqrt``, ``exp``, ``log``, ``abs``, ``tanh``, ``min``, ``max``; and ``hypotheses`` as for
`h_transform`.

* ``proved``: Gamma is continuous and does not fall, ``Gamma(T(t)) >= t`` on all of [0, 1] for a formula of T (or of the
  regret of scores near the best ones, a lower bound of T), and T is convex or Gamma concave.
* ``refuted``: with a distribution of one point; its zero-one regret t exceeds Gamma on all of [0, T(t)].
* ``supported``: ``Gamma(T(t)) >= t`` at t = 0.05, 0.1, ..., 1 by the lower ends of enclosures, up to a relative 1e-6.
* ``undecided``: T is not known well enough on that grid.

References: P. Awasthi, A. Mao, M. Mohri, Y. Zhong (2022), H-consistency bounds for surrogate loss minimizers.
"""

from __future__ import annotations

from losscheck.kinds import SCORED
from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems.h_bound import h_bound as search
from losscheck.verdict import Outcome


@theory(
    kinds=SCORED,
    title="A claimed H-consistency bound",
    params={"hypotheses": "All"},
    required=("gamma",),
)
def h_bound(lifted: Lifted, gamma: str = "u", hypotheses: str = "All") -> Outcome:
    """Look for a regret at which the bound fails.

    Raises
    ------
    ValueError
        When gamma is no formula.
    """
    return search(lifted, gamma, hypotheses)
