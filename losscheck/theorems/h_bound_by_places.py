"""Claimed bounds of convex losses of two classes, by places near the least risks (rule ``h_bound_by_places``)."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.binary_risk import flipped
from losscheck.engines.breakpoints import breakpoints, merge
from losscheck.engines.one_score import minimisers
from losscheck.engines.text_breakpoints import text_breakpoints
from losscheck.expr.constants import choices, chosen
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.h_transform_two_sided import right_side
from losscheck.theorems.transform_formula import looks_convex
from losscheck.verdict import Outcome
from losscheck.verifier.formula_text import formula_text
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.terms import Pool

CUTS = tuple(Fraction(c, 64) for c in (0, 8, 16, 24, 32, 40, 48, 54, 58, 61, 63, 64))
SAMPLES = 9
MESSAGE = "Gamma(L(t)) >= t on [0, 1], L(t) the regret at scores near the best ones, a lower bound of T."


def cubic(ts: list[Fraction], xs: list[float], from_zero: bool) -> str:
    """A cubic through samples, in decimals rounded to rationals; through 0 where t = 0 is among the ends."""
    t, x = np.array([float(c) for c in ts]), np.array(xs)
    powers = (1, 2, 3) if from_zero else (0, 1, 2, 3)
    weight = 1 / t if from_zero else np.ones_like(t)
    found = np.linalg.lstsq(np.stack([t**n * weight for n in powers], axis=1), x * weight, rcond=None)[0]
    terms = [
        (Fraction(float(c)).limit_denominator(200 if n == 1 and from_zero else 4000), n)
        for c, n in zip(found, powers, strict=True)
    ]
    return " + ".join(f"({q(c)})*t**{n}" if n else f"({q(c)})" for c, n in terms if c) or "0"


def places(lifted: Lifted, text: str) -> tuple[str, list[Any]] | None:
    """A formula of places by pieces of t, and the breakpoints of the loss."""
    side = right_side(lifted)
    over = hypotheses(text)
    if side is None:
        return None
    f = chosen([side[0]], choices([side[0]])[0])[0]
    if not looks_convex(f, None if over.most is None else side[1] * over.most):
        return None
    cap = None if over.least is None else side[1] * over.least
    hints = merge(h for root in (f, flipped(f, "x")) for h in breakpoints(root, "x"))
    parts = []
    for a, b in pairwise(CUTS):
        ts = [a + (b - a) * Fraction(2 * i + 1, 2 * SAMPLES) for i in range(SAMPLES)]
        xs = [float(x) for x in minimisers(f, flipped(f, "x"), "x", [(1 + t) / 2 for t in ts], cap, hints)]
        marks = [m for m in (float(Fraction(h)) for h in hints if isinstance(h, str)) if m > 0]
        low, high = min(xs), max(xs)
        if cap is not None and high > float(cap) * (1 - 1e-9):
            part = q(cap * Fraction(4095, 4096))
        elif b == 1:  # the best score may grow without bound
            part = q(Fraction(low).limit_denominator(10**6))
        elif high - low < 1e-9 or any(low <= m <= high for m in marks):  # at or across a breakpoint: just below it
            part = q(Fraction(low * (1 - 1e-4)).limit_denominator(10**6))
        else:
            part = cubic(ts, xs, from_zero=a == 0)
        parts.append(part)
    text_of = " else ".join([f"{x} if t <= {b}" for x, b in zip(parts, CUTS[1:-1], strict=False)] + [parts[-1]])
    return text_of, breakpoints(f, "x")


def h_bound_by_places(lifted: Lifted, gamma: str, text: str) -> Outcome | None:
    """Prove the claim, or return None."""
    found = places(lifted, text)
    if found is None:
        return None
    pool = Pool()
    rising = text_breakpoints(pool, formula_text(pool, gamma), "u", [1e-6 * 1.1**i for i in range(300)])
    proof = {
        "rule": "h_bound_by_places", "hypotheses": text, "gamma": gamma, "places": found[0], "loss_breaks": found[1],
        "breaks": rising, "cuts": [[] for _ in CUTS[1:]],
    }  # fmt: skip
    return prove(lifted, "h_bound", proof, message=MESSAGE)
