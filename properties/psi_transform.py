r"""The psi-transform: the best convex link between surrogate and zero-one regret.

.. math:: \psi = \tilde\psi^{**}, \qquad \tilde\psi(\theta) = H^-(\tfrac{1+\theta}{2}) - H(\tfrac{1+\theta}{2})

with H the least conditional risk and H^- the least one on the wrong side (a score of 0 is wrong). Every classifier's
zero-one regret r satisfies ``psi(r) <= surrogate regret``. Ask with ``{"theta": 0.3}`` or ``{"theta": [0.1, 0.3]}``.

* ``proved``: an enclosure no wider than 1e-7: from above T = psi-tilde itself, from below a line under it. Infinite at
  every theta where T is infinite from a smaller one on.
* ``undecided``: the bounds found are wider, or there are none.

References: P. Bartlett, M. Jordan, J. McAuliffe (2006), Convexity, classification, and risk bounds.
"""

from __future__ import annotations

from dataclasses import replace

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems.psi_transform_infinite import psi_transform_infinite
from losscheck.theorems.psi_transform_two_sided import psi_transform_two_sided
from losscheck.verdict import Outcome, Verdict, undecided


@theory(kinds=("margin", "binary", "signed"), title="The psi-transform", required=("theta",))
def psi_transform(lifted: Lifted, theta: float | list[float] = 0.5) -> Outcome:
    """Enclose psi at theta."""
    found = psi_transform_infinite(lifted, theta) or psi_transform_two_sided(lifted, theta)
    if found is None:
        return undecided("no bounds of the psi-transform were found")
    if found.value is None:
        return replace(found, verdict=Verdict.UNDECIDED, message="Bounds of the psi-transform, wider than 1e-7.")
    return found
