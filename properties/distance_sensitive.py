r"""Distance sensitive: probability far from the outcome costs more than probability close to it.

For ordered classes: moving mass t > 0 from a class j to a class k farther from the label y on the same side
(:math:`y < j < k` or :math:`k < j < y`) raises the loss,

.. math:: \ell(p + t(e_k - e_j), y) > \ell(p, y)

wherever both are finite. The ranked probability score is; the logarithmic and the Brier score are not.

* ``proved``: the slope along every such move is positive where both classes have mass, by the signs of its terms.
* ``refuted``: two exact reports, one move apart, with a loss that does not rise.

References: E. S. Epstein (1969), A scoring system for probability forecasts of ranked categories; A. H. Murphy (1970),
The ranked probability score and the probability score: a comparison; C.-A. S. Stael von Holstein (1970), A family of
strictly proper scoring rules which are sensitive to distance.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import distance_sensitive as distances
from losscheck.verdict import Outcome, not_applicable, undecided


@theory(kinds=("simplex",), title="Probability far from the outcome costs more than close to it")
def distance_sensitive(lifted: Lifted) -> Outcome:
    """Decide distance sensitivity."""
    if len(lifted.variables) < 3:
        return not_applicable("With two classes no class is farther from the label than another on its side.")
    return (
        distances.refuted(lifted)
        or distances.proved(lifted)
        or undecided("No move of mass lowers the loss in the search, and no slope was shown positive.", reason="open")
    )
