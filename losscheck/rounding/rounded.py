"""Raise the precision until the rounding is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from losscheck.expr.graph import Expr
from losscheck.lifting.graph_ball import graph_balls
from losscheck.rounding.jet import jets
from losscheck.rounding.nearest import nearest

PRECISIONS = (96, 192, 400, 900, 2500)
"""Bits tried one after the other; in 2500 the cancellation of exp(-745) against 1 still leaves 1400."""


@dataclass(frozen=True)
class Gradient:
    """The correctly rounded partial derivatives; None where a rounding stays undecided.

    ``kink``: another branch ties at the point, and the numbers are those of one side.
    """

    slopes: dict[str, float | None]
    kink: bool


def rounded_value(root: Expr, point: Mapping[str, float], dtype: str) -> float | None:
    """Return the correctly rounded value; None where the rounding stays undecided, or nothing is defined."""
    for precision in PRECISIONS:
        found = nearest(graph_balls([root], point, precision)[0], dtype)
        if found is not None:
            return found
    return None


def rounded_gradient(root: Expr, point: Mapping[str, float], dtype: str) -> Gradient:
    """Return the correctly rounded gradient by every variable."""
    slopes: dict[str, float | None] = {}
    kink = False
    for precision in PRECISIONS:
        jet = jets([root], point, precision)[0]
        kink = jet.kink
        slopes = {name: nearest(jet.slopes[name], dtype) if name in jet.slopes else 0.0 for name in point}
        if None not in slopes.values():
            break
    return Gradient(slopes, kink)
