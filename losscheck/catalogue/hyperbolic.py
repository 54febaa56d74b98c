r"""Losses of points in the Poincare ball of curvature -c: cross-entropy of distances to hyperplanes, and confusion.

Euclidean vectors enter by the exponential map at 0, x = tanh(sqrt(c) |v|) v / (sqrt(c) |v|). In floats tanh becomes 1:
the point then lies on the sphere, at infinite distance of all others. The usual cure, shortening x to
(1 - 1e-3) / sqrt(c), stops the gradient along v.
"""

from __future__ import annotations

import math
from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, log_softmax
from losscheck.catalogue.entry import Parameter, Study, entry

STUDY = "tests/studies/test_hyperbolic.py"
CURVATURE = {"c": Parameter(0.1, "(0, inf)", "minus the curvature")}
GANEA = "Ganea, Becigneul, Hofmann, Hyperbolic neural networks, NeurIPS 2018"
NARAYAN = "Narayan, Patel, Hyp-OC: hyperbolic one class classification for face anti-spoofing, 2024"


@entry(
    kind="embedding",
    signature="v:(N,D):real b:(K,D):real a:(K,D):real y:(N,):index",
    title="Hyperbolic cross-entropy (Hyp-CE)",
    family="embedding",
    formula=r"-\log\mathrm{softmax}(z)_y,\quad z_k = \frac{2\|a_k\|}{\sqrt c}\,\mathrm{asinh}"
    r"\frac{2\sqrt c\,\langle -p_k\oplus x, a_k\rangle}{(1 - c\,\|{-p_k}\oplus x\|^2)\,\|a_k\|}",
    parameters=CURVATURE,
    studies=(
        Study("as c -> 0 the scores tend to 4 <a, v - b>", "derived", STUDY),
        Study("the scores are distances to hyperplanes, signed, times 2 |a|", "Ganea et al., 2018", STUDY),
    ),
    hazards=(
        "tanh rounds to 1 for |v| above 19 / sqrt(c) in float64, 9 / sqrt(c) in float32: 1 / 0 in the scores",
        "a normal of length 0: 0 / 0",
    ),
    references=(GANEA, NARAYAN),
)
def hyperbolic_cross_entropy(v: Any, b: Any, a: Any, y: Any, c: float = 0.1) -> Any:
    """Multinomial logistic regression in the ball (S047); the offsets are exponentials of b."""
    xp = array_namespace(v)
    moved = _from(to_ball(b, c)[None, :, :], to_ball(v, c)[:, None, :], c)
    size = xp.sqrt(xp.sum(a * a, axis=1))
    along = xp.sum(moved * a[None, :, :], axis=2)
    bent = 2 * math.sqrt(c) * along / ((1 - c * xp.sum(moved**2, axis=2)) * size)
    return -at_label(log_softmax(2 * size / math.sqrt(c) * xp.asinh(bent)), y)


@entry(
    kind="embedding",
    signature="u:(N,D):real v:(N,D):real",
    title="Hyperbolic pairwise confusion (Hyp-PC)",
    family="embedding",
    formula=r"\frac{2}{\sqrt c}\,\mathrm{artanh}(\sqrt c\,\|{-x}\oplus x'\|)",
    parameters=CURVATURE,
    studies=(Study("a distance; along rays through 0 it is 2 | |u| - |v| |", "derived", STUDY),),
    hazards=("artanh(1) is inf at the boundary", "the gradient at equal points is 0 / 0"),
    references=(NARAYAN,),
)
def hyperbolic_confusion(u: Any, v: Any, c: float = 0.1) -> Any:
    """The geodesic distance of the exponentials of two vectors (S047)."""
    xp = array_namespace(u)
    moved = _from(to_ball(u, c), to_ball(v, c), c)
    return 2 / math.sqrt(c) * xp.atanh(math.sqrt(c) * xp.sqrt(xp.sum(moved * moved, axis=1)))


def to_ball(v: Any, c: float) -> Any:
    """The exponential map at 0 of rows."""
    xp = array_namespace(v)
    squared = xp.sum(v * v, axis=1)[:, None]
    some = math.sqrt(c) * xp.sqrt(xp.where(squared > 0, squared, xp.ones_like(squared)))  # 0 has no slope in a root
    return v * xp.where(squared > 0, xp.tanh(some) / some, xp.ones_like(some))


def _from(p: Any, x: Any, c: float) -> Any:
    """Mobius addition of -p and x over the last axis."""
    xp = array_namespace(x)

    def product(s: Any, t: Any) -> Any:
        return xp.sum(s * t, axis=-1)[..., None]

    inner, p2, x2 = product(p, x), product(p, p), product(x, x)
    return ((1 - c * p2) * x - (1 - 2 * c * inner + c * x2) * p) / (1 - 2 * c * inner + c**2 * p2 * x2)
