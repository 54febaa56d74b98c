r"""Transports a phi(c v) of margin losses whose T is known in closed form, for all or for bounded scores.

For scores of size at most L the least risks are those of phi for scores of size A = c L (Awasthi, Mao, Mohri, Zhong,
2022). A constant C and a rate r with :math:`T(t) \ge a\,t^r / C` make a bound that holds; half of C makes one that does
not.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.identifier import identifier
from tests.quality.families.drawn import Drawn, V, margin, weights

TWO = Fraction(2)


@dataclass(frozen=True)
class Known:
    """One phi: T for |v| <= A, the constant C and the rate r of T(t) >= t^r / C, the greatest slope and curvature."""

    phi: Callable[[Expr], Expr]
    least: Callable[[float, float], float]
    constant: str
    rate: int
    slope: float
    bend: float


def _logistic(t: float, size: float) -> float:
    up, down = (1 + t) / 2, (1 - t) / 2
    if t <= math.tanh(size / 2):
        return math.log(2) + up * math.log(up) + (down * math.log(down) if down else 0)
    return math.log(2) - up * math.log1p(math.exp(-size)) - down * math.log1p(math.exp(size))


def _exponential(t: float, size: float) -> float:
    if t <= math.tanh(size):
        return 1 - math.sqrt(1 - t * t)
    return 1 - (1 + t) / 2 * math.exp(-size) - (1 - t) / 2 * math.exp(size)


def _square(t: float, size: float) -> float:
    return t * t if t <= size else 2 * size * t - size * size


def _positive(v: Expr) -> Expr:
    return b.maximum([b.ZERO, b.sub(b.ONE, v)])


KNOWN = {
    "hinge": Known(_positive, lambda t, size: min(size, 1) * t, "1", 1, 1, math.inf),
    "squared hinge": Known(lambda v: b.power(_positive(v), TWO), _square, "1", 2, math.inf, 2),
    "square": Known(lambda v: b.power(b.sub(b.ONE, v), TWO), _square, "1", 2, math.inf, 2),
    "logistic": Known(lambda v: b.lse([b.ZERO, b.neg(v)]), _logistic, "2", 2, 1, 0.25),
    "exponential": Known(lambda v: b.exp(b.neg(v)), _exponential, "2", 2, math.inf, math.inf),
    "sigmoid": Known(
        lambda v: b.exp(b.neg(b.lse([b.ZERO, v]))),
        lambda t, size: math.tanh(size / 2) / 2 * t,
        "2", 1, 0.25, 1 / (6 * math.sqrt(3)),
    ),
    "ramp": Known(
        lambda v: b.minimum([b.ONE, b.scale(1 / TWO, _positive(v))]),
        lambda t, size: min(size, 1) / 2 * t,
        "2", 1, 0.5, math.inf,
    ),
    "capped hinge": Known(
        lambda v: b.minimum([b.ONE, _positive(v)]), lambda t, size: min(size, 1) * t, "1", 1, 1, math.inf
    ),
}  # fmt: skip


def inverse(known: Known, u: float) -> float:
    """The largest t in [0, 1] with T(t) <= u, by bisection: T is convex and rises from 0."""
    low, high = 0.0, 1.0
    if known.least(1.0, math.inf) <= u:
        return 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if known.least(middle, math.inf) <= u else (low, middle)
    return low


def residual(px: list[Fraction], p: list[Fraction]) -> Fraction:
    """The least mean square of 2 p - 1 - (w x + b) over w and b, for x = -1, 0, 1 with px symmetric."""
    m = [2 * x - 1 for x in p]
    mean = sum((w * y for w, y in zip(px, m, strict=True)), Fraction(0))
    slope = (m[2] - m[0]) / 2
    return sum((w * (y - mean - slope * x) ** 2 for w, y, x in zip(px, m, (-1, 0, 1), strict=True)), Fraction(0))


@st.composite
def transformed(draw: Any) -> Drawn:
    """One transported loss."""
    name = draw(st.sampled_from(sorted(KNOWN)))
    known, a, c = KNOWN[name], draw(weights), draw(weights)
    t, cap = draw(st.sampled_from([0.25, 0.5, 0.75])), draw(st.sampled_from([Fraction(1, 4), Fraction(1), Fraction(3)]))
    u = float(a) * draw(st.sampled_from([0.03125, 0.125, 0.25]))
    phi = b.scale(a, known.phi(b.scale(c, V)))
    if draw(st.integers(0, 4)) == 0:
        turned = b.substitute([phi], {V: b.neg(V)})[0]
        hopeless = ("h_consistent[hypotheses=All]", "classification_calibrated")
        return Drawn(margin(turned), dict.fromkeys(hopeless, False) | {"psi_transform[theta=0.5]": 0.0})
    size = float(a)
    bounded = f"Bounded({cap})"
    claim = {1: "{}*u/({})", 2: "sqrt({}*u/({}))"}[known.rate]
    smaller = f"{Fraction(known.constant) / 2}"
    xs, px = [[-1.0], [0.0], [1.0]], [Fraction(1, 4), Fraction(1, 2), Fraction(1, 4)]
    p = draw(st.lists(st.sampled_from([Fraction(n, 8) for n in range(9)]), min_size=3, max_size=3))
    law = {"x": xs, "px": [float(w) for w in px], "p": [[float(1 - q), float(q)] for q in p]}
    truths: dict[str, Any] = {
        identifier("h_transform", {"t": t, "hypotheses": "All"}): size * known.least(t, math.inf),
        identifier("h_transform", {"t": t, "hypotheses": bounded}): size * known.least(t, float(c * cap)),
        identifier("h_gamma", {"u": u}): inverse(known, u / size),
        identifier("h_bound", {"gamma": claim.format(known.constant, a)}): True,
        identifier("h_bound", {"gamma": claim.format(smaller, a)}): False,
        "h_consistent[hypotheses=All]": True,
        f"h_consistent[hypotheses={bounded}]": True,
        "transform_convex[hypotheses=All]": True,
        "transform_formula[hypotheses=All]": lambda x: size * known.least(x, math.inf),
        "growth_rate[hypotheses=All]": known.rate,
        identifier("psi_transform", {"theta": t}): size * known.least(t, math.inf),
        "lipschitz[norm=l2]": size * float(c) * known.slope,
        "smoothness": size * float(c) ** 2 * known.bend,
        identifier("minimizability_gap", {**law, "hypotheses": "All"}): 0.0,
    }
    if name == "square":
        truths[identifier("minimizability_gap", law)] = size * float(residual(px, p))
    if name == "capped hinge":  # for scores |v| <= A under perturbed inputs too
        truths[identifier("adversarial_transform", {"t": t})] = size * t
        lines = identifier("adversarial_transform", {"t": t, "hypotheses": f"Linear(1, {cap})"})
        truths[lines] = size * t * min(float(c * cap), 1.0)
    return Drawn(margin(phi), truths)
