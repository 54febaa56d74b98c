"""T at many regrets in floats, without certificates: for curves, searches and comparisons."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from losscheck.engines.binary_risk import flipped
from losscheck.engines.breakpoints import breakpoints, merge
from losscheck.engines.capped_filling import capped_inner
from losscheck.engines.inner_risks import CompSumInner, Inner
from losscheck.engines.numeric import evaluate
from losscheck.engines.one_score import minimisers
from losscheck.engines.quick_filling import QuickFilling
from losscheck.engines.regret_grid import RegretGrid
from losscheck.engines.water_filling import Profile
from losscheck.expr.constants import choices, chosen
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.theorems.h_transform_cells import readings
from losscheck.theorems.h_transform_comp_sum import profiles
from losscheck.theorems.h_transform_concave import looks_concave
from losscheck.theorems.h_transform_two_sided import right_side
from losscheck.verifier.hypothesis_set import Hypotheses, hypotheses

Array = NDArray[np.float64]
FAR = 1e9


def transform_estimate(lifted: Lifted, text: str, ts: Sequence[float]) -> Array | None:
    """T at every t, or None where no search fits: more than five classes, or losses of no known form."""
    over, t = hypotheses(text), np.array(ts, float)
    side = right_side(lifted)
    if side is not None:
        caps = [over.least] if over.least == over.most else [over.least, over.most]
        ends = [two_sided(side[0], None if cap is None else side[1] * cap, ts) for cap in caps]
        return np.asarray(np.where(t > 0, np.maximum(np.min(ends, axis=0), 0.0), 0.0))
    k = len(lifted.variables)
    if lifted.kind != "logits":
        return None
    if over.everything and (phi := concave_profile(lifted)) is not None:
        return of_concave(phi, k, t)
    inner = next(inners(lifted, text, over), None) if k <= 5 else None
    if inner is None:
        return None
    return np.asarray(np.where(t > 0, np.maximum(RegretGrid(inner, k, ts).least()[0], 0.0), 0.0))


def two_sided(f: Expr, cap: Fraction | None, ts: Sequence[float]) -> Array:
    """The least risk of the wrong side minus that of the right side, for scores up to a cap."""
    f = chosen([f], choices([f])[0])[0]
    g = flipped(f, "x")
    hints = merge(h for root in (f, g) for h in breakpoints(root, "x"))
    exact = [Fraction(repr(t)) for t in ts]
    etas = [(1 + t) / 2 for t in exact] + [(1 - t) / 2 for t in exact]
    at = np.array([float(x) for x in minimisers(f, g, "x", etas, cap, hints)])
    w = np.array([float(e) for e in etas])
    own, other = evaluate([f, g], {"x": at})
    with np.errstate(all="ignore"):
        right, wrong = np.split(np.where(w > 0, w * own, 0) + np.where(w < 1, (1 - w) * other, 0), 2)
        return np.asarray(np.where((right < -FAR) & (wrong > -FAR), math.inf, wrong - right))


def concave_profile(lifted: Lifted) -> Expr | None:
    """The profile of a function of softmax that looks concave."""
    return next((phi for _, phi in profiles(lifted) if looks_concave(phi)), None)


def of_concave(phi: Expr, k: int, t: Array) -> Array:
    """The formula of ``h_transform_concave``."""
    start, *rest = np.broadcast_to(evaluate([phi], {"s": np.array([0.0, *(1 / j for j in range(1, k + 1))])})[0], k + 1)
    gains = start - np.array(rest)
    a = np.maximum(t, (1 + t) / k)
    parts = [gains[0] * a - gains[j - 1] * np.minimum(1, j * a - t) for j in range(2, k + 1)]
    return np.asarray(np.min([gains[0] * t, *parts], axis=0))


def function(root: Expr) -> Profile:
    """A profile as a function of arrays of any shape."""
    return lambda x: evaluate([root], {"s": x})[0]


def looks_convex(f: Profile, slope: Profile) -> bool:
    """Whether a profile looks convex and falling on (0, 1]."""
    with np.errstate(all="ignore"):
        slopes = slope(np.geomspace(1e-9, 1, 400))
    return bool(
        np.isfinite(slopes).all() and (np.diff(slopes) >= -1e-12 * np.abs(slopes[:-1])).all() and slopes[-1] <= 0
    )


def inners(lifted: Lifted, text: str, over: Hypotheses) -> Iterator[Inner]:
    """Ways to compute risks, the quickest first."""
    if over.least == over.most:
        for alpha, phi in profiles(lifted):
            f, slope = function(phi), function(derivative(phi, "s"))
            if looks_convex(f, slope):
                fill = QuickFilling(f, slope)
                yield CompSumInner(fill) if over.least is None else capped_inner(fill, math.exp(2 * alpha * over.least))
    for inner, _, _ in readings(lifted, text):
        yield inner
