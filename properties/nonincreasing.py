r"""Nonincreasing: a larger margin never costs more.

.. math:: u \le v \implies \varphi(u) \ge \varphi(v)

* ``proved``: the derivative is nowhere positive on finitely many analytic pieces, and no cut between them steps up
  (the value at a cut included).
* ``refuted``: rational margins u < v with certified phi(u) < phi(v), for every choice of the float constants.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import nonincreasing_by_pieces
from losscheck.verdict import Outcome, undecided


@theory(kinds=("margin",), title="The loss never increases with the margin")
def nonincreasing(lifted: Lifted) -> Outcome:
    """Decide monotonicity."""
    return (
        nonincreasing_by_pieces.attempt(lifted)
        or nonincreasing_by_pieces.refuted(lifted)
        or undecided("No increase was found, and none is excluded.", reason="no theorem applies")
    )
