"""Convexity and smoothness of losses of several rows: in all numbers, or in those of the first argument."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.numeric import evaluate
from losscheck.engines.row_points import row_points, rows_of
from losscheck.expr.derivative import derivative
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems import convex_by_curvature, convex_witness, differentiable_by_pieces
from losscheck.theorems.lipschitz_by_gradient import infinite
from losscheck.theorems.rows_bounds import all_charts, on_entries, sliced
from losscheck.verdict import Outcome

SLICES = 3
LARGE = 300
"""Nodes of a loss in which chords are sought."""
SHORT = 50
"""Nodes of a loss along a line on which kinks are sought."""


def convex(lifted: Lifted) -> Outcome | None:
    """Decide convexity in the first argument, or None."""
    message = "Every loss is convex in the first argument by composition, whatever the others are."
    found = on_entries(lifted, "convex", convex_by_curvature.attempt) if rows_of(lifted).real else None
    found = found or prove(lifted, "convex", {"rule": "rows_convex"}, message=message)
    return found or _first(lifted, "convex", convex_witness.attempt, whole=True)


def jointly_convex(lifted: Lifted) -> Outcome | None:
    """Decide convexity in all arguments, or None."""
    if not rows_of(lifted).real:
        return None
    return (
        on_entries(lifted, "jointly_convex", convex_by_curvature.attempt)
        or _first(lifted, "jointly_convex", convex_witness.attempt, whole=True)
        or next(filter(None, (on_entries(lifted, "jointly_convex", _chord, parts) for parts in _mixed(lifted))), None)
    )


def _chord(lifted: Lifted) -> Outcome | None:
    return convex_witness.attempt(lifted)


def _mixed(lifted: Lifted) -> Iterator[list[Any]]:
    """Parts that leave one number of each of two arguments free."""
    floats = rows_of(lifted).floats
    sample = row_points(lifted, count=40)
    for i in (3, 0, 4):
        place = {x: q(float(v[i])) for x, v in sample.items()}
        for a, b in itertools.combinations(floats, 2):
            free = {rows_of(lifted).entries(a)[0], rows_of(lifted).entries(b)[0]}
            yield ["real" if x in free else {"fixed": place[x]} for x in lifted.variables]


def differentiable(lifted: Lifted) -> Outcome | None:
    """Decide differentiability, or None."""
    return on_entries(lifted, "differentiable", differentiable_by_pieces.attempt) or _first(
        lifted, "differentiable", differentiable_by_pieces.refuted, whole=False
    )


def smoothness(lifted: Lifted) -> Outcome | None:
    """The constant of smoothness of a quadratic, or an infinite one, or None."""
    return (
        _quadratic(lifted)
        or _first(
            lifted, "smoothness", lambda slice_: infinite(slice_, None) if _steep(slice_, 2) else None, whole=False
        )
        or _first(lifted, "smoothness", differentiable_by_pieces.refuted, whole=False)
    )


def _quadratic(lifted: Lifted) -> Outcome | None:
    """The largest eigenvalue of constant second derivatives, if it is rational with a rational vector."""
    first = rows_of(lifted).entries(rows_of(lifted).floats[0])
    best: tuple[Fraction, int, list[Fraction]] | None = None
    for y, root in enumerate(lifted.roots):
        rows = [[derivative(derivative(root, a), b) for b in first] for a in first]
        if any(h.op != "const" for row in rows for h in row):
            return None
        values, vectors = np.linalg.eigh(np.array([[float(h.value) for h in row] for row in rows]))
        k = int(np.argmax(np.abs(values)))
        top = Fraction(float(abs(values[k]))).limit_denominator(1000)
        # of an eigenspace one vector, whose numbers are short
        space = vectors[:, np.abs(values - values[k]) < 1e-9]
        along = space @ space[int(np.argmax(np.abs(space).max(axis=1)))]
        vector = [Fraction(float(x)).limit_denominator(1000) for x in along / np.abs(along).max()]
        if best is None or top > best[0]:
            best = (top, y, vector)
    if best is None:
        return None
    top, y, vector = best
    proof = {"rule": "rows_smoothness", "constant": q(top), "label": y, "vector": [q(x) for x in vector]}
    message = f"The loss is quadratic in its first argument, and {top} is the largest absolute eigenvalue there."
    return prove(lifted, "smoothness", proof, message=message)


def no_lipschitz(lifted: Lifted, norm: str) -> Outcome | None:
    """An infinite Lipschitz constant, or None."""
    return _first(lifted, "lipschitz", lambda slice_: infinite(slice_, norm) if _steep(slice_) else None, whole=False)


@np.errstate(all="ignore")
def _steep(lifted: Lifted, order: int = 1) -> bool:
    """Whether the first (second) derivative of a function of one variable seems to be unbounded, in floats."""
    (x,) = lifted.variables
    t = np.array([1e2, 1e4, 1e6])
    found = [derivative(root, x) if order == 1 else derivative(derivative(root, x), x) for root in lifted.roots]
    slopes = [evaluate([root], {x: s * t})[0] for root in found for s in (1, -1)]
    sizes = [np.abs(np.broadcast_to(v, 3)) for v in slopes]
    return any(np.isfinite(v[:2]).all() and (v[2] > 1.2 * v[1] > 1.44 * v[0] or np.isinf(v[2])) for v in sizes)


def _first(lifted: Lifted, prop: str, ask: Any, whole: bool) -> Outcome | None:
    """Ask about slices in which numbers of the first argument are free: all of them, or one."""
    if rows_of(lifted).floats[0].domain != "real":
        return None
    for parts in slices(lifted, whole):
        if sliced(lifted, parts, LARGE if whole else SHORT) is None:
            continue
        if found := on_entries(lifted, prop, ask, parts):
            return found
    return None


def slices(lifted: Lifted, whole: bool) -> Iterator[list[Any]]:
    """Parts that fix all other arguments, at 0 and at a few points; unless whole, all but one number of the first too.

    The rest of the row of that number is 0 at some of them: there lengths are absolute values.
    """
    rows = rows_of(lifted)
    first = rows.entries(rows.floats[0])
    charts = dict(zip(lifted.variables, all_charts(lifted), strict=True))
    if whole and len(first) == len(charts):
        yield list(charts.values())
        return
    sample = row_points(lifted, count=40)
    places = [{x: q(float(v[i])) for x, v in sample.items()} for i in (3, 0, 4, 7, 8)][:SLICES]
    if rows.real:
        places.insert(0, dict.fromkeys(lifted.variables, "0"))
    for place in places:
        if whole:
            yield ["real" if x in first else {"fixed": place[x]} for x in lifted.variables]
            continue
        alone = {x: "0" if x in rows.vectors()[0] else at for x, at in place.items()} if rows.real else place
        for free, fixed in ((first[0], place), (first[-1], place), (first[0], alone)):
            yield ["real" if x == free else {"fixed": fixed[x]} for x in lifted.variables]
