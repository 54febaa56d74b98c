"""Logarithms and roots that the code takes and the graph no longer has: what is under them must not be negative."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from losscheck.expr.graph import Expr
from losscheck.lifting.calls import Call
from losscheck.lifting.enclosure import Floats
from losscheck.lifting.graph_ball import graph_balls
from losscheck.lifting.samples import Random, inside, on_domain

DESCENTS, STEPS = 6, 80
"""Searches for a negative base: few losses have any base that has cancelled."""


def negative_somewhere(call: Call, lost: Sequence[Expr], points: Floats, rng: Random) -> tuple[Floats, Expr] | None:
    """Return a point of the domain and a base that is negative, or no number, there; None where none was found.

    The points tried are those given and, as a base may be negative in a sliver only, the ends of descents from them.
    """
    for base in lost:
        tried = np.concatenate([points, _lowest(call, base, points, rng)])
        for point in tried[on_domain(call, tried)]:
            b = graph_balls([base], _at(call, point))[0]
            if b.is_nan() or b < 0:
                return point, base
    return None


def _at(call: Call, point: Floats) -> dict[str, float]:
    return dict(zip(call.variables, map(float, point), strict=True))


def _lowest(call: Call, base: Expr, points: Floats, rng: Random) -> Floats:
    """Descend by random steps from the points at which ``base`` is least."""
    moves = [i for i, (_, domain) in enumerate(call.columns) if domain in ("real", "positive", "unit", "(0,1)")]
    if not moves:
        return points[:0]

    def value(point: Floats) -> float:
        found = float(graph_balls([base], _at(call, point))[0].mid())
        return found if np.isfinite(found) else np.inf

    best = sorted(points, key=value)[:DESCENTS]
    for k, point in enumerate(best):
        least, step = value(point), 1.0
        for _ in range(STEPS):
            tried = point.copy()
            tried[moves] += step * rng.normal(size=len(moves)) * np.maximum(np.abs(point[moves]), 1e-3)
            if inside(call, tried[None, :])[0] and (found := value(tried)) < least:
                point, least, step = tried, found, 2 * step
            else:
                step *= 0.8
        best[k] = point
    return np.array(best)
