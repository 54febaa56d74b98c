r"""Random losses under label noise: sums over the labels that are constant, a bump above a constant, or convex.

``c - g(v)`` with g odd and ``w exp(-v^2)`` beside it have sums in [2c, 2c + 2w]; :math:`\sum_y a(s_y)` with a convex is
least at equal s and greatest at a vertex. From the range follow the bounds of what uniform noise costs (Ghosh, Kumar,
Sastry, 2017). Uniform noise multiplies symmetric losses by one factor; other noise of both labels does not. A matrix
has an unbiased correction if it is invertible. Convex potentials fail for some linear class (Long, Servedio, 2010).
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from losscheck.expr import build as b
from losscheck.identifier import identifier
from losscheck.verdict import Verdict
from tests.quality.families.comp_sums import profile
from tests.quality.families.drawn import Drawn, V, margin, places, scores, weights
from tests.quality.families.odd_margins import odd

CONVEX = {
    "hinge": b.maximum([b.ZERO, b.sub(b.ONE, V)]),
    "squared hinge": b.power(b.maximum([b.ZERO, b.sub(b.ONE, V)]), Fraction(2)),
    "logistic": b.lse([b.ZERO, b.neg(V)]),
    "exponential": b.exp(b.neg(V)),
}
rates = st.sampled_from([Fraction(n, 16) for n in (1, 2, 4, 5, 6)])


def rows(draw: Any, k: int) -> tuple[list[list[float]], bool]:
    """A noise matrix of k labels with short entries, and whether it is invertible."""
    flips = [draw(rates) for _ in range(k)]
    matrix = [[1 - r if i == j else r / (k - 1) for j in range(k)] for i, r in enumerate(flips)]
    if draw(st.integers(0, 3)) == 0:
        matrix[-1] = list(matrix[0])
    exact = [[float(x) for x in row] for row in matrix]
    return exact, matrix[-1] != matrix[0]  # strictly dominant diagonals otherwise: flips below 1/2


@st.composite
def noisy_margins(draw: Any) -> Drawn:
    """One margin loss: symmetric, nearly so, or a convex potential."""
    matrix, invertible = rows(draw, 2)
    backward = identifier("backward_unbiased", {"transition": matrix})
    if draw(st.integers(0, 3)) == 0:
        names = draw(st.lists(st.sampled_from(sorted(CONVEX)), min_size=1, max_size=2, unique=True))
        potential = b.add(*(b.scale(draw(weights), CONVEX[n]) for n in names))
        truths: dict[str, Any] = {"linear_class_noise_tolerant": False, backward: invertible, "symmetric": False}
        return Drawn(margin(potential), truths | {"noise_tolerant[model=order]": False})
    term = st.tuples(weights, weights, st.sampled_from(["sigmoid", "angle", "erf", "clip"]))
    terms = draw(st.lists(term, min_size=1, max_size=2))
    c, bump = draw(places), draw(st.just(Fraction(0)) | weights)
    parts = [b.neg(b.scale(w, odd(name, b.scale(s, V)))) for w, s, name in terms]
    parts += [b.scale(bump, b.exp(b.neg(b.power(V, Fraction(2)))))] if bump else []
    rate, r = draw(rates), float(draw(rates))
    costs, undefined = 2 * float(bump * rate), Verdict.NOT_APPLICABLE
    even, skew = (
        identifier("noise_tolerant", {"model": "class_conditional", "transition": [[1 - r, r], [x, 1 - x]]})
        for x in (r, 0.4375)
    )
    truths = {
        "symmetric_constant": undefined if bump else float(2 * c),
        "class_sum_bounds": [float(2 * c), float(2 * c + 2 * bump)],
        "uniform_noise_threshold": undefined if bump else 0.5,
        identifier("noise_excess_risk_bound", {"rate": float(rate)}): costs / float(1 - 2 * rate),
        identifier("noise_excess_risk_bound", {"rate": float(rate), "side": "noisy"}): costs,
        "noise_tolerant[model=order]": not bump,
        f"noise_tolerant[rate={float(rate)}]": not bump,
        even: not bump,
        backward: invertible,
    }
    if not bump:
        truths |= {"noise_tolerant[rate=0.75]": False, skew: False, "linear_class_noise_tolerant": True}
    return Drawn(margin(b.add(b.const(c), *parts)), truths)


G0 = {"log": math.inf, "root": 2.0, "power": 10 / 7, "square": 1.0, "inverse": math.inf}


def g(name: str, s: float) -> float:
    """The profile's value at s > 0."""
    return {
        "log": lambda: -math.log(s), "root": lambda: 2 * (1 - math.sqrt(s)), "power": lambda: (1 - s**0.7) * 10 / 7,
        "square": lambda: (1 - s) ** 2, "inverse": lambda: 1 / s - 1,
    }[name]()  # fmt: skip


@st.composite
def noisy_scores(draw: Any) -> Drawn:
    """One convex profile of softmax, or the mean absolute error."""
    k = draw(st.sampled_from([2, 3]))
    matrix, invertible = rows(draw, k)
    z = [b.var(f"z{i}") for i in range(k)]
    logs = [b.sub(x, b.lse(z)) for x in z]
    backward = identifier("backward_unbiased", {"transition": matrix})
    if draw(st.integers(0, 3)) == 0:
        w = draw(weights)
        lifted = scores([b.scale(w, b.sub(b.ONE, b.exp(log))) for log in logs])
        return Drawn(
            lifted,
            {
                "symmetric_constant": float(w * (k - 1)), "uniform_noise_threshold": 1 - 1 / k,
                "noise_tolerant[model=order]": True, f"noise_tolerant[rate={1 - 1 / (2 * k)}]": False,
                "noise_excess_risk_bound[rate=0.25]": 0.0, backward: invertible,
                "transform_convex[hypotheses=All]": k == 2,  # of three classes: min over j of max(t / j, t - 1 / j)
            },
        )  # fmt: skip
    listed = st.lists(st.sampled_from(sorted(G0)), min_size=1, max_size=2, unique=True)
    names = draw(st.just(["log"]) | listed)
    sizes = {n: draw(weights) for n in names}
    lifted = scores([b.add(*(b.scale(w, profile(n, b.exp(log), log)) for n, w in sizes.items())) for log in logs])
    low, high = (
        sum(float(w) * k * g(n, 1 / k) for n, w in sizes.items()),
        sum(float(w) * (k - 1) * G0[n] for n, w in sizes.items()),
    )
    truths = {
        "class_sum_bounds": [low, high],
        "noise_excess_risk_bound[rate=0.25]": 0.25 * (high - low) / (k - 1 - 0.25 * k),
        "noise_excess_risk_bound[rate=0.25,side=noisy]": 0.25 * (high - low) / (k - 1),
        "symmetric_constant": Verdict.NOT_APPLICABLE,
        "uniform_noise_threshold": Verdict.NOT_APPLICABLE,
        "noise_tolerant[model=order]": False,
        backward: invertible,
    }
    if names == ["log"]:
        truths[identifier("forward_recovers", {"transition": matrix})] = invertible
    return Drawn(lifted, truths)
