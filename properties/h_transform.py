r"""The transformation T of H-consistency: the least surrogate regret at a given zero-one regret.

.. math:: T(t) = \inf \{ C_\ell(h, x) - C^*_\ell(H, x) : \text{zero-one regret } t \text{ at } x \}

Where T is convex with T(0) = 0, ``T(zero-one regret + gap) <= surrogate regret + gap`` is the best bound that holds for
every distribution, with the minimizability gaps of both losses. Ask with ``{"t": 0.3}`` or ``{"t": [0.1, 0.3]}``, and
``hypotheses``: ``"All"``, ``"All(sum_to_zero)"``, ``"Linear(W, B)"``, ``"ReLU(Lambda, W, B)"`` or ``"Bounded(L)"`` with
rational numbers, ``"Linear(1, 1/2)"``.

* ``proved``: an enclosure no wider than 1e-7; infinite where the least risk is -infinity and wrong scores stay away.
* ``supported``: asked with ``"certified": False``, the values a search in floats finds, many regrets at once.
* ``undecided``: the bounds found are wider, or there are none.

References: P. Awasthi, A. Mao, M. Mohri, Y. Zhong (2022), H-consistency bounds for surrogate loss minimizers.
"""

from __future__ import annotations

from dataclasses import replace

from losscheck.kinds import SCORED
from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import h_transform as search
from losscheck.theorems.transform_estimate import transform_estimate
from losscheck.verdict import Outcome, Verdict, supported, undecided


@theory(
    kinds=SCORED,
    title="The transformation T of H-consistency",
    params={"hypotheses": "All"},
    required=("t",),
    optional=("certified",),
)
def h_transform(
    lifted: Lifted, t: float | list[float] = 0.5, hypotheses: str = "All", certified: bool = True
) -> Outcome:
    """Enclose T at t, or estimate it."""
    ts = t if isinstance(t, list) else [t]
    if not certified:
        return estimated(lifted, ts, hypotheses, many=isinstance(t, list))
    found = search.h_transform(lifted, hypotheses, ts)
    answer = None if found is None else search.joined(lifted, [found], t)
    if answer is None:
        return undecided("no bounds of the transformation were found")
    if answer.value is None:
        return replace(answer, verdict=Verdict.UNDECIDED, message="Bounds of the transformation, wider than 1e-7.")
    return answer


def estimated(lifted: Lifted, ts: list[float], hypotheses: str, *, many: bool) -> Outcome:
    """The values of T that a search finds."""
    found = transform_estimate(lifted, hypotheses, ts)
    if found is None:
        return undecided("no search fits a loss of this form", reason="no search fits")
    message = "These are the least regrets that a search in floats found: upper estimates, without certificates."
    value = found.tolist() if many else float(found[0])
    return supported(
        message, value=value, params={"t": ts if many else ts[0], "hypotheses": hypotheses, "certified": False}
    )
