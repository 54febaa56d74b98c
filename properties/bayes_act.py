r"""The Bayes act: the report with the least conditional risk at a given truth.

The unique minimiser of :math:`q \mapsto \sum_y p_y \ell(q, y)` over the closed simplex. Ask as for ``bayes_risk``; with
eta the answer is the reported probability of the label 1, with p one number per class. Of a regression loss ask
``("bayes_act", {"y": [...], "w": [...]})``: the only minimiser of :math:`a \mapsto \sum_i w_i \ell(a, y_i)`.

* ``proved``: an enclosure no wider than 1e-7 and uniqueness: the truth where the loss is strictly proper, otherwise by
  the sign of the slope of the risk.
* ``supported``: the best report found by descent.
* ``not_applicable``: several reports have the least risk.

References: P. D. Grunwald, A. P. Dawid (2004), Game theory, maximum entropy, minimum discrepancy and robust Bayesian
decision theory.
"""

from __future__ import annotations

from typing import Any

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import act_of_law, bayes
from losscheck.verdict import Outcome


@theory(
    kinds=("probability", "simplex", "regression"), title="The report with the least conditional risk at a truth",
    one_of=("eta", "p", "y"), optional=("w",),
)  # fmt: skip
def bayes_act(lifted: Lifted, eta: Any = None, p: Any = None, y: Any = None, w: Any = None) -> Outcome:
    """Enclose the Bayes act.

    Raises
    ------
    ValueError
        When a law of a regression label lacks its atoms or its weights.
    """
    if lifted.kind == "regression":
        if not isinstance(y, list | tuple) or not isinstance(w, list | tuple):
            raise ValueError(f"bayes_act of a regression loss needs the lists y= and w= of a law, not y={y!r}, w={w!r}")
        return act_of_law.answer(lifted, list(y), list(w))
    return bayes.answer(lifted, "bayes_act", {"p": p} if eta is None else {"eta": eta})
