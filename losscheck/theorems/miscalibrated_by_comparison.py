"""Losses that are not calibrated: an eta at which a wrong score does at least as well as every right one."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.binary_risk import Sides, mirrored, points, side_hints, sides, values, weight
from losscheck.engines.breakpoints import Hint, breakpoints, merge
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.theorems.calibrated_by_comparison import gap_hints
from losscheck.verdict import Outcome

HALF = Fraction(1, 2)
FAR = "1000000"


def etas(pair: Sides, name: str, hints: list[Hint]) -> list[Fraction]:
    """Candidates: windows of eta > 1/2 in which a wrong score is a vertex of the curve of both losses, and a grid."""
    z = points(hints)
    one, zero = values(pair, name, z)
    ok = np.isfinite(one) & np.isfinite(zero)
    z, one, zero = z[ok], one[ok], zero[ok]
    if not ((z <= 0).any() and (z > 0).any()):
        return []
    grid = [HALF + Fraction(1, 2**k) for k in range(1, 26)] + [Fraction(k, 64) for k in range(33, 64)]
    scored = []
    for eta in [*grid, *hull_windows(z, one, zero)]:
        c = weight(eta, one, zero)
        wrong, right = c[z <= 0].min(), c[z > 0].min()
        slack = 1e-13 * (1 + abs(wrong))
        if wrong <= right + slack:
            scored.append((float(right - wrong), eta))
    scored.sort(key=lambda s: -s[0])
    return list(dict.fromkeys(e for _, e in scored))[:6]


def falling(pair: Sides, name: str) -> list[Fraction]:
    """Values of eta for which the risk seems to fall without end on the wrong side."""
    z = np.array([-1e3, -1e6, -1e9])
    found = []
    for eta in (Fraction(1), Fraction(3, 4), HALF + Fraction(1, 64)):
        c = weight(eta, *values(pair, name, z))
        if np.isfinite(c).all() and c[2] < c[1] < c[0]:
            found.append(eta)
    return found


def hull_windows(z: np.ndarray, one: np.ndarray, zero: np.ndarray) -> list[Fraction]:
    """A simple eta inside each window in which a wrong score minimises the risk: the lower left hull's normals."""
    order = np.lexsort((zero, one))
    hull: list[int] = []
    for i in order:
        while len(hull) >= 2:
            a, b = hull[-2], hull[-1]
            if (one[b] - one[a]) * (zero[i] - zero[a]) - (zero[b] - zero[a]) * (one[i] - one[a]) > 0:
                break
            hull.pop()
        hull.append(int(i))
    found = []
    for a, b, c in zip(hull, hull[1:], hull[2:], strict=False):
        if z[b] > 0:
            continue
        ends = sorted(_balance(one[j] - one[i], zero[j] - zero[i]) for i, j in ((a, b), (b, c)))
        low, high = max(ends[0], 0.5), min(ends[1], 1.0)
        if low < high:
            found.append(_simple_between(low, high))
    return [e for e in found if HALF < e <= 1][:20]


def _balance(d1: float, d0: float) -> float:
    """The eta at which two scores have the same risk."""
    return float(-d0 / (d1 - d0)) if d1 != d0 else 0.5


def _simple_between(low: float, high: float) -> Fraction:
    middle = Fraction((low + high) / 2)
    for k in range(1, 50):
        guess = middle.limit_denominator(2**k)
        if low < guess < high:
            return guess
    return middle


def rows(pair: Sides, name: str, eta: Fraction) -> Iterator[list[dict[str, Any]]]:
    """Ways to beat every right score: one wrong score, the mirror image, a limit."""
    hints = side_hints(pair, name)
    z = points(hints)
    one, zero = values(pair, name, z)
    c = weight(eta, one, zero)
    c = np.where(np.isfinite(c) & (z <= 0), c, np.inf)
    best = float(z[int(np.argmin(c))])
    fixed = [Fraction(best).limit_denominator(d) for d in (8, 2**20)]
    wrong = dict.fromkeys(min(x, Fraction(0)) for x in fixed)
    for w in [*((x, Fraction(0)) for x in wrong), (Fraction(0), Fraction(-1))]:
        cuts = merge(gap_hints(pair, name, w)) if w[1] else side_cuts(pair, name)
        yield [{"from": "0", "witness": [q(w[0]), q(w[1])], "breaks": cuts}]
    for at, reach in (("-inf", FAR), ("0-", "1/1000000")):
        yield [{"from": "0", "limit": at, "reach": reach, "breaks": side_cuts(pair, name)}]


def side_cuts(pair: Sides, name: str) -> list[Hint]:
    """Breakpoints for a refutation, where float constants are balls."""
    return merge(h for f in pair for h in breakpoints(f, name, balls=True))


def refuted(lifted: Lifted) -> Outcome | None:
    """An eta at which the wrong side is as good as the right one, or None."""
    name, pair = lifted.variables[0], sides(lifted)
    for is_mirrored, p in ((False, pair), (True, mirrored(pair, name))):
        if is_mirrored and lifted.kind == "margin":
            break
        for eta in falling(p, name):
            proof = {
                "rule": "miscalibrated_by_comparison", "eta": q(eta), "mirrored": is_mirrored, "unbounded": "-inf",
                "reach": FAR,
            }  # fmt: skip
            shown = 1 - eta if is_mirrored else eta
            message = f"At eta = {shown} the risk tends to -infinity on the wrong side."
            found = refute(lifted, "classification_calibrated", proof, message=message, witness={"eta": q(shown)})
            if found:
                return found
        for eta in etas(p, name, side_hints(p, name)):
            shown = 1 - eta if is_mirrored else eta
            head = {"rule": "miscalibrated_by_comparison", "eta": q(eta), "mirrored": is_mirrored}
            message = f"At eta = {shown} a score on the wrong side of 0, or 0 itself, is as good as every other."
            for r in rows(p, name, eta):
                proof = {**head, "regions": r}
                witness = {"eta": q(shown)}
                found = refute(lifted, "classification_calibrated", proof, message=message, witness=witness)
                if found:
                    return found
    return None
