"""The class sum of cross-entropies of clipped scores. Rule ``class_sum_clipped``."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from losscheck.certificate import q
from losscheck.engines.numeric import evaluate
from losscheck.expr.graph import topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.question import number
from losscheck.verdict import Outcome

FAR = 2.0**10


def attempt(lifted: Lifted) -> Outcome | None:
    """Enclose the range, or None where no norm of the scores is clipped."""
    if not any(n.op == "pow" and abs(n.value) == Fraction(1, 2) for n in topological(lifted.roots)):
        return None
    k = len(lifted.variables)
    far = {x: np.array(FAR if i == 0 else 0.0) for i, x in enumerate(lifted.variables)}
    values = [float(v) for v in evaluate(lifted.roots, far)]
    radius = values[1] - values[0]
    if not np.isfinite(radius) or not 0 < radius < FAR:
        return None
    for exact in dict.fromkeys((number(float(np.round(radius, 9))), Fraction(radius).limit_denominator(1000))):
        for form in ("min", "max"):
            proof = {"rule": "class_sum_clipped", "radius": q(exact), "form": form, "a": q(k), "c": "0"}
            found = prove(lifted, "class_sum_bounds", proof, message="")
            if found:
                low, high = found.value
                return found.with_(
                    message=f"Scores are clipped to a ball of radius {exact}; there the losses of all classes add up "
                    f"to between {low:.9g} and {high:.9g}."
                )
    return None
