"""Gamma at one surrogate regret: the inverse of the biconjugate of T (rule ``h_gamma``)."""

from __future__ import annotations

import math
from fractions import Fraction

from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.h_transform import h_transform
from losscheck.theorems.transform_convex import proof_of_convexity
from losscheck.verdict import Outcome

ROUNDS, CLOSE = 12, 5e-8


def h_gamma(lifted: Lifted, u: float, text: str) -> Outcome | None:
    """Enclose Gamma(u): between neighbouring regrets if T is convex, else from below."""
    known = {0.0: (0.0, 0.0)} | asked(lifted, text, [round(0.1 * i, 1) for i in range(1, 11)])
    for _ in range(ROUNDS):
        low, high = bracket(known, u)
        if high is None or high - low < CLOSE:
            break
        share = (u - known[low][1]) / max(known[high][0] - known[low][1], 1e-300)
        at, step = low + share * (high - low), max(0.02 * (high - low), 0.4 * CLOSE)
        more = asked(lifted, text, [t for t in (at - step, at, at + step) if low < t < high] or [(low + high) / 2])
        if not more:
            break
        known |= more
    low, high = bracket(known, u)
    found = h_transform(lifted, text, [t for t in (low, high) if t] or [1.0])
    if found is None or found.certificate is None:
        return None
    shape = proof_of_convexity(lifted, text)
    proof = {
        "rule": "h_gamma", "u": u, "transform": found.certificate["proof"],
        "convex": None if shape is None or shape.certificate is None else shape.certificate["proof"],
    }  # fmt: skip
    return prove(lifted, "h_gamma", proof, message="Gamma(u) lies between two zero-one regrets where T is known.")


def asked(lifted: Lifted, text: str, ts: list[float]) -> dict[float, tuple[float, float]]:
    """Enclosures of T at some t, as far as they are known."""
    found = h_transform(lifted, text, ts)
    return {} if found is None else dict(zip(found.params["t"], map(tuple, found.bounds), strict=True))


def bracket(known: dict[float, tuple[float, float]], u: float) -> tuple[float, float | None]:
    """The largest regret at which T is at most u, and the smallest beyond it at which T exceeds u."""
    exact = Fraction(repr(u))
    low = max(t for t, (_, top) in known.items() if math.isfinite(top) and Fraction(top) <= exact)
    beyond = (t for t, (a, _) in known.items() if t > low and (math.isinf(a) or Fraction(a) > exact))
    return low, min(beyond, default=None)
