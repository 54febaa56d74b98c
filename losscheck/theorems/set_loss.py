"""Questions about set losses proved by their formulas, and the set functions by all pairs of binary vectors."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np

from losscheck.certificate import q
from losscheck.engines.pairs import length, texts, tried, values
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.verdict import Outcome


def steinhaus(lifted: Lifted) -> Outcome | None:
    """Prove the triangle inequality of a Steinhaus transform of a weighted l1 distance, or None.

    On one vertex against 0 the transform is ``k / 2``; on two different vertices it gives the ratio of two weights.
    """
    n = length(lifted)
    eye, nothing = np.eye(n), np.zeros((n, n))
    alone = values(lifted, eye, nothing)
    first = values(lifted, eye[:1] + eye, np.repeat(eye[:1], n, axis=0))  # x = e_0 + e_i against e_0
    weights = [Fraction(1)]
    for i in range(1, n):
        scale = 2 * alone[0]  # k w_i / (2 w_0 + 2 w_i) = first[i]
        ratio = 2 * first[i] / (scale - 2 * first[i]) if scale > 2 * first[i] else 1.0
        weights.append(Fraction(float(ratio)).limit_denominator(1000))
    scale = Fraction(float(2 * alone[0])).limit_denominator(1000) if np.isfinite(alone[0]) else Fraction(0)
    proof = {"rule": "metric_by_steinhaus", "weights": [q(w) for w in weights], "scale": q(scale)}
    return prove(lifted, "triangle_inequality", proof, message="The loss is a Steinhaus transform of a metric.")


def zero_by_patterns(lifted: Lifted, ask: str) -> Outcome | None:
    """Prove that the loss vanishes for equal arguments only and is positive elsewhere, or None."""
    proof = {"rule": "zero_by_patterns", "ask": ask}
    return prove(lifted, ask, proof, message="The loss is 0 for equal arguments, and positive for all others.")


def convex_binary_slices(lifted: Lifted) -> Outcome | None:
    """Prove convexity for every binary target, or None."""
    message = "For every binary target the loss is convex by its formula."
    return prove(lifted, "convex_in_x_binary_y", {"rule": "convex_binary_slices"}, message=message)


def _set_function(which: str, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    both, union = np.minimum(x, y).sum(axis=1), np.maximum(x, y).sum(axis=1)
    like = both / np.maximum(union, 1) if which == "jaccard" else 2 * both / np.maximum(union + both, 1)
    return np.asarray(np.where(union > 0, 1 - like, 0.0))


def equals_set_function(lifted: Lifted, which: str) -> Outcome | None:
    """Compare with the set function on all binary pairs (up to a few entries), or None."""
    n = length(lifted)
    if n > 6:
        return None
    bits = np.array(list(product((0.0, 1.0), repeat=n)))
    x, y = np.repeat(bits, len(bits), axis=0), np.tile(bits, (len(bits), 1))
    if lifted.domain.endswith("+"):
        x, y = x[y.any(axis=1)], y[y.any(axis=1)]
    here, wanted = values(lifted, x, y), _set_function(which, x, y)
    name, params = "equals_set_function", {"which": which}
    for k in tried(np.abs(here - wanted), here):
        at = [texts(x[k]), texts(y[k])]
        message = f"At ({', '.join(at[0])}), ({', '.join(at[1])}) the loss is {here[k]:.6g}, not {wanted[k]:.6g}."
        proof = {"rule": "set_function", "which": which, "at": at}
        found = refute(lifted, name, proof, message=message, witness={"first": at[0], "second": at[1]}, params=params)
        if found:
            return found
    everywhere = {"rule": "set_function", "which": which, "at": None}
    return prove(lifted, name, everywhere, message=f"All {len(x)} pairs of binary vectors agree.", params=params)
