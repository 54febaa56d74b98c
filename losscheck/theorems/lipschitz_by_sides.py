"""Slopes of a regression loss bounded on both sides of the diagonal (rule ``lipschitz_by_sides``)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.numeric import evaluate
from losscheck.expr.constants import choices, chosen
from losscheck.expr.derivative import derivative
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.regression_profile import is_positive
from losscheck.theorems.steep_along import lines
from losscheck.verdict import Outcome


def limits(lifted: Lifted) -> Iterator[tuple[float, dict[str, Any]]]:
    """Slopes far along lines, with the lines."""
    (root,) = chosen(lifted.roots, choices(lifted.roots)[0])
    slope = derivative(root, "yhat")
    for place, _, yhat, y in lines([is_positive(lifted, name) for name in ("yhat", "y")]):
        size = np.abs(evaluate([slope], {"yhat": yhat, "y": y})[0])
        if np.all(np.isfinite(size)) and abs(size[2] - size[1]) <= 1e-3 * (1 + size[2]):
            yield float(size[2]), place


def proofs(lifted: Lifted) -> Iterator[dict[str, Any]]:
    """Proofs worth trying: the largest limit of the slope as its least upper bound."""
    found = sorted(limits(lifted), key=lambda pair: -pair[0])
    charts = ("shift", "log") if lifted.domain == "positive" else ("shift",)
    for size, place in found[:1]:
        upper = Fraction(size).limit_denominator(1000)
        for chart in charts:
            yield {"rule": "lipschitz_by_sides", "chart": chart, "upper": q(upper), "line": place}


def attempt(lifted: Lifted, norm: str) -> Outcome | None:
    """Prove the Lipschitz constant, or None."""
    for proof in proofs(lifted):
        message = f"The slope in yhat is at most {proof['upper']} on both sides of yhat = y, and tends to that."
        if found := prove(lifted, "lipschitz", {**proof, "norm": norm}, message=message):
            return found
    return None
