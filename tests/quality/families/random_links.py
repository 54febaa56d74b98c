r"""Random strictly proper losses through random links: mixtures F of distribution functions with F(-v) = 1 - F(v).

The square loss :math:`a\,(1 - F(v))^2` and the logarithmic one :math:`-a \log F(v)` have their least risk at F(v) =
eta; as F takes all of (0, 1), the Bayes risk is that of the rule, and the best wrong score is 0. Seen with a bias, as a
loss of both labels, the threshold moves away from 1/2.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.identifier import identifier
from losscheck.lifting.lifted import Lifted
from tests.quality.families.drawn import Drawn, V, margin, weights


def _odd(name: str, v: Expr) -> Expr:
    """2 F - 1 of one distribution function."""
    return {
        "logistic": lambda: b.sub(b.scale(Fraction(2), b.exp(b.neg(b.lse([b.ZERO, b.neg(v)])))), b.ONE),
        "normal": lambda: b.erf(v),
        "root": lambda: b.div(v, b.sqrt(b.add(b.ONE, b.power(v, Fraction(2))))),
    }[name]()


VALUES = {"logistic": lambda v: math.tanh(v / 2), "normal": math.erf, "root": lambda v: v / math.hypot(1, v)}


@st.composite
def random_links(draw: Any) -> Drawn:
    """One composite loss."""
    names = draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=2, unique=True))
    shares = [draw(weights) for _ in names]
    steep = [draw(weights) for _ in names]
    a, total = draw(weights), sum(shares)
    logarithmic, biased = draw(st.booleans()), draw(st.integers(0, 3)) == 0
    mixed = list(zip(names, [w / total for w in shares], steep, strict=True))

    def side(v: Expr) -> Expr:
        share = b.add(b.const(Fraction(1, 2)), *(b.scale(w / 2, _odd(n, b.scale(c, v))) for n, w, c in mixed))
        return b.scale(-a, b.log(share)) if logarithmic else b.scale(a, b.power(b.sub(b.ONE, share), Fraction(2)))

    def probability(v: float) -> float:
        return 0.5 + sum(float(w) / 2 * VALUES[n](float(c) * v) for n, w, c in mixed)

    at = draw(st.sampled_from([-1.5, -0.5, 0.25, 1.0]))
    theta = draw(st.sampled_from([0.25, 0.5, 0.75]))
    up, down = (1 + theta) / 2, (1 - theta) / 2
    psi = float(a) * (math.log(2) + up * math.log(up) + down * math.log(down) if logarithmic else theta**2 / 4)
    truths: dict[str, Any] = {"proper_composite": True, "recovers_probability": True, "symmetric": False}
    truths |= {"nonnegative": True, "differentiable": True, "bounded_above": not logarithmic}
    if biased:
        z = b.var("z")
        shifted = b.add(z, b.const(Fraction(1, 2)))
        both = Lifted("binary", None, (0, 1), ("z",), "real", (side(b.neg(shifted)), side(shifted)))
        inverse = identifier("inverse_link", {"v": at})
        return Drawn(both, truths | {"classification_calibrated": False, inverse: probability(at + 0.5)})
    truths |= {
        "classification_calibrated": True,
        "nonincreasing": True,
        identifier("inverse_link", {"v": at}): probability(at),
        identifier("link", {"eta": probability(at)}): at,
        identifier("psi_transform", {"theta": theta}): psi,
        "h_consistent[hypotheses=All]": True,
        identifier("h_transform", {"hypotheses": "All", "t": theta}): psi,
        "growth_rate[hypotheses=All]": 2,
    }
    return Drawn(margin(side(V)), truths)
