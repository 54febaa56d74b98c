"""Slopes without a graph: the hull of central differences at nearby points, and whether a slope is bounded at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from losscheck.behaviour.formats import Array
from losscheck.signature import Argument

NEARBY = (0.0, 1.0, -1.0, None, None, None, None)
"""Points around x, in units of 20 steps along the direction; None is a random offset. At a kink they lie on both
sides, so their hull holds every Clarke subgradient along the direction."""


@dataclass(frozen=True)
class Slope:
    """The slopes along one direction at points close by."""

    low: float
    high: float
    middle: float

    @property
    def spread(self) -> float:
        """How much the slope varies nearby."""
        return self.high - self.low


def slope_hull(
    f: Callable[[Array], float], x: Array, direction: Array, step: float, rng: np.random.Generator
) -> Slope | None:
    """Return the hull of central differences of ``f`` along ``direction`` near ``x``; None where one is not finite."""
    seen = []
    for place in NEARBY:
        offset = rng.normal(size=x.shape) if place is None else place * direction
        at = x + 20.0 * step * offset
        seen.append((f(at + step * direction) - f(at - step * direction)) / (2.0 * step))
    if not np.isfinite(seen).all():
        return None
    return Slope(min(seen), max(seen), seen[0])


def directions(argument: Argument, x: Array, rng: np.random.Generator) -> list[Array]:
    """Return three coordinate directions and a random one, along the domain where that is a surface (a simplex)."""
    out = []
    for k in range(min(3, x.size)):
        d = np.zeros_like(x)
        d.reshape(-1)[(5 * k) % x.size] = 1.0
        out.append(d)
    out.append(rng.normal(size=x.shape))
    return [_tangent(argument, x, d) for d in out]


def _tangent(argument: Argument, x: Array, d: Array) -> Array:
    """Project a direction: off a simplex there is no loss, so nothing is asked of its slope."""
    axis = argument.class_axis
    if argument.domain in ("simplex", "simplex+"):
        return np.asarray(d - d.mean(axis=axis, keepdims=True))
    if argument.domain == "logsimplex":
        return np.asarray(d - np.sum(np.exp(x) * d, axis=axis, keepdims=True))
    return d


def inward(argument: Argument, x: Array, rng: np.random.Generator) -> Array:
    """Return a direction that leads from ``x`` into the domain."""
    d: Array = rng.uniform(0.3, 1.0, size=x.shape)
    match argument.domain:
        case "unit" | "(0,1)":
            d = np.where(x > 0.5, -d, d)
        case "[-1,1]":
            d = np.where(x > 0.0, -d, d)
        case "real":
            d = d * rng.choice([-1.0, 1.0], size=x.shape)
        case "simplex" | "simplex+":
            d = 1.0 / x.shape[argument.class_axis] - x
        case "box":
            d = d * np.concatenate([-np.ones(2), np.ones(2)])
    return d


def slope_is_bounded(f: Callable[[Array], float], argument: Argument, x: Array) -> bool:
    """Say whether one-sided difference quotients at ``x`` settle as the step shrinks, along four directions.

    sqrt at 0 and log near 0 have quotients that grow with every step: their slope is truly infinite.
    """
    at = f(x)
    if not np.isfinite(at):
        return False
    rng, size = np.random.default_rng(0), max(1.0, float(np.max(np.abs(x), initial=0.0)))
    for _ in range(4):
        d = inward(argument, x, rng)
        quotients = []
        for step in (1e-2, 1e-4, 1e-6):
            there = f(x + step * size * d)
            if not np.isfinite(there):
                return False
            quotients.append(abs(there - at) / (step * size))
        # From 1e-2 to 1e-6 the quotients of a square root grow a hundredfold, those of log fourfold and more.
        if quotients[2] >= 3.0 * max(quotients[0], quotients[1], 1e-3):
            return False
        # Those of p log p grow by the same amount each time; those of a bounded slope settle a hundred times faster.
        first, second = quotients[1] - quotients[0], quotients[2] - quotients[1]
        if first > 1e-2 and 0.5 * first <= second <= 2.0 * first:
            return False
    return True
