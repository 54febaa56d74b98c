"""The largest output of a map on a cube of scores. Rule ``map_peak``."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.numeric import evaluate
from losscheck.expr.constants import choices, chosen
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.question import number
from losscheck.verdict import Outcome

CLOSE = Fraction(1, 10**8)


def attempt(lifted: Lifted, params: dict[str, Any]) -> Outcome | None:
    """Enclose the supremum, or None."""
    low, high = number(params["low"]), number(params["high"])
    names, k = lifted.variables, len(lifted.variables)
    corners = {x: np.where(np.arange(k) == i, float(high), float(low)) for i, x in enumerate(names)}
    values = np.array(evaluate(chosen(lifted.roots, choices(lifted.roots)[0]), corners))
    peak = float(np.diagonal(np.broadcast_to(values, (k, k))).max())
    head = {"rule": "map_peak", "params": params, "low": q(low), "high": q(high)}
    tries: list[dict[str, Any]] = [{"way": "monotone"}]
    if k <= 4:
        tries.append({"way": "cells"})
    if k <= 4 and np.isfinite(peak):
        simple = Fraction(peak).limit_denominator(1000)
        tries += [{"way": "boxes", "level": q(x)} for x in dict.fromkeys((simple, Fraction(peak) + CLOSE))]
    for how in tries:
        if found := prove(lifted, "dispersion_bound", {**head, **how}, message=""):
            return found.with_(
                message=f"With scores in [{low}, {high}] no output exceeds {found.value:.9g}: one score high, all "
                "others low."
            )
    return None
