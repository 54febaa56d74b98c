"""Calibration of any binary loss: find, for every wrong score, a witness that beats it for a whole range of eta."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.binary_risk import Array, Sides, mirrored, points, side_hints, sides, values, variable, weight
from losscheck.engines.breakpoints import Hint, breakpoints, merge, middle
from losscheck.expr.build import add, const, scale, substitute
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.calibrated_convex import reach
from losscheck.verdict import Outcome

Witness = tuple[Fraction, Fraction]
MIRROR: Witness = (Fraction(0), Fraction(-1))
FAR: Witness = (Fraction(2**31), Fraction(0))
"""Stands for the limit at +inf."""
DEPTH, ZERO_WAYS = 5, 6


def witnesses(pair: Sides, name: str, hints: list[Hint]) -> list[Witness]:
    """The mirror image, and constants where some risk with eta >= 1/2 is lowest."""
    z = points(hints)
    one, zero = values(pair, name, z)
    found: dict[Witness, None] = {MIRROR: None}
    tails = [values(pair, name, np.array([t, 10 * t]))[k] for t in (1e8,) for k in (0, 1)]
    if all(np.isfinite(t).all() and abs(t[1] - t[0]) <= 1e-6 for t in tails):
        found[FAR] = None
    for eta in (Fraction(1), Fraction(3, 4), Fraction(9, 16), Fraction(1, 2)):
        c = weight(eta, one, zero)
        c = np.where(np.isfinite(c), c, np.inf)
        for part in (z > 0, z > -np.inf):
            lowest = np.flatnonzero(part & (c <= np.where(part, c, np.inf).min() + 1e-12))
            for k in (lowest[0], lowest[len(lowest) // 2]) if len(lowest) else ():
                for largest in (8, 2**20):
                    found[Fraction(float(z[k])).limit_denominator(largest), Fraction(0)] = None
    found.update(((Fraction(k), Fraction(0)), None) for k in ("1", "1/4", "4"))
    return list(found)


def gap(pair: Sides, name: str, z: Array, w: Witness, eta: Fraction) -> Array:
    """The risk at z minus the risk of the witness."""
    here, there = values(pair, name, z), values(pair, name, float(w[0]) + float(w[1]) * z)
    with np.errstate(invalid="ignore"):
        return np.asarray(weight(eta, *here) - weight(eta, *there))


def regions(
    pair: Sides, name: str, hints: list[Hint], cell: tuple[Fraction, Fraction], loose: bool, strict: bool
) -> list[dict[str, Any]] | None:
    """Intervals of (-inf, 0), each with one witness, greedily from the left; None when some score has no witness.

    ``loose``: the gap may vanish at 0, as that of the mirror image does. ``strict``: at the lower eta of the cell a
    witness may be equal only everywhere (symmetric losses) or at breakpoints; a mere touch is hard to show.
    """
    z = points(hints)
    z = z[z < 0]
    choices = witnesses(pair, name, hints)
    at_cut = np.isin(np.abs(z), [abs(middle(h)) for h in hints])
    good = []
    for w in choices:
        low, high = (gap(pair, name, z, w, eta) for eta in cell)
        slack = 1e-9 * (1 + np.abs(values(pair, name, z)[0]))
        equal = at_cut | bool((np.abs(low) <= slack).all()) | (not strict)
        tiny = np.where(equal, slack, -1e-7)
        near = (z > -1e-6) & (loose and w == MIRROR)  # there rounding hides the gap
        # in the tail a gap must not just be on its way to 0
        least = np.where(z < -1e3, 1e-5, 0 if w == MIRROR and loose else 1e-9)
        good.append(near | ((low >= -tiny) & (high > least)))
    rows: list[dict[str, Any]] = []
    i = 0
    while i < len(z):
        runs = [int(np.argmin(g[i:])) if not g[i:].all() else len(z) - i for g in good]
        k = int(np.argmax(runs))
        if not runs[k]:
            return None
        back = i
        while back > 0 and good[k][back - 1]:
            back -= 1
        rows.append({"index": (max(back, rows[-1]["index"]) + i) // 2 if rows else 0, "witness": choices[k]})
        i += runs[k]
    return [row_of(pair, name, z, rows, j) for j in range(len(rows))]


def row_of(pair: Sides, name: str, z: Array, rows: list[dict[str, Any]], j: int) -> dict[str, Any]:
    """The certificate's row; a boundary lies well inside the overlap of two witnesses, at a simple rational."""
    w = rows[j]["witness"]
    start = None
    if j:
        t = float(z[rows[j]["index"]])
        start = q(Fraction(t).limit_denominator(8 if abs(t) > 1 else 2**20))
    return {"from": start, "witness": written(w), "breaks": gap_hints(pair, name, w)}


def written(w: Witness) -> Any:
    """The witness in a certificate."""
    return "inf" if w == FAR else [q(w[0]), q(w[1])]


def gap_hints(pair: Sides, name: str, w: Witness) -> list[Hint]:
    """Breakpoints of both sides at z and at the witness of z."""
    moved = [substitute([f], {variable(f, name): add(const(w[0]), scale(w[1], variable(f, name)))})[0] for f in pair]
    return merge(h for f in [*pair, *moved] for h in breakpoints(f, name))


def cells(pair: Sides, name: str, zero: Any, within: str, strict: bool) -> list[dict[str, Any]] | None:
    """Cells of eta from 1/2 to 1, halved until every wrong score has a witness; None when that fails."""
    hints = side_hints(pair, name)
    out: list[dict[str, Any]] = []
    todo = [(Fraction(1, 2), Fraction(1), 0)]
    while todo:
        e, top, depth = todo.pop()
        rows = regions(pair, name, hints, (e, top), zero == "slope", strict)
        if rows is not None:
            out.append({"to": q(top), "regions": rows, "zero": zero, "breaks": hints, "reach": within})
        elif depth < DEPTH:
            todo += [((e + top) / 2, top, depth + 1), (e, (e + top) / 2, depth + 1)]
        else:
            return None
    return out


def at_zero(pair: Sides, name: str) -> list[Any]:
    """Ways to treat the score 0: by the slope there, or by a witness for it."""
    best = [w for w in witnesses(pair, name, side_hints(pair, name)) if w != MIRROR]
    return ["slope", *map(written, best)]


def attempt(lifted: Lifted) -> Outcome | None:
    """Prove calibration by comparison, or None."""
    name = lifted.variables[0]
    pair = sides(lifted)
    pairs = [pair] if lifted.kind == "margin" else [pair, mirrored(pair, name)]
    ways = [at_zero(p, name)[:ZERO_WAYS] for p in pairs]
    for zeros, strict in itertools.product(zip(*ways, strict=False), (True, False)):
        parts = [cells(p, name, z, reach(lifted), strict) for p, z in zip(pairs, zeros, strict=True)]
        if any(p is None for p in parts):
            continue
        found = prove(
            lifted, "classification_calibrated", {"rule": "calibrated_by_comparison", "sides": parts},
            message="For every eta each score on the wrong side, 0 included, is beaten by a witness, uniformly.",
        )  # fmt: skip
        if found:
            return found
    return None
