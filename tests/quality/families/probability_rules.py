r"""Random sums of proper binary losses with known weights; a linear term makes them improper.

A weight :math:`w(c)` has the proper loss :math:`\ell_0' = c\,w`, :math:`\ell_1' = -(1 - c)\,w` (Savage, 1971): of the
logarithmic loss :math:`1/(c(1-c))`, of the square 2, of boosting :math:`\tfrac12 (c(1-c))^{-3/2}`, of the spherical one
:math:`(c^2 + (1-c)^2)^{-3/2}`. What is linear in the loss is summed here, what is not is worked out.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import strategies as st

from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.identifier import identifier
from losscheck.lifting.lifted import Lifted
from losscheck.verdict import Verdict
from tests.quality.families.drawn import Drawn, weights

P = b.var("p", "unit")
TWO = Fraction(2)
Pair = tuple[Callable[[float], float], Callable[[float], float]]
VALUES: dict[str, Pair] = {  # the loss of label 1 at p, and the weight at c
    "log": (lambda p: -math.log(p), lambda c: 1 / (c * (1 - c))),
    "square": (lambda p: (1 - p) ** 2, lambda c: 2.0),
    "boosting": (lambda p: math.sqrt((1 - p) / p), lambda c: (c * (1 - c)) ** -1.5 / 2),
    "spherical": (lambda p: -p / math.hypot(p, 1 - p), lambda c: math.hypot(c, 1 - c) ** -3),
}


def _rule(name: str, p: Expr, q: Expr) -> Expr:
    return {
        "log": lambda: b.neg(b.log(p)),
        "square": lambda: b.power(q, TWO),
        "boosting": lambda: b.sqrt(b.div(q, p)),
        "spherical": lambda: b.neg(b.div(p, b.sqrt(b.add(b.power(p, TWO), b.power(q, TWO))))),
        "linear": lambda: q,
    }[name]()


def exp_concavity(a: float, w: float) -> float:
    """The least of l'' / l'^2 for l = -a log p + w (1 - p)^2, on a fine grid: its minimum is inside and flat."""
    p = np.linspace(1e-6, 1, 200_001)
    ratio = (a + 2 * w * p**2) / (a + 2 * w * p * (1 - p)) ** 2
    return float(ratio.min())


@st.composite
def probability_rules(draw: Any) -> Drawn:
    """One rule for two classes."""
    names = draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=2, unique=True))
    sizes = {name: draw(weights) for name in names}
    proper = draw(st.integers(0, 3)) > 0
    terms = {**sizes, **({} if proper else {"linear": draw(weights)})}
    q = b.sub(b.ONE, P)
    one, zero = (b.add(*(b.scale(w, _rule(n, *x)) for n, w in terms.items())) for x in ((P, q), (q, P)))
    lifted = Lifted("probability", None, (0, 1), ("p",), "unit", (zero, one))
    at = draw(st.sampled_from([0.125, 0.25, 0.375, 0.5, 0.75]))

    def value(p: float) -> float:
        return sum(float(w) * VALUES[n][0](p) for n, w in sizes.items())

    weight = sum(float(w) * VALUES[n][1](at) for n, w in sizes.items())
    risk = at * value(at) + (1 - at) * value(1 - at)
    peak = sum(float(w) * VALUES[n][1](0.5) / 4 for n, w in sizes.items())
    mixable = "boosting" not in sizes
    numbers = {
        identifier("weight_function", {"c": at}): weight,
        identifier("canonical_link", {"p": at}): value(1 - at) - value(at),
        "mixability_constant": 1 / peak if mixable else 0.0,
        "mixable": mixable,
    }
    truths: dict[str, Any] = {"proper": proper, "strictly_proper": proper, "bregman_generator": proper}
    truths |= numbers if proper else dict.fromkeys(numbers, Verdict.NOT_APPLICABLE)
    if proper:
        truths |= {
            identifier("bayes_act", {"eta": at}): at,
            identifier("bayes_risk", {"eta": at}): risk,
            identifier("bregman_generator", {"eta": at}): -risk,
        }
    if set(sizes) <= {"log", "square"} and proper:
        a, w = (float(sizes.get(n, 0)) for n in ("log", "square"))
        truths["composite_convex[link=logit]"] = a >= 2 * w  # a - 2 w (1 - s)(1 - 3 s) >= 0
        truths["exp_concavity_constant"] = exp_concavity(a, w) if a else 1 / (2 * w)
        truths["composite_convex[link=identity]"] = True
    return Drawn(lifted, truths)
