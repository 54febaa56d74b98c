r"""Forward correction recovers: fitting noisy labels through the noise finds the clean probabilities.

Noise turns label y into j with probability ``transition[y][j]``, T, so the clean law p becomes :math:`T^\top p`. The
corrected loss of a report q is :math:`\ell(T^\top q, \tilde y)`; of scores z it is
:math:`\ell(\log(T^\top \mathrm{softmax}(z)), \tilde y)`. Its minimisers under the noisy law must be the clean p:

* probabilities: q = p is the only minimiser over the closed simplex, for every p;
* logits: every minimising sequence has softmax(z_n) -> p, for every interior p.

Answers:

* ``proved``: T is invertible, checked exactly, and the loss is strictly proper, or recovers probabilities by softmax,
  is continuous and depends on differences of scores only.
* ``refuted``: T is singular: two clean laws with one noisy law.

References: G. Patrini, A. Rozza, A. K. Menon, R. Nock, L. Qu (2017), Making deep neural networks robust to label noise:
a loss correction approach.
"""

from __future__ import annotations

from typing import Any

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import noise_corrections
from losscheck.verdict import Outcome, not_applicable, undecided

KINDS = ("probability", "logits", "simplex")


@theory(kinds=KINDS, title="The forward-corrected loss finds the clean probabilities", required=("transition",))
def forward_recovers(lifted: Lifted, transition: Any) -> Outcome:
    """Decide whether forward correction recovers the clean law."""
    rows = [list(row) for row in transition]
    wrong = noise_corrections.wrong(lifted, rows)
    if wrong:
        return not_applicable(wrong, reason="no transition", params={"transition": rows})
    return noise_corrections.forward(lifted, rows) or undecided(
        "The loss is not shown to recover probabilities.", reason="no theorem applies", params={"transition": rows}
    )
