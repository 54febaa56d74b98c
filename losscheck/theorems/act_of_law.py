"""The Bayes act of a finite law under a regression loss: located in floats, enclosed by the signs of slopes."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.breakpoints import breakpoints, merge
from losscheck.engines.golden import golden
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import add, const, scale, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.regression_profile import at, is_positive
from losscheck.verdict import Outcome, not_applicable, undecided
from losscheck.verifier.certificate import CertificateRejected
from losscheck.verifier.law import decimal, law


def risk(lifted: Lifted, y: list[Fraction], w: list[Fraction], domain: str) -> Expr:
    """The expected loss as a function of v."""
    total = [scale(b, at(lifted.roots[0], var("v", domain), const(a))) for a, b in zip(y, w, strict=True)]
    return add(*total)


def answer(lifted: Lifted, y: list[float], w: list[float]) -> Outcome:
    """Enclose the Bayes act of a law."""
    try:
        rows = law([decimal(a) for a in y], [decimal(b) for b in w])
    except CertificateRejected as error:
        return not_applicable(f"y={y!r}, w={w!r} is no law: {error}")
    up, domain = [is_positive(lifted, x) for x in ("yhat", "y")], "positive" if is_positive(lifted, "yhat") else "real"
    if up[1] and rows[0][0] <= 0:
        return not_applicable(f"y={y!r} leaves the domain: the losses are of positive y")
    try:
        f = risk(lifted, [a for a, _ in rows], [b for _, b in rows], domain)
    except ZeroDivisionError:
        return undecided("The loss divides by an observation that is 0.", reason="not defined at an observation")
    (read,) = chosen([f], choices([f])[0])

    def value(t: float) -> float:
        found = float(evaluate([read], {"v": np.array([t])})[0][0])
        return found if np.isfinite(found) else np.inf

    grid = _grid(up[0], rows)
    values = np.array([value(t) for t in grid])
    k = int(np.argmin(values))
    m, least = golden(value, float(grid[max(k - 1, 0)]), float(grid[min(k + 1, len(grid) - 1)]))
    m = where_it_turns(read, float(grid[max(k - 1, 0)]), float(grid[min(k + 1, len(grid) - 1)])) or m
    flat = grid[values <= least + 1e-12 * (1 + abs(least))]
    if len(flat) > 1 and np.ptp(flat) > 1e-3 * (1 + abs(m)):
        return not_applicable(f"Reports from {flat[0]:.6g} to {flat[-1]:.6g} share the least expected loss.")
    hints = breakpoints(f, "v", domain)
    exact = [Fraction(h) for h in hints if isinstance(h, str)]
    for bounds in brackets(m, value, exact, grid, values):
        proof = {
            "rule": "act_of_law",
            "y": y,
            "w": w,
            "breaks": _hints(hints, bounds),
            **{n: q(x) for n, x in bounds.items()},
        }
        if found := prove(lifted, "bayes_act", proof, message=f"The report {m:.9g} alone has the least expected loss."):
            return found
    return undecided(f"The least expected loss was seen at {m:.9g}.", reason="no theorem applies")


def where_it_turns(f: Expr, a: float, b: float) -> float | None:
    """Where the slope of f changes from negative to positive: far more accurate than where f is least."""
    slope = derivative(f, "v")

    def rises(t: float) -> bool:
        return bool(evaluate([slope], {"v": np.array([t])})[0][0] > 0)

    if rises(a) or not rises(b):
        return None
    for _ in range(100):
        middle = (a + b) / 2
        a, b = (a, middle) if rises(middle) else (middle, b)
    return (a + b) / 2


def _grid(up: bool, rows: list[tuple[Fraction, Fraction]]) -> np.ndarray:
    atoms = np.array([float(a) for a, _ in rows])
    span = max(float(np.ptp(atoms)), 1.0)
    grid = np.concatenate([np.linspace(atoms.min() - span, atoms.max() + span, 4001), atoms])
    return np.unique(grid[grid > 0] if up else grid)


def _hints(hints: list[Any], bounds: dict[str, Fraction]) -> list[Any]:
    """Breakpoints without those that the bounds repeat or that hold one of them."""
    marks = [x for name, x in bounds.items() if name != "point"]
    apart = [h for h in hints if isinstance(h, str) or not any(Fraction(h[0]) <= x <= Fraction(h[1]) for x in marks)]
    return merge([h for h in apart if isinstance(h, list) or Fraction(h) not in marks])


def brackets(
    m: float, value: Any, exact: list[Fraction], grid: np.ndarray, values: np.ndarray
) -> Iterator[dict[str, Fraction]]:
    """Bounds worth trying: the exact point, a breakpoint, or a small interval; alone, and with far parts cut off."""
    near = [x for x in exact if abs(float(x) - m) <= 1e-6 * max(1.0, abs(m))]
    simple = [Fraction(m).limit_denominator(d) for d in (100, 10_000)]
    points = [*near, *(x for x in simple if abs(float(x) - m) <= 1e-7 * max(1.0, abs(m)))]
    half = Fraction(3, 10**8) * max(Fraction(1), abs(Fraction(m)))
    middle = Fraction(m).limit_denominator(10**10)
    pairs = [(x, x) for x in dict.fromkeys(points)] + [(middle - half, middle + half)]
    hill = far_ends(m, grid, values)
    for low, high in pairs:
        yield {"low": low, "high": high, "point": low}
        if hill is not None:
            level = Fraction(m).limit_denominator(500)  # a simple number: its risk is a bound for far parts only
            yield {"low": low, "high": high, "point": level, "left": hill[0], "right": hill[1]}


def far_ends(m: float, grid: np.ndarray, values: np.ndarray) -> tuple[Fraction, Fraction] | None:
    """Where the risk is higher than at its least value and still monotone: the ends of the well around it."""
    rise = np.diff(values)
    i = int(np.searchsorted(grid, m))
    a, b = i - 1, i
    while a > 0 and rise[a - 1] < 0:
        a -= 1
    while b < len(rise) and rise[b] > 0:
        b += 1
    ends = [
        (Fraction(float((grid[j] + 2 * m) / 3)).limit_denominator(1000)) for j in (max(a, 0), min(b, len(grid) - 1))
    ]
    return (ends[0], ends[1]) if ends[0] < m < ends[1] else None
