"""No recovery of probabilities when the two sides add up to a constant or are equal."""

from __future__ import annotations

from losscheck.engines.binary_risk import points, side_hints, sides, values
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.verdict import Outcome


def refuted(lifted: Lifted) -> Outcome | None:
    """All eta > 1/2 share one set of minimisers, because of an identity of the two sides, or None."""
    name, pair = lifted.variables[0], sides(lifted)
    hints = side_hints(pair, name, balls=True)
    near = points(hints)
    one, zero = values(pair, name, near[abs(near) < 30])
    for even, n in ((False, one + zero), (True, one - zero)):
        if not abs(n - (0 if even else n[0])).max() <= 1e-9 * (1 + abs(one).max()):
            continue
        proof = {"rule": "unrecoverable_by_symmetry", "even": even, "breaks": hints}
        what = "are equal" if even else "add up to a constant"
        found = refute(
            lifted, "recovers_probability", proof, witness={"eta": ["3/5", "4/5"]},
            message=f"The losses of the two labels {what}, so all eta > 1/2 have the same minimisers, or none.",
        )  # fmt: skip
        if found:
            return found
    return None
