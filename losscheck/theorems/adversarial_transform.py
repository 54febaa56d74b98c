"""T of worst cases over balls of inputs (rule ``adversarial_transform``)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from losscheck.certificate import q
from losscheck.engines.binary_risk import flipped
from losscheck.engines.breakpoints import breakpoints, merge
from losscheck.engines.one_score import minimisers
from losscheck.expr.constants import choices, chosen
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.h_transform_two_sided import HALF, TOLERANCES, right_side
from losscheck.verdict import Outcome
from losscheck.verifier.hypothesis_set import hypotheses

MESSAGE = "T is the smaller of the least regrets of scores that are wrong and of scores that change sign in the ball."


def adversarial_transform(lifted: Lifted, text: str, t: float | Sequence[float]) -> Outcome | None:
    """Enclose T at every t, or return None."""
    side = right_side(lifted)
    if side is None:
        return None
    f = chosen([side[0]], choices([side[0]])[0])[0]
    g = flipped(f, "x")
    hints = merge(h for root in (f, g) for h in breakpoints(root, "x"))
    exact = [Fraction(repr(x)) for x in ([t] if isinstance(t, float | int) else t)]
    levels = [(1 + x) / 2 for x in exact] + [max(x, HALF) for x in exact] + [(1 - x) / 2 for x in exact]
    least = hypotheses(text).least
    points = minimisers(f, g, "x", levels, None if least is None else side[1] * least, hints)
    for tolerance in TOLERANCES:
        proof = {
            "rule": "adversarial_transform", "hypotheses": text, "t": t, "breaks": hints,
            "slope_breaks": breakpoints(f, "x"),
            "infima": {"points": [q(x) for x in points], "tolerance": q(tolerance)},
        }  # fmt: skip
        found = prove(lifted, "adversarial_transform", proof, message=MESSAGE)
        if found:
            return found
    return None
