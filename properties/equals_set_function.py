r"""Equals a set function: on binary vectors the loss is 1 - Jaccard or 1 - Dice.

.. math:: \ell(1_A, 1_B) = 1 - \frac{|A \cap B|}{|A \cup B|}
          \quad\text{or}\quad 1 - \frac{2 |A \cap B|}{|A| + |B|}, \qquad 0 \text{ for } A = B = \emptyset.

* ``proved``: exactly so at all pairs of subsets of the M elements for which the loss was read.
* ``refuted``: a pair with a certified other value, for every choice of the float constants within 2 ulp.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import set_loss
from losscheck.verdict import Outcome, undecided


@theory(kinds=("set",), title="1 - Jaccard or 1 - Dice on binary vectors", params={"which": "jaccard"})
def equals_set_function(lifted: Lifted, which: str = "jaccard") -> Outcome:
    """Decide the agreement on binary vectors."""
    if which not in ("jaccard", "dice"):
        raise ValueError(f"which={which!r} is no set function; give 'jaccard' or 'dice'")
    return set_loss.equals_set_function(lifted, which) or undecided(
        "Some value is not known exactly, or there are too many subsets.", reason="values not known exactly"
    )
