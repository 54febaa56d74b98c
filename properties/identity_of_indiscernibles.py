r"""Identity of indiscernibles: the divergence is 0 for equal distributions, and only for them.

.. math:: d(p, q) = 0 \iff p = q

on the open simplex.

* ``proved``: an f-divergence with f strictly convex at 1 under a function that vanishes at f(1) only, or a definite
  function of p - q.
* ``refuted``: a rational pair: equal vectors with a certified value apart from 0, or different ones with exactly 0.

Reference: F. Liese, I. Vajda (2006), On divergences and informations in statistics and information theory.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.properties.nonnegative import nonnegative
from losscheck.property import theory
from losscheck.theorems import by_cosine, by_csiszar, by_difference, by_entries, by_outer, by_parts, pair_witness
from losscheck.verdict import Outcome, undecided


@theory(kinds=("divergence",), title="Zero exactly for equal arguments")
def identity_of_indiscernibles(lifted: Lifted) -> Outcome:
    """Decide the identity."""
    return (
        pair_witness.indiscernible(lifted, "identity_of_indiscernibles")
        or by_csiszar.attempt(lifted, "identity_of_indiscernibles")
        or by_difference.attempt(lifted, "identity_of_indiscernibles")
        or by_cosine.attempt(lifted, "identity_of_indiscernibles")
        or by_csiszar.homogeneous(lifted, "identity_of_indiscernibles")
        or by_entries.attempt(lifted, "identity_of_indiscernibles")
        or by_outer.attempt(lifted, "identity_of_indiscernibles")
        or by_parts.attempt(lifted, "identity_of_indiscernibles", [identity_of_indiscernibles, nonnegative])
        or undecided("No pair that breaks it was found, and no theorem applies.", reason="no theorem applies")
    )
