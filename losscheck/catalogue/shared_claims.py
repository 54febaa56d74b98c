"""Claims that many losses share, for one reason."""

from __future__ import annotations

from losscheck.catalogue.entry import Claim

BARTLETT = "Bartlett, Jordan, McAuliffe, 2006, Theorem 2"

CALIBRATED = Claim("classification_calibrated", True, BARTLETT)
"""Of convex margin losses with a negative slope at 0."""

NOT_CONVEX = Claim("convex", False, "bounded and not constant")
OF_SOFTMAX = Claim("shift_invariant", True, "a function of softmax(z)")
OF_GAPS = Claim("shift_invariant", True, "a function of score gaps")
OFFSET_CANCELS = Claim("shift_invariant", True, "an offset cancels")
OFFSET_STAYS = Claim("shift_invariant", False, "derived: an offset does not cancel")
ORDER_KEPT = Claim("order_preserving", True, "each entry rises with its own score")
OWN_SUM = Claim("simplex_valued", True, "a quotient by its own sum")
"""Of maps of scores whose entries are divided by what they add up to."""
