"""Losses of thresholds on sorted scores: sparsemax, 1.5-entmax and their relatives. Rule ``by_threshold``."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from losscheck.certificate import q as text
from losscheck.engines.numeric import evaluate
from losscheck.expr.graph import topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.verdict import Outcome
from losscheck.verifier.rules.by_threshold import KINDS, NEVER
from losscheck.verifier.threshold_faces import MOST_CLASSES

READ = {"const", "float", "var", "add", "mul", "pow", "abs", "max", "min", "where", "lt", "le", "eq", "not", "and"}
READ |= {"true", "false"}
SWITCHES = {"max", "min", "where"}
FAR, SMALL, SAMPLE, NEAR = 100.0, 1 / 64, 40, 1e-8
MESSAGES = MappingProxyType(
    {
        "convex": "the least value over t of a function that is convex in (t, z)",
        "differentiable": "the threshold is the only minimiser, so the gradient is the map",
        "shift_invariant": "the threshold moves with the scores",
        "gradient_sums_to_zero": "the gradient is a point of the simplex minus a label",
        "permutation_equivariant": "the map treats all classes alike",
        "bounded_below": "the least loss is that of a class that leads",
        "nonnegative": "the least loss is that of a class that leads, and it is not negative",
        "classification_calibrated": "the regret is at least a multiple of |p(z) - p|^2, and p(z) has the order of z",
        "topk_calibrated": "the regret is at least a multiple of |p(z) - p|^2, and p(z) has the order of z",
        "lipschitz": "the gradient is a point of the simplex minus a label",
        "bounded_above": "the loss grows with the score of another class",
        "symmetric": "the sum over the classes grows with one score",
        "class_sum_bounds": "least where all scores are equal",
        "gradient_identity": "the gradient is the map minus the label",
        "simplex_valued": "its entries are nonnegative and add up to 1",
        "order_preserving": "its entries rise with the scores",
        "jacobian_symmetric_psd": "it is the continuous gradient of A",
        "recovers_probability": "minimising scores are powers of p, whose differences are bounded",
    }
)


def attempt(lifted: Lifted, prop: str, params: Mapping[str, Any] | None = None) -> Outcome | None:
    """Decide a property of a loss or a map that is shown to be one of a threshold, or return None."""
    said = form(lifted)
    if said is None:
        return None
    proof = {"rule": "by_threshold", **said, "shows": prop, "params": dict(params or {})}
    what = "map is the gradient of A" if lifted.kind == "map" else "loss is c (A(z) - m.z) + k, m the label,"
    why = f"The {what} with A the conjugate of an entropy of powers: {MESSAGES[prop]}."
    if prop in NEVER:
        return refute(lifted, prop, proof, message=why, witness=None)
    return prove(lifted, prop, proof, message=why)


@lru_cache(maxsize=8)
@np.errstate(all="ignore")
def form(lifted: Lifted) -> dict[str, Any] | None:
    """``q``, ``a``, ``c`` and ``e`` of the rule as values suggest them, or None."""
    k = len(lifted.variables)
    ops = {n.op for n in topological(lifted.roots)}
    if lifted.kind not in KINDS or k > MOST_CLASSES or lifted.parameters or not ops <= READ or not ops & SWITCHES:
        return None
    z = np.zeros((3 + SAMPLE, k))  # the first score leads, by one more, and any scores
    z[1, 0], z[2, 0], z[3:] = FAR, FAR + 1, np.random.default_rng(0).normal(size=(SAMPLE, k))
    if lifted.kind == "map":
        z[1, 0] = SMALL
    values = np.array(evaluate(lifted.roots, dict(zip(lifted.variables, z.T, strict=True))))
    own, other = (float(values[y, 2] - values[y, 1]) for y in (0, 1))
    c = 1.0 if lifted.kind == "map" else other + own / (k - 1)
    if not np.all(np.isfinite(values)) or c <= 0:
        return None
    smoothing = 0.0 if lifted.kind == "map" else own * k / (k - 1) / c
    labels = (1 - smoothing) * z.T + smoothing * z.mean(axis=1)
    for power in range(1, 5):
        if lifted.kind == "map":
            high, low = values[:2, 1].clip(0) ** (1 / power)
            a = SMALL / (high - low) if high > low else 0.0
        else:
            a = float(values[0, 0] - values[0, 1] + own * FAR) / c * (power + 1) / power / (1 - k ** (-1 / power))
        if a <= 0:
            continue
        above = excess(z, power, a)
        rest = values - above.T**power if lifted.kind == "map" else values / c + labels - potential(z, above, power, a)
        if np.ptp(rest, axis=1).max() < NEAR * max(1, np.abs(rest).max()):
            return {"q": power, "a": text(rounded(a)), "c": text(rounded(c)), "e": text(rounded(smoothing))}
    return None


def rounded(x: float) -> Fraction:
    """The rational that is meant."""
    return Fraction(x).limit_denominator(1000)


def excess(z: Any, power: int, a: float) -> Any:
    """How far ``z / a`` is above its threshold, by bisection: the powers of each row add up to 1."""
    scores = z / a
    low, high = scores.max(axis=1) - 1, scores.max(axis=1)
    for _ in range(60):
        middle = (low + high) / 2
        heavy = (np.maximum(scores - middle[:, None], 0) ** power).sum(axis=1) > 1
        low, high = np.where(heavy, middle, low), np.where(heavy, high, middle)
    return np.maximum(scores - low[:, None], 0)


def potential(z: Any, above: Any, power: int, a: float) -> Any:
    """A(z) of the rule for each row."""
    return z.max(axis=1) - a * above.max(axis=1) + a / (power + 1) * (above ** (power + 1)).sum(axis=1)
