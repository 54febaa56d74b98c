"""The transformation T of a loss of two classes by certified infima of one score (rule ``h_transform_two_sided``)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from losscheck.certificate import q
from losscheck.engines.binary_risk import flipped
from losscheck.engines.breakpoints import breakpoints, merge
from losscheck.engines.one_score import minimisers
from losscheck.expr.build import const, mul, substitute, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome
from losscheck.verifier.hypothesis_set import hypotheses

TOLERANCES = (Fraction(1, 10**10), Fraction(1, 10**8), Fraction(1, 10**6))
HALF = Fraction(1, 2)


def right_side(lifted: Lifted) -> tuple[Expr, Fraction] | None:
    """The loss of a score x of the right sign, and how far x goes compared with a score; None for more classes."""
    x = var("x")
    if lifted.kind == "margin":
        return substitute([lifted.roots[0]], {var("v"): x})[0], Fraction(1)
    if lifted.kind in ("binary", "signed"):
        return substitute([lifted.roots[1]], {var("z"): x})[0], Fraction(1)
    if lifted.kind == "logits" and lifted.n_classes == 2:
        first, second = (var(z) for z in lifted.variables)
        halves = {first: mul(const(HALF), x), second: mul(const(-HALF), x)}
        return substitute([lifted.roots[0]], halves)[0], Fraction(2)
    return None


def proofs(lifted: Lifted, text: str, ts: Sequence[float], tolerance: Fraction) -> list[dict[str, Any]]:
    """Proposals, the one that takes the least A as the worst point first."""
    found = right_side(lifted)
    if found is None:
        return []
    f, scale = found
    f = chosen([f], choices([f])[0])[0]
    g = flipped(f, "x")
    hints = merge(h for root in (f, g) for h in breakpoints(root, "x"))
    over = hypotheses(text)
    exact = [Fraction(repr(t)) for t in ts]
    etas = [(1 + t) / 2 for t in exact] + [(1 - t) / 2 for t in exact]
    ends = [None] if over.least is None or over.most is None else [scale * over.least, scale * over.most]
    sets = [{"points": [q(x) for x in minimisers(f, g, "x", etas, a, hints)], "tolerance": q(tolerance)} for a in ends]
    proof = {
        "rule": "h_transform_two_sided", "hypotheses": text, "t": list(ts),
        "breaks": hints, "worst": "least", "sets": sets[:1],
    }  # fmt: skip
    return [proof] if len(sets) == 1 else [proof, {**proof, "worst": "either", "sets": sets}]


def h_transform_two_sided(lifted: Lifted, text: str, ts: Sequence[float]) -> Outcome | None:
    """Enclose T at every t, or return None."""
    for tolerance in TOLERANCES:
        for proof in proofs(lifted, text, ts, tolerance):
            found = prove(lifted, "h_transform", proof, message="T encloses the least regret at each t, by boxes.")
            if found:
                return found
    return None
