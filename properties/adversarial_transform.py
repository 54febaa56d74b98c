r"""The transformation T under perturbed inputs: the least surrogate regret at an adversarial zero-one regret of t.

.. math:: \tilde\ell(h, x, y) = \sup_{|x' - x| \le \gamma} \phi(y\, h(x')), \qquad
   \ell_\gamma(h, x, y) = \sup_{|x' - x| \le \gamma} 1[y\, h(x') \le 0]

T(t) is the infimum of the conditional regret of the first over the points, conditional probabilities and h of a
hypothesis set whose regret of the second is at least t. For a phi that does not increase it is the same for every
perturbation gamma > 0. Ask with ``{"t": 0.3}`` or ``{"t": [0.1, 0.3]}`` and ``hypotheses`` as for `h_transform`.

* ``proved``: an enclosure no wider than 1e-7.
* ``undecided``: no bounds were found; phi may increase somewhere.

References: P. Awasthi, A. Mao, M. Mohri, Y. Zhong (2022), H-consistency bounds for surrogate loss minimizers.
"""

from __future__ import annotations

from dataclasses import replace

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import adversarial_transform as search
from losscheck.verdict import Outcome, Verdict, undecided


@theory(
    kinds=("margin", "binary", "signed"),
    title="The transformation T under perturbed inputs",
    params={"hypotheses": "All"},
    required=("t",),
)
def adversarial_transform(lifted: Lifted, t: float | list[float] = 0.5, hypotheses: str = "All") -> Outcome:
    """Enclose T at t."""
    found = search.adversarial_transform(lifted, hypotheses, t)
    if found is None:
        return undecided("no bounds of the transformation were found")
    if found.value is None:
        return replace(found, verdict=Verdict.UNDECIDED, message="Bounds of the transformation, wider than 1e-7.")
    return found
