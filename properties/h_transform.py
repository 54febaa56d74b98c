r"""The transformation T of H-consistency: the least surrogate regret at a given zero-one regret.

.. math:: T(t) = \inf \{ C_\ell(h, x) - C^*_\ell(H, x) : \text{zero-one regret } t \text{ at } x \}

Where T is convex with T(0) = 0, ``T(zero-one regret + gap) <= surrogate regret + gap`` is the best bound that holds for
every distribution, with the minimizability gaps of both losses. Ask with ``{"t": 0.3}`` or ``{"t": [0.1, 0.3]}``, and
``hypotheses``: ``"All"``, ``"All(sum_to_zero)"``, ``"Linear(W, B)"``, ``"ReLU(Lambda, W, B)"`` or ``"Bounded(L)"`` with
rational numbers, ``"Linear(1, 1/2)"``.

* ``proved``: an enclosure no wider than 1e-7; infinite where the least risk is -infinity and wrong scores stay away.
* ``undecided``: the bounds found are wider, or there are none.

References: P. Awasthi, A. Mao, M. Mohri, Y. Zhong (2022), H-consistency bounds for surrogate loss minimizers.
"""

from __future__ import annotations

from dataclasses import replace

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import h_transform as search
from losscheck.verdict import Outcome, Verdict, undecided


@theory(
    kinds=("margin", "binary", "signed", "logits"),
    title="The transformation T of H-consistency",
    params={"hypotheses": "All"},
    required=("t",),
)
def h_transform(lifted: Lifted, t: float | list[float] = 0.5, hypotheses: str = "All") -> Outcome:
    """Enclose T at t."""
    found = search.h_transform(lifted, hypotheses, t if isinstance(t, list) else [t])
    answer = None if found is None else search.joined(lifted, [found], t)
    if answer is None:
        return undecided("no bounds of the transformation were found")
    if answer.value is None:
        return replace(answer, verdict=Verdict.UNDECIDED, message="Bounds of the transformation, wider than 1e-7.")
    return answer
