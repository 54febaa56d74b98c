"""Where convexity breaks: chords below the graph, found by second derivatives along lines and by random chords.

>>> from losscheck.expr.build import mul, var
>>> from losscheck.lifting.lifted import Lifted
>>> saddle = Lifted("logits", 2, (0, 1), ("z0", "z1"), "real", (mul(var("z0"), var("z1")),) * 2)
>>> next(violations(saddle)).gap > 0
True
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from losscheck.engines.numeric import evaluate
from losscheck.engines.points import points
from losscheck.engines.search import lowest
from losscheck.expr.build import ZERO, add, scale, substitute, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted

Array = NDArray[np.float64]
STEPS = [2.0**-k for k in (-6, -4, -3, -2, -1, 0, 1, 2, 4, 6, 9, 12, 16)]


@dataclass(frozen=True)
class Chord:
    """Ends of a chord whose middle lies below the graph, by ``gap`` in floats."""

    label: int
    a: list[float]
    b: list[float]
    gap: float


def directions(lifted: Lifted) -> list[list[int]]:
    """Integer directions to look along; on the simplex they sum to zero."""
    k = len(lifted.variables)
    unit = [[int(i == j) for j in range(k)] for i in range(min(k, 3))]
    swaps = [[int(i == j) - int(i + 1 == j) for j in range(k)] for i in range(min(k - 1, 2))]
    if lifted.domain == "simplex":
        return swaps + ([[1, 1, -2] + [0] * (k - 3), [2, -1, -1] + [0] * (k - 3)] if k > 2 else [])
    mixed = [[1] * k, [2, -1] + [0] * (k - 2), [1, 1] + [0] * (k - 2)] if k > 1 else []
    return unit + swaps + mixed


def along(root: Expr, names: tuple[str, ...], direction: list[int]) -> Expr:
    """The second derivative of the root along a direction."""
    t = var("t")
    changes = {var(x): add(var(x), scale(Fraction(d), t)) for x, d in zip(names, direction, strict=True) if d}
    (moved,) = substitute([root], changes)
    second = derivative(derivative(moved, "t"), "t")
    return substitute([second], {t: ZERO})[0]


def sample(lifted: Lifted) -> Array:
    """Points of the open domain, one per row; in one variable a fine grid of every scale."""
    if len(lifted.variables) == 1:
        from losscheck.engines.breakpoints import grid

        return grid(lifted.domain)[:, None]
    return np.stack(list(points(lifted, 150).values()), axis=1)


def violations(lifted: Lifted) -> Iterator[Chord]:
    """Chords worth certifying, most promising first per label."""
    roots = chosen(lifted.roots, choices(lifted.roots)[0])
    names, rows = lifted.variables, sample(lifted)
    same = lifted.kind == "logits"
    for y, root in enumerate(roots[:2] if same and len(roots) > 3 else roots):
        for d in directions(lifted):
            step = np.array(d, float)
            bend = along(root, names, d)
            second = evaluate([bend], dict(zip(names, rows.T, strict=True)))[0]
            second = np.where(np.isfinite(second), second, 0)
            worst = np.argsort(second)[:12]
            bent = rows[worst[second[worst] < 0]]
            if len(names) == 1 and not len(bent):
                bent = deepest(bend, names[0], lifted.domain)
            centres = np.concatenate([bent, rows[:: max(1, len(rows) // 150)]])
            found = best_chord(root, names, centres, step, lifted.domain)
            if found is not None:
                a, b, gap = found
                yield Chord(y, a, b, gap)


def deepest(bend: Expr, name: str, domain: str) -> Array:
    """Where the second derivative is lowest, by branch and bound: a grid misses a narrow bump."""
    span = (-1024.0 if domain == "real" else 0.0, 1.0 if domain == "unit" else 1024.0)
    place, _ = lowest(bend, {name: span}, rounds=40, keep=500)
    return np.array([[place[name]]])


def best_chord(
    root: Expr, names: tuple[str, ...], centres: Array, step: Array, domain: str
) -> tuple[list[float], list[float], float] | None:
    """The chord around some centre whose gap stands out most from rounding."""
    best: tuple[list[float], list[float], float] | None = None
    most = 1.0
    for h in STEPS:
        a, b = centres - h * step, centres + h * step
        m = (a + b) / 2
        low, high = -np.inf if domain == "real" else 0, np.inf if domain in ("real", "positive") else 1
        inside = ((a > low) & (a < high) & (b > low) & (b < high)).all(axis=1)
        if not inside.any():
            continue
        fa, fb, fm = (evaluate([root], dict(zip(names, x.T, strict=True)))[0] for x in (a, b, m))
        with np.errstate(invalid="ignore"):
            gap = fm - (fa + fb) / 2
            noise = 1e-14 * (1e-6 + np.abs(fa) + np.abs(fb) + np.abs(fm))
            ratio = np.where(inside & np.isfinite(gap) & np.isfinite(noise), gap / noise, 0)
        i = int(np.argmax(ratio))
        if ratio[i] > most:
            most, best = float(ratio[i]), (a[i].tolist(), b[i].tolist(), float(gap[i]))
    return best
