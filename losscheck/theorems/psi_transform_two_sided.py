"""The psi-transform of a loss of two classes by lines below its T (rule ``psi_transform_two_sided``)."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.binary_risk import Array, flipped
from losscheck.engines.breakpoints import breakpoints, merge
from losscheck.engines.numeric import evaluate
from losscheck.engines.one_score import minimisers
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.h_transform_two_sided import right_side
from losscheck.verdict import Outcome

TOLERANCE = Fraction(1, 10**9)
MESSAGE = "psi lies between T and lines below T, which are bounded by certified infima of the conditional risk."


def _risk(f: Expr, g: Expr, theta: Fraction, x: Fraction) -> float:
    one, other = (float(y[0]) for y in evaluate([f, g], {"x": np.array([float(x)])}))
    return float(1 + theta) / 2 * one + float(1 - theta) / 2 * other


def chords(
    f: Expr, g: Expr, thetas: list[Fraction], ends: list[Fraction], hints: list[Any]
) -> list[tuple[Fraction, Fraction]]:
    """The ends of the cells whose chord of T is lowest at each theta."""
    etas = [(1 + t) / 2 for t in ends], [(1 - t) / 2 for t in ends]
    right, wrong = (minimisers(f, g, "x", some, None, hints) for some in etas)
    t = np.array([float(x) for x in ends])
    rises = zip(ends, right, wrong, strict=True)
    y = np.array([max(0.0, _risk(g, f, a, w) - _risk(f, g, a, r)) for a, r, w in rises])
    found = (lowest_chord(t, y, float(theta)) for theta in thetas)
    return [(ends[a], ends[c]) for a, c, _ in found]


def lowest_chord(t: Array, y: Array, at: float) -> tuple[int, int, float]:
    """The two points whose chord is lowest at a place between them, and its height there."""
    pairs = ((a, c) for a in np.flatnonzero(t <= at) for c in np.flatnonzero(t >= at) if t[a] < t[c])
    heights = ((int(a), int(c), float(np.interp(at, t[[a, c]], y[[a, c]]))) for a, c in pairs)
    return min(heights, key=lambda each: each[2])


def _lines(
    f: Expr, g: Expr, thetas: list[Fraction], ends: list[Fraction], points: list[Fraction]
) -> list[dict[str, Any]]:
    """For every theta a slope, and scores for the cells: those of theta itself where there is one cell."""
    n = len(thetas)
    wrong = [_risk(g, f, t, x) for t, x in zip(ends, points[2 * n : 2 * n + len(ends)], strict=True)]
    if len(ends) > 2:
        return _hull(f, g, thetas, ends, wrong)
    lines: list[dict[str, Any]] = []
    for x in points[:n]:
        rise = [w - _risk(f, g, t, x) for t, w in zip(ends, wrong, strict=True)]
        lines.append({"slope": q(max(Fraction(0), Fraction(rise[1] - rise[0]))), "cells": [q(x)]})
    return lines


def _hull(f: Expr, g: Expr, thetas: list[Fraction], ends: list[Fraction], wrong: list[float]) -> list[dict[str, Any]]:
    """Slopes of the convex hull of T at the ends of the cells, with the right scores of each cell's middle."""
    middles = [(a + b) / 2 for a, b in pairwise(ends)]
    scores = minimisers(f, g, "x", [(1 + t) / 2 for t in [*ends, *middles]], None, [])
    t = np.array([float(x) for x in ends])
    y = np.array([max(0.0, w - _risk(f, g, a, x)) for a, w, x in zip(ends, wrong, scores[: len(ends)], strict=True)])
    lines = []
    for theta in thetas:
        at = float(theta)
        left, right = t < at, t > at
        here = float(np.interp(at, t, y))
        rises = (y[right] - here) / (t[right] - at) if right.any() else np.array([np.inf])
        falls = (here - y[left]) / (at - t[left]) if left.any() else np.array([0.0])
        slope = float(np.clip((rises.min() + falls.max()) / 2, 0, 1e6)) if right.any() else float(falls.max())
        a, c, low = lowest_chord(t, y, at)
        if low < here - 1e-9:  # T lies above its convex hull here
            slope = max(0.0, float((y[c] - y[a]) / (t[c] - t[a])))
        lines.append({"slope": q(Fraction(slope)), "cells": [q(x) for x in scores[len(ends) :]]})
    return lines


def psi_transform_two_sided(lifted: Lifted, theta: float | list[float]) -> Outcome | None:
    """Enclose psi at theta (one number or several), or return None."""
    found = right_side(lifted)
    if found is None:
        return None
    f = chosen([found[0]], choices([found[0]])[0])[0]
    g = flipped(f, "x")
    hints = merge(h for root in (f, g) for h in breakpoints(root, "x"))
    thetas = [Fraction(repr(t)) for t in (theta if isinstance(theta, list) else [theta])]
    best: Outcome | None = None
    for cells in (1, 16, 256):
        ends = [Fraction(i, cells) for i in range(cells + 1)]
        ends = ends if cells == 1 else sorted({*ends, *thetas})
        spans = chords(f, g, thetas, ends, hints) if cells > 1 else []
        spanned = [x for pair in spans for x in pair]
        etas = [(1 + t) / 2 for t in thetas] + [(1 - t) / 2 for t in [*thetas, *ends]]
        etas += [(1 + t) / 2 for t in spanned] + [(1 - t) / 2 for t in spanned]
        points = minimisers(f, g, "x", etas, None, hints)
        proof = {
            "rule": "psi_transform_two_sided", "theta": theta, "ends": [q(x) for x in ends], "breaks": hints,
            "chords": [[q(x) for x in pair] for pair in spans],
            "infima": {"points": [q(x) for x in points], "tolerance": q(TOLERANCE)},
            "lines": _lines(f, g, thetas, ends, points),
        }  # fmt: skip
        outcome = prove(lifted, "psi_transform", proof, message=MESSAGE)
        if outcome is None:
            return best
        best = outcome
        if outcome.value is not None:
            return outcome
    return best
