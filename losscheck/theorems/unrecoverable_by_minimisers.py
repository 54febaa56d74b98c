"""No recovery of probabilities: two eta share a minimiser at a breakpoint, or one eta has no finite minimiser."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.binary_risk import points, side_hints, sides, values, weight
from losscheck.engines.breakpoints import merge, middle
from losscheck.engines.numeric import evaluate
from losscheck.expr.derivative import derivative
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.verdict import Outcome

ETAS = [Fraction(k, 20) for k in range(1, 20)] + [Fraction(1, 100), Fraction(99, 100), Fraction(501, 1000)]


def shared(lifted: Lifted) -> list[dict[str, Any]]:
    """Proof nodes: a breakpoint that minimises the risk for two eta."""
    name, pair = lifted.variables[0], sides(lifted)
    hints = merge([*side_hints(pair, name, balls=True), "-1", "1"])  # where sides are flat any point may serve
    z = points(hints)
    one, zero = values(pair, name, z)
    found: dict[int, list[Fraction]] = {}
    for eta in ETAS:
        c = weight(eta, one, zero)
        least = np.nanmin(c)
        for i, h in enumerate(hints):
            if c[np.argmin(np.abs(z - middle(h)))] <= least + 1e-9 * (1 + abs(least)):
                found.setdefault(i, []).append(eta)
    pairs = [(i, e[0], e[-1]) for i, e in found.items() if len(e) > 1]
    pairs += [(i, e[len(e) // 2], e[len(e) // 2 - 1]) for i, e in found.items() if len(e) > 3]
    head = {"rule": "unrecoverable_by_minimisers", "breaks": hints}
    return [{**head, "etas": [q(a), q(b)], "at": i} for i, a, b in pairs]


def none(lifted: Lifted) -> list[dict[str, Any]]:
    """Proof nodes: an eta whose risk is strictly monotone, or falls without bound."""
    name, pair = lifted.variables[0], sides(lifted)
    hints = side_hints(pair, name, balls=True)
    z = points(hints)
    one, zero = values(pair, name, z[np.abs(z) < 100])
    far = values(pair, name, np.array([-1e7, 1e7]))
    head = {"rule": "unrecoverable_by_minimisers", "breaks": hints, "at": None}
    found = []
    for eta in (Fraction(9, 10), Fraction(99, 100), Fraction(1, 10), Fraction(1, 100), Fraction(3, 5)):
        if (weight(eta, *far) < -1e4).any():
            found.append({**head, "etas": [q(eta)], "rising": False})
        steps = np.diff(weight(eta, one, zero))
        for rising, wrong in ((True, -steps), (False, steps)):
            if not (wrong > 1e-9).any():
                found.append({**head, "etas": [q(eta)], "rising": rising})
    return found


def escaping(lifted: Lifted) -> Iterator[dict[str, Any]]:
    """Proof nodes: an eta whose risk falls beyond a point, below all it is up to there; or the mirror image."""
    name, pair = lifted.variables[0], sides(lifted)
    hints = side_hints(pair, name, balls=True)
    z = points(hints)
    z = z[np.abs(z) < 1e4]
    one, zero = values(pair, name, z)
    for eta in (Fraction(9, 10), Fraction(99, 100), Fraction(1, 10), Fraction(1, 100), Fraction(3, 4), Fraction(1, 4)):
        c = weight(eta, one, zero)
        for rising in (False, True):
            x, y = (-z[::-1], c[::-1]) if rising else (z, c)
            up = np.flatnonzero(np.diff(y) > 1e-13)
            if not (np.all(np.isfinite(y)) and len(up) and len(up) < len(y) - 2):
                continue
            turn = next((t for t in np.arange(-40.0, 40.5, 0.5) if t > x[up[-1] + 1]), None)
            if turn is None:
                continue
            before = y[x <= turn].min()
            below = np.flatnonzero((x > turn) & (y < before - 1e-9 * (1 + abs(before))))
            if len(below):
                w = Fraction(float(x[below[len(below) // 2]])).limit_denominator(16)
                m, sign = Fraction(turn), -1 if rising else 1
                cuts = merge([*hints, q(sign * m)])
                yield {
                    "rule": "unrecoverable_by_minimisers", "breaks": cuts, "etas": [q(eta)], "rising": rising,
                    "at": cuts.index(q(sign * m)), "beyond": q(sign * w),
                }  # fmt: skip


def unattained(lifted: Lifted) -> Iterator[dict[str, Any]]:
    """Proof nodes: an eta whose risk is least just before a step up (or, ``rising``, just after a step down)."""
    name, pair = lifted.variables[0], sides(lifted)
    hints = side_hints(pair, name)
    slopes = [derivative(f, name) for f in pair]
    for i, h in enumerate(hints):
        if not isinstance(h, str):
            continue
        for rising in (False, True):
            at = float(Fraction(h)) + (1e-9 if rising else -1e-9) * max(1.0, abs(float(Fraction(h))))
            s1, s0 = (float(np.ravel(evaluate([f], {name: np.array([at])})[0])[0]) for f in slopes)
            balanced = s0 / (s0 - s1) if s0 != s1 else 0.0
            if not (np.isfinite(balanced) and 0 < balanced < 1):
                continue
            towards = 1 if (s1 > s0) == rising else -1  # the risk then still moves towards the cut
            for shift in (1e-5, 1e-3, 1e-7):
                eta = Fraction(balanced + towards * shift * balanced * (1 - balanced))
                yield {
                    "rule": "unrecoverable_by_minimisers", "breaks": hints, "etas": [q(eta)], "rising": rising, "at": i,
                    "limit": True,
                }  # fmt: skip


def refuted(lifted: Lifted) -> Outcome | None:
    """Two eta with a common minimiser, or one eta without any, or None."""
    for proof in chain(shared(lifted), none(lifted), escaping(lifted), unattained(lifted)):
        etas = proof["etas"]
        if len(etas) == 2:
            at = proof["breaks"][proof["at"]]
            message = f"The breakpoint {middle(at):.9g} minimises the risk both at eta = {etas[0]} and {etas[1]}."
        elif "limit" in proof:
            side = "above" if proof["rising"] else "below"
            message = (
                f"At eta = {float(Fraction(etas[0])):.9g} the risk has no minimiser: its infimum is its limit at "
                f"{proof['breaks'][proof['at']]} from {side}, where it steps."
            )
        else:
            message = f"At eta = {etas[0]} the risk has no finite minimiser: it falls without end."
        found = refute(lifted, "recovers_probability", proof, message=message, witness={"eta": etas})
        if found:
            return found
    return None
