r"""Dispersion bound: how large an output a map can give when its scores are bounded.

.. math:: \sup\{ s_i(z) : z \in [\text{low}, \text{high}]^K,\ i = 1, \dots, K \}

For softmax it is :math:`e^d / (e^d + K - 1)`, d = high - low: with bounded scores no output stays away from 0 as K
grows, so attention to many entries disperses.

* ``proved``: the number, enclosed within 1e-7, by monotonicity in every score, or by certified boxes.

References: P. Velickovic, C. Perivolaropoulos, F. Barbero, R. Pascanu (2024), softmax is not enough (for sharp
out-of-distribution).
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import map_peak
from losscheck.verdict import Outcome, not_applicable, undecided


@theory(kinds=("map",), title="The largest output for bounded scores", required=("low", "high"))
def dispersion_bound(lifted: Lifted, low: float, high: float) -> Outcome:
    """Enclose the largest output."""
    params = {"low": low, "high": high}
    if not low < high:
        return not_applicable(f"low={low!r}, high={high!r}; give low < high", reason="an empty cube", params=params)
    return map_peak.attempt(lifted, params) or undecided(
        "The largest output was not enclosed.", reason="no theorem applies", params=params
    )
