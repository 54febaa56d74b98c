"""Recovery of probabilities from a score by the link ``eta(z) = f0'(z) / (f0'(z) - f1'(z))``."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from losscheck.certificate import q
from losscheck.engines.binary_risk import Sides, points, side_hints, sides
from losscheck.engines.breakpoints import Hint, merge, middle
from losscheck.engines.numeric import evaluate
from losscheck.expr.constants import choices, chosen
from losscheck.expr.derivative import derivative
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome


def ends(lifted: Lifted, pair: Sides, hints: list[Hint]) -> Iterator[tuple[Fraction | None, Fraction | None]]:
    """Where the link may reach 0 and 1: nowhere finite, or where the slopes of the sides change sign."""
    name = lifted.variables[0]
    one, zero = chosen(pair, choices(lifted.roots)[0])
    z = points(hints)
    rising, falling = evaluate([derivative(one, name), derivative(zero, name)], {name: z})
    low = [k for k in np.flatnonzero(falling <= 0) if z[k] < 0][-1:]
    high = [k for k in np.flatnonzero(rising >= 0) if z[k] > 0][:1]
    lows, highs = ([None, *(_near(float(z[k]), hints) for k in found)] for found in (low, high))
    for a in lows:
        for b in highs:
            if (a is None) == (b is None) or lifted.kind != "margin":
                yield a, b


def plausible(lifted: Lifted, pair: Sides, low: Fraction | None, high: Fraction | None, hints: list[Hint]) -> bool:
    """Whether, in floats, the slopes of the sides are ordered between the ends and the link does not fall."""
    name, z = lifted.variables[0], points(hints)
    apart = np.min(np.abs(z[:, None] - np.array([middle(h) for h in hints])), axis=1, initial=np.inf) > 1e-9
    z = z[(z > (-40.0 if low is None else float(low))) & (z < (40.0 if high is None else float(high))) & apart]
    one, zero = chosen(pair, choices(lifted.roots)[0])
    rising, falling = evaluate([derivative(one, name), derivative(zero, name)], {name: z})
    with np.errstate(all="ignore"):
        gap, size = rising - falling, np.abs(rising) + np.abs(falling)
        link = falling / -gap
    sure = np.isfinite(link) & (np.abs(gap) > 1e-9 * size) & (size > 1e-12)
    return bool((gap[sure] < 0).all() and (np.diff(link[sure]) >= -1e-6).all())


def _near(t: float, hints: list[Hint]) -> Fraction:
    """An exact breakpoint close by, or a simple rational."""
    for h in hints:
        if isinstance(h, str) and abs(middle(h) - t) <= 2e-2 * max(1, abs(t)):
            return Fraction(h)
    return Fraction(t).limit_denominator(64)


def attempt(lifted: Lifted) -> Outcome | None:
    """Prove that every eta has its own finite minimisers, or None."""
    pair = sides(lifted)
    hints = side_hints(pair, lifted.variables[0])
    ways = ((False, pair), (True, pair[::-1]))
    tries = [(turned, way, *each) for turned, way in ways for each in ends(lifted, way, hints)]
    for turned, way, low, high in tries:
        exact = ["0", *(q(x) for x in (low, high) if x is not None)]  # at 0 the link of a margin loss may be flat
        proof = {
            "rule": "recovers_by_link", "breaks": merge([*hints, *exact]),
            "low": None if low is None else q(low), "high": None if high is None else q(high), "turned": turned,
        }  # fmt: skip
        message = "The minimising score determines eta: the slopes balance along a monotone link onto (0, 1)."
        found = None
        if plausible(lifted, way, low, high, hints):
            found = prove(lifted, "recovers_probability", proof, message=message)
        if found is None and low is not None and high is not None:
            message = "Every risk has finite minimisers, and no score is stationary for two eta."
            proof["rule"] = "recovers_by_stationarity"
            found = prove(lifted, "recovers_probability", proof, message=message)
        if found:
            return found
    return None
