r"""Noise tolerant: minimising the risk under label noise minimises the clean risk.

For every distribution and **every** hypothesis class, each minimiser of the noisy risk is one of the clean risk.

* ``model="uniform"``: a label is replaced by each other one with probability :math:`\text{rate} / (K-1)`; without a
  rate, every rate below :math:`1 - 1/K` is meant.
* ``model="class_conditional"``: ``transition[y][j]`` is the probability that label y is read as j.
* ``model="order"``: uniform noise below :math:`1 - 1/K` preserves the order of all risks (no rate).
* ``model="separable"``: class-conditional noise on sure labels. The label is a function of the point, scores are free,
  and the question is whether minimising sequences of the noisy risk predict the label. The value is the class they
  predict for each label.

Answers:

* ``proved``: the losses of all labels add up to a constant, so that noisy risk is an increasing affine function of
  clean risk; more generally, noise multiplies every loss by one positive factor and adds a constant. Separable: the
  loss is calibrated and every label is the most probable noisy one.
* ``refuted``: a distribution on one or two points and two hypotheses f, g, with exact scores: f has the larger clean
  risk and a noisy risk no larger than that of g.

References: A. Ghosh, N. Manwani, P. S. Sastry (2015), Making risk minimization tolerant to label noise;
B. van Rooyen, A. Menon, R. Williamson (2015), Learning with symmetric label noise: the importance of being unhinged;
A. Ghosh, H. Kumar, P. S. Sastry (2017), Robust loss functions under label noise for deep neural networks.
"""

from __future__ import annotations

from typing import Any

from losscheck.kinds import SCORED
from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import noise
from losscheck.verdict import Outcome, not_applicable, undecided

DEFAULTS = {"model": "uniform", "rate": None, "transition": None}


@theory(kinds=SCORED, title="Label noise does not move the minimisers of the risk", params=DEFAULTS)
def noise_tolerant(
    lifted: Lifted, model: str = "uniform", rate: float | None = None, transition: Any = None
) -> Outcome:
    """Decide tolerance to label noise.

    Raises
    ------
    ValueError
        When the model is none of those above.
    """
    if model not in ("uniform", "class_conditional", "order", "separable"):
        raise ValueError(f"model={model!r} is not known; models: 'uniform', 'class_conditional', 'order', 'separable'")
    k = len(lifted.roots) if lifted.kind != "margin" else 2
    rows = [list(row) for row in transition] if transition is not None else None
    params = {"model": model, "rate": rate, "transition": rows}
    wrong = misuse(k, model, rate, rows)
    if wrong:
        return not_applicable(wrong, reason="no noise to ask about", params=params)
    return noise.tolerant(lifted, params) or undecided(
        "The loss is shown neither symmetric nor, for separable labels, calibrated; no risks were seen reversed.",
        reason="no theorem applies", params=params,
    )  # fmt: skip


def misuse(k: int, model: str, rate: float | None, transition: Any) -> str | None:
    """What is wrong with the parameters of a question."""
    if model in ("class_conditional", "separable"):
        if rate is not None or transition is None:
            return "Class-conditional noise is given by transition=, one row per label, and no rate."
        if len(transition) != k or any(len(row) != k for row in transition):
            return f"transition is no {k} x {k} matrix."
        if not all(min(row) >= 0 and abs(sum(row) - 1) <= 1e-9 for row in transition):  # NaN too
            return "A row of transition is no distribution; give numbers >= 0 of sum 1."
        return None
    if transition is not None or (model == "order" and rate is not None):
        return f"model={model!r} takes no transition" + (" and no rate." if model == "order" else ".")
    if rate is not None and not 0 <= rate <= 1:
        return f"rate={rate!r} is no probability; give a number in [0, 1]."
    return None
