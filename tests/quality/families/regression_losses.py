"""Random regression losses: Bregman sums elicit the mean or an expectile, transformed pinball losses a quantile."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from tests.quality.families.drawn import Drawn, weights

A, Y = b.var("yhat"), b.var("y")
TWO = Fraction(2)


def _bregman(name: str) -> Expr:
    """phi(y) - phi(yhat) - phi'(yhat) (y - yhat) for a convex phi."""
    root = b.sqrt(b.add(b.ONE, b.power(A, TWO)))
    phi_y, phi_a, slope = {
        "square": (b.power(Y, TWO), b.power(A, TWO), b.scale(TWO, A)),
        "quartic": (b.power(Y, Fraction(4)), b.power(A, Fraction(4)), b.scale(Fraction(4), b.power(A, Fraction(3)))),
        "exp": (b.exp(Y), b.exp(A), b.exp(A)),
        "hyperbola": (b.sqrt(b.add(b.ONE, b.power(Y, TWO))), root, b.div(A, root)),
    }[name]
    return b.sub(b.sub(phi_y, phi_a), b.mul(slope, b.sub(Y, A)))


def _increasing(name: str, x: Expr) -> Expr:
    return {"line": x, "cube": b.power(x, Fraction(3)), "exp": b.exp(x), "angle": b.atan(x)}[name]


def _lifted(loss: Expr) -> Lifted:
    return Lifted("regression", None, (1,), ("yhat", "y"), "real", (loss,))


@st.composite
def regression_losses(draw: Any) -> Drawn:
    """One loss for the mean, an expectile or a quantile."""
    for_mean = draw(st.booleans())
    w = draw(st.lists(weights, min_size=1, max_size=2))
    level = draw(st.sampled_from([Fraction(1, 4), Fraction(1, 2), Fraction(5, 8), Fraction(7, 8)]))
    above = b.less_equal(Y, A)
    sides = b.where(above, b.const(1 - level), b.const(-level if not for_mean else level))
    if for_mean:
        names = draw(
            st.lists(st.sampled_from(["square", "quartic", "exp", "hyperbola"]), min_size=len(w), max_size=len(w))
        )
        bregman = b.add(*(b.scale(x, _bregman(name)) for x, name in zip(w, names, strict=True)))
        tilted = draw(st.booleans())
        loss = b.mul(sides, bregman) if tilted else bregman
        plain = not tilted or level == Fraction(1, 2)
        truths: dict[str, Any] = {"elicits[functional=mean]": plain, "elicits[functional=median]": False}
        truths["nonnegative"] = True
        if tilted:
            truths[f"elicits[functional=expectile,level={float(level)}]"] = True
        if not tilted or set(names) == {"square"}:
            truths["differentiable"] = True
        return Drawn(_lifted(loss), truths)
    names = draw(st.lists(st.sampled_from(["line", "cube", "exp", "angle"]), min_size=len(w), max_size=len(w)))
    gap = b.add(*(b.scale(x, b.sub(_increasing(n, A), _increasing(n, Y))) for x, n in zip(w, names, strict=True)))
    truths = {
        f"elicits[functional=quantile,level={float(level)}]": True,
        "elicits[functional=quantile,level=0.4]": False,
        "elicits[functional=mean]": False,
        "nonnegative": True,
        "differentiable": False,
    }
    return Drawn(_lifted(b.mul(sides, gap)), truths)
