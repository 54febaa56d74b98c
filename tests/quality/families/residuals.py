"""Random sums of convex functions of the residual: degrees, slopes and curvatures add up at one place."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.identifier import identifier
from losscheck.lifting.lifted import Lifted
from tests.quality.families.drawn import Drawn, weights

R = b.sub(b.var("yhat"), b.var("y"))
SIZE = b.absolute(R)
# degree of homogeneity, greatest slope, greatest curvature (each of the latter at 0)
KNOWN: dict[str, tuple[int | None, float, float]] = {
    "line": (1, 1, math.inf), "square": (2, math.inf, 2), "cube": (3, math.inf, math.inf),
    "hyperbola": (None, 1, 1), "Huber": (None, 1, 1), "cosh": (None, 1, 1),
}  # fmt: skip


def _term(name: str) -> Expr:
    half = Fraction(1, 2)
    return {
        "line": lambda: SIZE,
        "square": lambda: b.power(R, Fraction(2)),
        "cube": lambda: b.power(SIZE, Fraction(3)),
        "hyperbola": lambda: b.sqrt(b.add(b.ONE, b.power(R, Fraction(2)))),
        "Huber": lambda: b.where(
            b.less_equal(SIZE, b.ONE), b.scale(half, b.power(R, Fraction(2))), b.sub(SIZE, b.const(half))
        ),
        "cosh": lambda: b.lse([R, b.neg(R)]),
    }[name]()


@st.composite
def residuals(draw: Any) -> Drawn:
    """One loss of yhat - y."""
    names = draw(st.lists(st.sampled_from(sorted(KNOWN)), min_size=1, max_size=2, unique=True))
    sizes = {name: draw(weights) for name in names}
    loss = b.add(*(b.scale(w, _term(name)) for name, w in sizes.items()))
    degrees = {KNOWN[name][0] for name in names}
    slope, bend = (sum(float(w) * float(KNOWN[name][i]) for name, w in sizes.items()) for i in (1, 2))
    law = draw(st.lists(st.sampled_from([Fraction(n, 2) for n in range(-4, 7)]), min_size=3, max_size=3, unique=True))
    shares = [Fraction(1, 4), Fraction(1, 2), Fraction(1, 4)]
    truths: dict[str, Any] = {
        "convex": True,
        "nonnegative": True,
        "bounded_above": False,
        "bounded_influence": math.isfinite(slope),
        "lipschitz[norm=l2]": slope,
        "smoothness": bend,
        "differentiable": "line" not in names,
        "homogeneous_degree": degrees.pop() if len(degrees) == 1 else None,
        "elicits[functional=mean]": names == ["square"],
        "elicits[functional=median]": names == ["line"],
    }
    given = {"y": [float(x) for x in law], "w": [float(x) for x in shares]}
    if names == ["square"]:
        truths[identifier("bayes_act", given)] = float(sum(x * w for x, w in zip(law, shares, strict=True)))
    if names == ["line"] and sorted(law)[1] == law[1]:  # else half the mass is at an end: an interval of medians
        truths[identifier("bayes_act", given)] = float(law[1])
    return Drawn(Lifted("regression", None, (1,), ("yhat", "y"), "real", (loss,)), truths)
