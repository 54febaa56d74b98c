"""Nonnegative losses of one softmax probability each. Rule ``nonnegative_comp_sum``."""

from __future__ import annotations

from losscheck.certificate import graph_json, q
from losscheck.engines.breakpoints import breakpoints
from losscheck.expr.constants import choices, chosen
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.calibrated_comp_sum import scales
from losscheck.theorems.in_probabilities import on_curve, read
from losscheck.verdict import Outcome


def nonnegative_comp_sum(lifted: Lifted) -> Outcome | None:
    """Prove that ``l_y = a_y(softmax(alpha z)_y)`` is nonnegative, or return None."""
    for choice in choices(lifted.roots):
        roots = chosen(lifted.roots, choice)
        for alpha in scales(roots):
            found = [read(on_curve(lifted.variables, y, alpha), root, ["s"]) for y, root in enumerate(roots)]
            own = [a for a in found if a is not None]
            if len(own) < len(found):
                continue
            own = own[:1] if len(set(own)) == 1 else own
            proof = {
                "rule": "nonnegative_comp_sum", "alpha": q(alpha), "own": [graph_json([a]) for a in own],
                "breaks": [breakpoints(a, "s", "unit") for a in own],
            }  # fmt: skip
            message = f"Each loss is a function of one probability, which is nowhere negative: {own[0]}."
            if made := prove(lifted, "nonnegative", proof, message=message):
                return made
    return None
