"""T of losses of the margin to the largest rival, by infima of one score (rule ``h_transform_max``)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from losscheck.certificate import graph_json, q
from losscheck.engines.binary_risk import flipped
from losscheck.engines.breakpoints import breakpoints, merge
from losscheck.engines.one_score import minimisers
from losscheck.expr.build import ZERO, substitute, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.h_transform_two_sided import TOLERANCES
from losscheck.verdict import Outcome
from losscheck.verifier.hypothesis_set import hypotheses

MESSAGE = "T is a difference of two least risks of one margin, enclosed by boxes."


def profile(lifted: Lifted) -> Expr:
    """The loss of the first class where all rivals have the score 0."""
    own, *rivals = (var(z) for z in lifted.variables)
    return substitute([lifted.roots[0]], {own: var("x"), **dict.fromkeys(rivals, ZERO)})[0]


def h_transform_max(lifted: Lifted, text: str, ts: Sequence[float]) -> Outcome | None:
    """Enclose T at every t, or return None."""
    several = len(lifted.variables) > 2
    if lifted.kind != "logits" or (several and not any(n.op in ("max", "min") for n in topological(lifted.roots))):
        return None
    k, over, phi = len(lifted.variables), hypotheses(text), profile(lifted)
    read = chosen([phi], choices([phi])[0])[0]
    other = flipped(read, "x")
    hints = merge(h for root in (read, other) for h in breakpoints(root, "x"))
    exact = [Fraction(repr(t)) for t in ts]
    tops = [max(t, (1 + t) / k) for t in exact]
    reach = None if over.least is None else 2 * over.least
    etas = tops + [a - t for a, t in zip(tops, exact, strict=True)]
    points = minimisers(read, other, "x", etas, reach, hints)
    for tolerance in TOLERANCES:
        proof = {
            "rule": "h_transform_max", "hypotheses": text, "t": list(ts), "own": graph_json([phi]), "breaks": hints,
            "slope_breaks": breakpoints(read, "x"),
            "infima": {"points": [q(x) for x in points], "tolerance": q(tolerance)},
        }  # fmt: skip
        found = prove(lifted, "h_transform", proof, message=MESSAGE)
        if found:
            return found
    return None
