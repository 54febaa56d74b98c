r"""Strictly proper: only the truth is optimal.

A loss of a reported probability is *strictly proper* if for every truth ``p`` of the closed simplex the report q = p is
the only minimiser of the conditional risk ``L(p, q) = sum of p_y l(q, y)``. Conventions are those of ``proper``.

* ``proved``: as for ``proper``, with a weight that is positive apart from isolated points (two classes), or a strictly
  concave Bayes risk, faces of the simplex included.
* ``refuted``: with an exact truth p and a report q != p whose risk is certified to be no larger.

References: T. Gneiting and A. E. Raftery (2007), Strictly proper scoring rules, prediction, and estimation.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.properties.proper import proper
from losscheck.property import theory
from losscheck.theorems import by_parts
from losscheck.theorems.improper_by_witness import attempt as by_witness
from losscheck.theorems.proper_by_pieces import attempt as by_pieces
from losscheck.theorems.proper_by_stationarity import attempt as by_stationarity
from losscheck.verdict import Outcome, undecided


@theory(kinds=("probability", "simplex"), title="The truth is the only minimiser of the conditional risk")
def strictly_proper(lifted: Lifted) -> Outcome:
    """Decide strict properness."""
    for attempt in (by_witness, by_pieces, by_stationarity):
        found = attempt(lifted, strict=True)
        if found:
            return found
    return by_parts.attempt(lifted, "strictly_proper", [strictly_proper], proper) or undecided(
        "No report does as well as the truth in the search, and no proof of strict properness was found.",
        reason="no theorem applies",
    )
