r"""Proper: telling the truth is optimal.

A loss of a reported probability ``q`` is *proper* if for every truth ``p`` of the closed simplex the report q = p
minimises the conditional risk

.. math:: L(p, q) = \sum_y p_y\, \ell(q, y), \qquad L(p, p) \le L(p, q) \text{ for all } q.

Losses may be infinite at the boundary; where the formula is undefined at a boundary point its limit counts. A constant
loss is proper.

* ``proved``: by the weight on every piece and the jumps between pieces (two classes), or by Savage's representation:
  stationarity as an exact identity and concavity of the Bayes risk; piecewise constant losses by exact comparison of
  all cells.
* ``refuted``: with an exact truth p and a report q whose risk is certified to be lower, for every choice of the float
  constants within 2 ulp.

References: L. J. Savage (1971), Elicitation of personal probabilities and expectations; T. Gneiting and
A. E. Raftery (2007), Strictly proper scoring rules, prediction, and estimation; A. Buja, W. Stuetzle and Y. Shen
(2005), Loss functions for binary class probability estimation and classification.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import by_parts
from losscheck.theorems.improper_by_witness import attempt as by_witness
from losscheck.theorems.proper_by_cells import attempt as by_cells
from losscheck.theorems.proper_by_pieces import attempt as by_pieces
from losscheck.theorems.proper_by_stationarity import attempt as by_stationarity
from losscheck.verdict import Outcome, undecided


@theory(kinds=("probability", "simplex"), title="The truth minimises the conditional risk")
def proper(lifted: Lifted) -> Outcome:
    """Decide properness."""
    for attempt in (by_witness, by_pieces, by_stationarity, by_cells):
        found = attempt(lifted, strict=False)
        if found:
            return found
    return by_parts.attempt(lifted, "proper", [proper]) or undecided(
        "No report beats the truth in the search, and no proof of properness was found.", reason="no theorem applies"
    )
